import { keepsWords, readsContents } from '../../text-modes.ts';
import type { Vault } from '../context.ts';

/** Whether channels without a setting of their own are searched besides names, for every search alike. */
export function searchedTexts({ policy }: Partial<Pick<Vault, 'policy'>>): {
  contents: boolean;
  said: boolean;
} {
  return { contents: readsContents(policy?.text), said: keepsWords(policy?.text) };
}
