import { plainSigns } from './signs.ts';

/** The word that may be typed instead of the file's name before it is removed for good. */
const PURGE_WORD = 'DELETE';

/** Whether the typed text means yes: the file's name (plain signs are enough), or the word. */
export function isPurgeWord(typed: string, name: string): boolean {
  const clean = (text: string) => plainSigns(text.toWellFormed()).normalize('NFC').trim();
  const said = clean(typed);
  return said.toUpperCase() === PURGE_WORD || (said !== '' && said === clean(name));
}
