/** The longest things that people may call something, and sentences that are 40 % longer. */

/** Slack takes file names of any length; a computer's file system takes 255. */
const MIXED = 'Übersicht 📊 ملف 报告 *final* <v2> & ';
export const longest = (length: number, end = ''): string =>
  MIXED.repeat(Math.ceil(length / MIXED.length)).slice(0, length - end.length) + end;

export const FILE_NAME = longest(255, '.pdf');
/** docs.slack.dev/reference/methods/conversations.rename: 80 characters. */
export const CHANNEL_NAME = 'a-channel-with-a-very-long-name-'.repeat(3).slice(0, 80);
/** Slack's form for a profile takes 80 characters. */
export const PERSON_NAME = longest(80).replaceAll('\ud83d', '').replaceAll('\udcca', '');

const FILLER = 'and some more words besides ';
/** Not sentences, but what sentences are made of: the sentences are made longer, and these not twice. */
const PARTS = new Set(['count', 'numbers', 'joined', 'either', 'dollars']);

/** The same words, each sentence 40 % longer; also those that a function makes. */
export function longer<T>(words: T, name = ''): T {
  return (PARTS.has(name) ? words : lengthened(words)) as T;
}

function lengthened(words: unknown): unknown {
  if (typeof words === 'string') return words === '' ? '' : words + more(Math.ceil(words.length * 0.4));
  if (typeof words === 'function')
    return (...given: unknown[]) => lengthened((words as (...all: unknown[]) => unknown)(...given));
  if (Array.isArray(words)) return words.map((one) => lengthened(one));
  if (typeof words !== 'object' || words === null || Object.getPrototypeOf(words) !== Object.prototype)
    return words;
  return Object.fromEntries(Object.entries(words).map(([name, value]) => [name, longer(value, name)]));
}

const more = (length: number) => ` ${FILLER.repeat(Math.ceil(length / FILLER.length))}`.slice(0, length + 1);
