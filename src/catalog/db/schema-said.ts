import type { Generated } from 'kysely';

/** What was said with a file in one message; see files/said.ts. The words are plain (text/said-words.ts). */
export interface SaidTable {
  id: Generated<number>;
  teamId: string;
  fileId: string;
  channelId: string;
  ts: string;
  author: string | null;
  words: string;
  /** When the message was last changed, by Slack's clock (ms): of two tellings, the later one counts. */
  at: number;
  /** The first message of the thread; null where the message is the first itself, or none. */
  threadTs: string | null;
  rootAuthor: string | null;
  rootWords: string | null;
  rootAt: number | null;
}
