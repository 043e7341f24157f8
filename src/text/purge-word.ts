import { plainSigns } from './signs.ts';

/** What may be typed in the place of the file's name before it is removed for good. */
const PURGE_WORD = 'DELETE';

/** Whether what was typed means yes: the file's name (in plain signs, too), or the word. */
export function isPurgeWord(typed: string, name: string): boolean {
  const clean = (text: string) => plainSigns(text.toWellFormed()).normalize('NFC').trim();
  const said = clean(typed);
  return said.toUpperCase() === PURGE_WORD || (said !== '' && said === clean(name));
}
