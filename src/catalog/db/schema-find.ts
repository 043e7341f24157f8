import type { Generated } from 'kysely';

/**
 * Words of three to 24 letters that occur in names and titles, each once, kept by triggers. What was mistyped is
 * compared with them. A word stays when its last file goes; nobody is ever shown this list.
 */
export interface FindWordTable {
  id: Generated<number>;
  word: string;
}
