import { decodeSlackText } from './slack-text.ts';

/** What phones, word processors and other keyboards write instead of a plain sign. */
const SIGNS: ReadonlyArray<[RegExp, string]> = [
  // Marks of direction, joiners, soft hyphens: nobody sees or types them. Tags stay: they are part of some flags.
  [/(?![\u{e0020}-\u{e007f}])\p{Default_Ignorable_Code_Point}/gu, ''],
  [/[’‘ʼ‛′‵´`ʹʻʽˈˊˋ‹›׳＇]/gu, "'"],
  [/[“”„‟«»″‶〝〞〟❝❞ˮ״＂]/gu, '"'],
  [/[‐‑‒–—―−⁃⸺⸻﹘﹣－֊־]/gu, '-'],
  [/-{2,}/g, '-'],
  [/\s+/gu, ' '],
];

/** Slack's escapes, even if escaped several times: a person who searches means the sign itself. */
const ESCAPES = /&(?:amp;)*(amp|lt|gt);/g;

/**
 * The same text with plain signs: `’` as `'`, `“` as `"`, every dash (and `--`, which phones turn into one) as `-`, any
 * space as one space, short names as emoji, invisible signs removed. Upper and lower case and accents stay.
 */
export function plainSigns(text: string): string {
  const decoded = decodeSlackText(text.replace(ESCAPES, '&$1;'));
  return SIGNS.reduce((plain, [signs, sign]) => plain.replace(signs, sign), decoded);
}
