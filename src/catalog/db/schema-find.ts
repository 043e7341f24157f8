import type { Generated } from 'kysely';

/**
 * Words of three to 24 letters from names and titles, each once, kept by triggers. Mistyped words are compared with
 * them. A word stays when its last file goes; this list is never shown to anybody.
 */
export interface FindWordTable {
  id: Generated<number>;
  word: string;
}
