import type { Held } from '../postings/look-up.ts';
import type { Candidates } from './candidates.ts';
import type { WordCondition } from './word-condition.ts';

/** What is learnt while one question is answered: its page, its trash and its number of files ask the indexes the same. */
export interface Known {
  /** Candidates, by what they have. */
  candidates: Map<string, Candidates>;
  /** The words that are near a mistyped one. */
  near: Map<string, string[]>;
  /** Files by what was said with them, by what that is and where. */
  said: Map<string, { files: Candidates; isFound: WordCondition }>;
  /** Documents, by what they have. */
  held: Map<string, Held>;
}

export const nothingKnown = (): Known => ({
  candidates: new Map(),
  near: new Map(),
  said: new Map(),
  held: new Map(),
});
