import { decodeEntities, decodeSlackText } from './slack-text.ts';

/** Around the id of a person, channel or group that a message names. Nobody types such a character. */
const [OPEN, CLOSE] = ['\u{e000}', '\u{e001}'];
const MARKS = /[\u{e000}\u{e001}]/gu;
const NAMED = /\u{e000}([@#])([A-Z0-9]+)\u{e001}/gu;

/** So much of a message is kept, in letters: Slack cuts what people write at 4,000 for most, and at 40,000 for all. */
const LONGEST = 8_000;

/**
 * What a message says, as plain words: no signs of formatting, links by their names, emoji as emoji. People and channels that it
 * names stand in it as ids that only {@link readWords} shows, so that they have the name that they have when somebody reads it.
 */
export function saidWords(text: string): string {
  const plain = cutRaw(text)
    .replaceAll('\0', '')
    .replace(MARKS, '')
    .replace(/^(?:&gt;)+ ?/gm, '')
    .split(/(<[^<>]*>)/)
    .map((part, index) => (index % 2 === 0 ? decodeSlackText(part) : meant(part)))
    .join('');
  return cut(
    unformatted(plain)
      .replace(/[^\S\n]+/g, ' ')
      .trim(),
  );
}

/** The same of something that was said, worked out once however many files came with it. */
export function wordsSaid(said: { readonly text: string }): string {
  const known = WORDS.get(said);
  if (known !== undefined) return known;
  const words = saidWords(said.text);
  WORDS.set(said, words);
  return words;
}

const WORDS = new WeakMap<object, string>();

/** Before anything is looked for in it: what lies further behind is not kept anyway. Not in the middle of a link. */
function cutRaw(text: string): string {
  if (text.length <= 2 * LONGEST) return text;
  return `${text
    .slice(0, 2 * LONGEST)
    .replace(/<[^<>]*$/, '')
    .toWellFormed()}…`;
}

/** Not in the middle of what stands for a name. */
function cut(words: string): string {
  if (words.length <= LONGEST) return words;
  return `${words
    .slice(0, LONGEST)
    .replace(/\u{e000}[^\u{e001}]*$/u, '')
    .toWellFormed()}…`;
}

/** What stands between `<` and `>` (docs.slack.dev/messaging/formatting-message-text). */
function meant(whole: string): string {
  const [, target = '', label] = /^<([^|]*)(?:\|(.*))?>$/s.exec(whole) ?? [];
  const shown = label === undefined || label === '' ? null : decodeSlackText(label);
  const [, sign = '', id = ''] = /^([@#])([A-Z0-9]+)$/.exec(target) ?? [];
  if (id !== '') return `${OPEN}${sign}${id}${CLOSE}`;
  if (target.startsWith('!subteam^')) return shown ?? '@group';
  if (target.startsWith('!date^')) return shown ?? '';
  if (target.startsWith('!')) return `@${/^!(\w+)/.exec(target)?.[1] ?? ''}`;
  return shown ?? decodeEntities(target.replace(/^(?:mailto|tel):/i, ''));
}

const BEFORE = '(^|[\\s([{"“‘\'.,;:!?*_~-])';
const AFTER = '(?=$|[\\s)\\]}"”’\'.,;:!?*_~-])';
/** Looked for so far only: each sign may begin something, and a message may be full of signs that nothing ends. */
const BOLD_AND_SUCH = new RegExp(`${BEFORE}([*_~])(?=\\S)([^\\n]{0,200}?\\S)\\2${AFTER}`, 'gmu');

/** Without the signs around bold, slanted, struck out text and code, wherever Slack takes them for such. */
function unformatted(text: string): string {
  if (!SIGNS.test(text)) return text;
  const bare = text.replace(/```\n?([\s\S]*?)```/g, '$1').replace(/`([^`\n]+)`/g, '$1');
  // One inside the other.
  let plain = bare;
  for (let round = 0; round < 3; round++) plain = plain.replace(BOLD_AND_SUCH, '$1$3');
  return plain;
}

const SIGNS = /[*_~`]/;

/** The people and channels that such words name, by their ids. */
export function namedIn(words: string): { people: string[]; channels: string[] } {
  const found = [...words.matchAll(NAMED)];
  const of = (sign: string) => found.filter((one) => one[1] === sign).map(([, , id]) => id as string);
  return { people: of('@'), channels: of('#') };
}

/** The words as a person reads them: with the names that they may know, and "someone" and "a channel" for others. */
export function readWords(
  words: string,
  names: { people: ReadonlyMap<string, string>; channels: ReadonlyMap<string, string> },
): string {
  return words
    .replace(NAMED, (_, sign: string, id: string) =>
      sign === '@' ? `@${names.people.get(id) ?? 'someone'}` : channelIn(names.channels.get(id)),
    )
    .replace(MARKS, '');
}

const channelIn = (name: string | undefined) =>
  name === undefined ? '#a channel' : `#${name.replace(/^#/, '')}`;

/** The words by which it is found: without ids. */
export function soughtIn(words: string): string {
  return words.replace(NAMED, ' ').replace(MARKS, '');
}
