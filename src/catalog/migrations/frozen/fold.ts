import emoji from './slack-emoji-16.json' with { type: 'json' };

/** Names as they are searched, by the rules that were in force when migration 0015 was released. */
export function foldFile(file: { name: string | null; title: string | null }): string {
  return `${lineOf(file.name)}\n${lineOf(file.title)}\n`;
}

/** A name or title as Slack writes it, as people see it. */
export function decodeSlackText(text: string): string {
  return withEmoji(text.replace(/&(amp|lt|gt);/g, (whole, name: string) => ESCAPED[name] ?? whole));
}

const EMOJI: ReadonlyMap<string, string> = new Map(Object.entries(emoji));
const SHORTCODE = /:([a-z0-9_+-]{1,64}):(?::skin-tone-([2-6]):)?/y;
const ESCAPES = /&(?:amp;)*(amp|lt|gt);/g;
const ESCAPED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>' };
const SIGNS: ReadonlyArray<[RegExp, string]> = [
  [/(?![\u{e0020}-\u{e007f}])\p{Default_Ignorable_Code_Point}/gu, ''],
  [/[’‘ʼ‛′‵´`ʹʻʽˈˊˋ‹›׳＇]/gu, "'"],
  [/[“”„‟«»″‶〝〞〟❝❞ˮ״＂]/gu, '"'],
  [/[‐‑‒–—―−⁃⸺⸻﹘﹣－֊־]/gu, '-'],
  [/-{2,}/g, '-'],
  [/\s+/gu, ' '],
];
const LETTERS: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', ł: 'l', ı: 'i', þ: 'th', ħ: 'h', ŧ: 't', ŋ: 'n' },
  ...{ ĸ: 'k', ƒ: 'f', ɨ: 'i', ƀ: 'b', ǥ: 'g', ƶ: 'z', ƚ: 'l', ɏ: 'y', ɍ: 'r', ɉ: 'j', ɇ: 'e', ȼ: 'c' },
  ς: 'σ',
};
const LETTER = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'gu');
const ROUNDS = 4;

function lineOf(text: string | null): string {
  let folded = text ?? '';
  for (let round = 0; round < ROUNDS; round++) {
    const before = folded;
    folded = plain(before)
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .replace(LETTER, (letter) => LETTERS[letter] ?? letter)
      .normalize('NFC');
    if (folded === before) break;
  }
  return folded.replace(/\0/g, ' ').trim();
}

function plain(text: string): string {
  const unescaped = text.replace(ESCAPES, (whole, name: string) => ESCAPED[name] ?? whole);
  return SIGNS.reduce((signs, [from, to]) => signs.replace(from, to), withEmoji(unescaped));
}

function withEmoji(text: string): string {
  let decoded = '';
  let at = 0;
  for (let colon = text.indexOf(':'); colon >= 0; colon = text.indexOf(':', at)) {
    SHORTCODE.lastIndex = colon;
    const [whole = '', name = '', tone] = SHORTCODE.exec(text) ?? [];
    const end = colon + whole.length;
    const before = text.slice(Math.max(0, colon - 3), colon);
    const after = text.slice(end, end + 1);
    const isPart =
      (/\d$/.test(before) && /\d/.test(after)) ||
      (/(?<![\p{L}\p{N}])[A-Z]$/u.test(before) && /\w/.test(after));
    const sign = isPart ? undefined : EMOJI.get(name);
    decoded += text.slice(at, colon) + (sign === undefined ? ':' : withTone(sign, tone));
    at = sign === undefined ? colon + 1 : end;
  }
  return decoded + text.slice(at);
}

function withTone(sign: string, tone: string | undefined): string {
  if (tone === undefined) return sign;
  const [first = '', ...rest] = sign;
  const colour = String.fromCodePoint(0x1f3f9 + Number(tone));
  if (!/^\p{Emoji_Modifier_Base}$/u.test(first)) return sign + colour;
  return [first, colour, ...(rest[0] === '\u{fe0f}' ? rest.slice(1) : rest)].join('');
}
