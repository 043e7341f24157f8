import { plainLabel } from './labels.ts';

/** What text is in. Node knows no letters of DOS. */
export interface Decoder {
  readonly encoding: string;
  decode(bytes?: Uint8Array, options?: { stream?: boolean }): string;
}

/** The letters of DOS in Western Europe (code page 850). That of America (437) has the same ones where it has letters. */
export const DOS = 'cp850';
const LABEL = /^(?:cp|ibm|dos-|csibm|windows-)?(?:437|850|858)$|^cspc(?:850multilingual|8codepage437)$/i;
const UPPER = [
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒ',
  'áíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐',
  '└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀',
  'ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0',
].join('');

/** Throws a `RangeError` for an encoding that nobody knows. */
export function decoderOf(label: string): Decoder {
  if (!LABEL.test(label)) return new TextDecoder(plainLabel(label));
  return {
    encoding: DOS,
    decode: (bytes = new Uint8Array()) =>
      Buffer.from(bytes)
        .toString('latin1')
        .replace(/[\x80-\xff]/g, (one) => UPPER[one.charCodeAt(0) - 128] as string),
  };
}

/**
 * In a word, or at its end, where Windows has signs (`„`, `”`, `¤`) or nothing; not those that it may have there (`’`, `–`, `…`, a blank). Behind a capital,
 * those that are no small letters of a Macintosh.
 */
const IN_A_WORD = /(?<=[A-Za-z])[üéä]|(?<=[a-z])[âåçêëèïìöòøíóúñ](?=[a-zßãõ])|(?<=[A-Z])ö(?=[a-zß])/g;

/** How many letters say that a text is in the letters of DOS. */
export function lettersOfDos(bytes: Buffer): number {
  return decoderOf(DOS).decode(bytes).match(IN_A_WORD)?.length ?? 0;
}
