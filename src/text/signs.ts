import { decodeSlackText } from './slack-text.ts';

/** What phones, word processors and other keyboards write for one plain sign of the keyboard. */
const SIGNS: ReadonlyArray<[RegExp, string]> = [
  // Marks of direction, joiners, soft hyphens: nobody sees or types them. Tags stay, which tell flags of countries apart.
  [/(?![\u{e0020}-\u{e007f}])\p{Default_Ignorable_Code_Point}/gu, ''],
  [/[’‘ʼ‛′‵´`ʹʻʽˈˊˋ‹›׳＇]/gu, "'"],
  [/[“”„‟«»″‶〝〞〟❝❞ˮ״＂]/gu, '"'],
  [/[‐‑‒–—―−⁃⸺⸻﹘﹣－֊־]/gu, '-'],
  [/-{2,}/g, '-'],
  [/\s+/gu, ' '],
];

/** Slack's escapes however often they were put over one another: who searches means the sign itself. */
const ESCAPES = /&(?:amp;)*(amp|lt|gt);/g;

/**
 * The same text with plain signs: `’` as `'`, `“` as `"`, every dash (and `--`, which phones turn into one) as `-`, one
 * space for any, emoji for their short names, nothing for what cannot be seen. Upper and lower case and accents stay.
 */
export function plainSigns(text: string): string {
  const decoded = decodeSlackText(text.replace(ESCAPES, '&$1;'));
  return SIGNS.reduce((plain, [signs, sign]) => plain.replace(signs, sign), decoded);
}
