import type { Check } from '../check.ts';
import { bot } from './bot.ts';
import { bucket } from './bucket.ts';
import { connection } from './connection.ts';
import { files } from './files.ts';
import { limits } from './limits.ts';
import { links } from './links.ts';
import { messages } from './messages.ts';
import { people } from './people.ts';

/** All checks, in the order in which they run. */
export const CHECKS: readonly Check[] = [
  ...connection,
  ...messages,
  ...files,
  ...bucket,
  ...links,
  ...limits,
  ...people,
  ...bot,
];
