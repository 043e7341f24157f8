import type { Part } from '../part.ts';
import { answers } from './answers.ts';
import { events } from './events.ts';

/** Everything that is measured, in the order in which it is shown. */
export const PARTS: readonly Part[] = [answers, events];
