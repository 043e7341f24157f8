import type { Part } from '../part.ts';
import { answers, answersLarge } from './answers.ts';
import { capture } from './capture.ts';
import { channels } from './channels.ts';
import { cost } from './cost.ts';
import { events } from './events.ts';
import { imports } from './import.ts';
import { memory } from './memory.ts';
import { processes } from './processes.ts';
import { search, searchLarge } from './search.ts';
import { small } from './small.ts';
import { start } from './start.ts';

/** Everything that is measured, in the order in which it is shown. */
export const PARTS: readonly Part[] = [
  capture,
  memory,
  small,
  answers,
  answersLarge,
  search,
  searchLarge,
  events,
  processes,
  imports,
  cost,
  channels,
  start,
];
