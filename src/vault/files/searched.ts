import { keepsWords, readsContents } from '../../text-modes.ts';
import type { Vault } from '../context.ts';

/** Where people here look for words besides names, for every search alike. */
export function searchedTexts({ policy }: Partial<Pick<Vault, 'policy'>>): {
  contents: boolean;
  said: boolean;
} {
  return { contents: readsContents(policy?.text), said: keepsWords(policy?.text) };
}
