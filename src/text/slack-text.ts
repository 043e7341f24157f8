import emoji from './slack-emoji-16.json' with { type: 'json' };

/**
 * The table is made from `emoji-datasource` (github.com/iamcal/emoji-data, MIT, by Cal Henderson), the source of
 * Slack's own short names: `:headphones:`, `:flag-de:`, `:de:`. With its pictures that library has 28 MB, and the
 * others with these names are as large (`emojibase-data` 49 MB, `@emoji-mart/data` 27 MB); the small ones
 * (`node-emoji`, `gemoji`) have GitHub's names, which differ. So the library is only for development, and a test
 * compares the table with it. Migrations have their own copy, which never changes.
 */
const EMOJI: ReadonlyMap<string, string> = new Map(Object.entries(emoji));

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>' };

/**
 * Turns a name or title from Slack's JSON into what people see: `&amp; &lt; &gt;` (Slack escapes these three and no
 * others: docs.slack.dev/messaging/formatting-message-text), then short names such as `:tada:`. Call it only once
 * for a text: decoded text may still look encoded.
 */
export function decodeSlackText(text: string): string {
  return decodeShortcodes(decodeEntities(text));
}

/** `&amp;`, `&lt;` and `&gt;` as characters, decoded only once: `&amp;lt;` becomes `&lt;`. */
export function decodeEntities(text: string): string {
  return text.replace(/&(amp|lt|gt);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}

const SHORTCODE = /:([a-z0-9_+-]{1,64}):(?::skin-tone-([2-6]):)?/y;

/**
 * `:tada:` as 🎉, also with a skin tone (`:wave::skin-tone-3:`). Names that Slack does not know stay as typed, and
 * so do the time in `10:100:45` and the path in `C:key:door`. Decoded text does not change.
 */
export function decodeShortcodes(text: string): string {
  let decoded = '';
  let at = 0;
  for (let colon = text.indexOf(':'); colon >= 0; colon = text.indexOf(':', at)) {
    SHORTCODE.lastIndex = colon;
    const [whole = '', name = '', tone] = SHORTCODE.exec(text) ?? [];
    const end = colon + whole.length;
    const isTyped = isPartOfWord(text, colon, end);
    const sign = isTyped ? undefined : EMOJI.get(name);
    // Its tone stays with it: else it would be an emoji the next time.
    const rest = isTyped && tone !== undefined ? end : colon + 1;
    decoded += text.slice(at, colon) + (sign === undefined ? text.slice(colon, rest) : withTone(sign, tone));
    at = sign === undefined ? rest : end;
  }
  return decoded + text.slice(at);
}

/** Emoji can be in the middle of a name (`party:tada:time.png`), but not in a time or after a drive's letter. */
function isPartOfWord(text: string, start: number, end: number): boolean {
  const before = text.slice(Math.max(0, start - 3), start);
  const after = text.slice(end, end + 1);
  return (
    (/\d$/.test(before) && /\d/.test(after)) || (/(?<![\p{L}\p{N}])[A-Z]$/u.test(before) && /\w/.test(after))
  );
}

/** Puts the tone after the first sign; it replaces the mark that asks for a coloured picture. */
function withTone(sign: string, tone: string | undefined): string {
  if (tone === undefined) return sign;
  const [first = '', ...rest] = sign;
  const colour = String.fromCodePoint(0x1f3f9 + Number(tone));
  if (!/^\p{Emoji_Modifier_Base}$/u.test(first)) return sign + colour;
  return [first, colour, ...(rest[0] === '\u{fe0f}' ? rest.slice(1) : rest)].join('');
}
