import { decoded } from './encoding.ts';
import { readJson } from './json.ts';
import type { Output } from './output.ts';
import { readPlain } from './plain.ts';
import type { Source } from './source.ts';

/** A longer one is read as it stands. In bytes. */
const MOST_BYTES = 32 * 1024 ** 2;
/** Slack's own lists are ten levels deep. */
const DEEPEST = 64;

/**
 * A list of Slack's: what its columns are called, and a line for each row. Slack gives it as a table with commas, or as JSON, whose
 * form it does not describe; what its methods answer about lists is known (docs.slack.dev/reference/methods/slackLists.items.list;
 * ListRecord of slackapi/java-slack-sdk). So all values are taken, but for those that only programs read.
 */
export async function readList(source: Source, out: Output): Promise<void> {
  const list = source.bytes > MOST_BYTES ? undefined : await parsed(source);
  if (list !== undefined) return writeList(list, out);
  const beginning = (await source.read(0, 64)).toString('latin1').replace(/^\xef\xbb\xbf/, '');
  return /^\s*[{[]/.test(beginning) ? readJson(source, out) : readPlain(source, out);
}

/** Undefined for what is no JSON. */
async function parsed(source: Source): Promise<object | undefined> {
  const pieces: string[] = [];
  for await (const piece of decoded(source.stream())) pieces.push(piece);
  try {
    const value: unknown = JSON.parse(pieces.join('').replace(/^\ufeff/, ''));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Names of what programs read: numbers of things, times, who did it, kinds, colours, places where a file lies. */
const FOR_PROGRAMS =
  /(?:^|_)(?:ids?|ts|timestamp|by|created|updated|key|type|format|color|style|positions?|refs)$|^(?:user|channel|attachment|saved|cursor|mode)$|^(?:url_|thumb_|permalink)/;
/**
 * What they read is one word without capitals, a number of Slack's, a moment or an address; what people wrote may stand under the same name, as cells may
 * be named as their columns are.
 */
const PROGRAMS_WORD =
  /^(?:[a-z0-9_.:+-]*|(?:Col|Rec|Opt|View)\w*\d\w*|\d[\dTZ.:+-]*|#[0-9a-fA-F]{3,8}|[\w.:-]*[/?&=%][\w.:/?&=%-]*)$/;
/** A person, a channel, a file, a column, a row, a choice. */
const NUMBER_OF_SLACK = /^(?:[UWCFTBDG]0[A-Z0-9]{6,}|(?:Col|Rec|Opt)[A-Z0-9]{6,})$/;

function writeList(list: object, out: Output): void {
  const labels = labelsIn(list);
  let row = new Set<string>();
  const write = (value: string | number, name: string) => {
    const words = labels.get(String(value)) ?? String(value);
    if (words === '' || NUMBER_OF_SLACK.test(words)) return;
    if (FOR_PROGRAMS.test(name) && PROGRAMS_WORD.test(words)) return;
    // A cell has its text again with its form.
    if (row.has(words)) return;
    row.add(words);
    out.write(`${words}\t`);
  };
  const walk = (value: unknown, name: string, { depth, arrays }: { depth: number; arrays: number }): void => {
    if (typeof value === 'string' || typeof value === 'number') write(value, name);
    if (typeof value !== 'object' || value === null || depth > DEEPEST) return;
    const isArray = Array.isArray(value);
    const within = { depth: depth + 1, arrays: arrays + Number(isArray) };
    for (const [key, one] of Object.entries(value)) {
      walk(one, isArray ? name : key, within);
      // An entry of the outermost list is a column, or a row.
      if (!isArray || arrays > 0 || typeof one !== 'object') continue;
      out.write('\n');
      row = new Set();
    }
  };
  walk(list, '', { depth: 0, arrays: 0 });
}

/** What a choice is called, by its number. */
function labelsIn(list: object): Map<string, string> {
  const labels = new Map<string, string>();
  const left: { value: object; depth: number }[] = [{ value: list, depth: 0 }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { value, label } = next.value as { value?: unknown; label?: unknown };
    if (typeof value === 'string' && typeof label === 'string') labels.set(value, label);
    if (next.depth < DEEPEST)
      for (const one of Object.values(next.value))
        if (typeof one === 'object' && one !== null) left.push({ value: one, depth: next.depth + 1 });
  }
  return labels;
}
