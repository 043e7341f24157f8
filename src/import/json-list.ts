import type { Archive, ArchiveEntry } from './archive.ts';
import { chunksOf } from './entry-chunks.ts';
import { ImportError } from './errors.ts';

/** No real message, channel or person is larger. It is held in memory while it is read. */
const MOST_OBJECT_BYTES = 16 * 1024 * 1024;
/** No key is longer, and no name of a channel. */
const MOST_WORD_BYTES = 1_024;

const [QUOTE, BACKSLASH, OPEN, CLOSE, OPEN_LIST, CLOSE_LIST, COMMA, COLON] = [...'"\\{}[],:'].map((one) =>
  one.charCodeAt(0),
);

type JsonObject = Record<string, unknown>;

/**
 * Where the objects are: in one list; one after the other, as in JSON Lines; or in the list that an object has under a key.
 */
export type Form = 'list' | 'lines' | { key: string };

/**
 * The objects in a file of an archive, one after the other, so that a list of any length needs no memory. Other things in the list
 * are left out. A name that ends in `.gz` is unpacked. `texts` takes the texts of the object around the list, as far as
 * they were read. Throws `ImportError` when the bytes are damaged or an object is too large, and `SyntaxError` when they
 * are not of this form. (A parser for streams, such as stream-json, makes an event of every value and takes ten times as
 * long; here only the ends of objects are looked for, and `JSON.parse` reads each of them.)
 */
export async function* objectsIn(
  archive: Archive,
  entry: ArchiveEntry,
  form: Form = 'list',
  texts: Record<string, string> = {},
): AsyncGenerator<JsonObject> {
  const noList = () => new SyntaxError(`${entry.path} is not the JSON that it should be.`);
  const key = typeof form === 'object' ? form.key : undefined;
  const root = form === 'list' ? OPEN_LIST : OPEN;
  /** How deep the objects are. */
  const base = form === 'list' ? 1 : form === 'lines' ? 0 : 2;
  const words = wordsOf(texts);
  let isInside = key === undefined;
  let depth = 0;
  let isInString = false;
  let isEscaped = false;
  let isOver = form === 'lines';
  /** The parts of the object that is being read; empty between objects. */
  let parts: Buffer[] = [];
  let held = 0;
  for await (const bytes of chunksOf(archive, entry)) {
    let begin = isInside && depth > base ? 0 : -1;
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i] as number;
      if (isInString) {
        if (depth === 1 && key !== undefined) words.byte(byte);
        if (isEscaped) isEscaped = false;
        else if (byte === BACKSLASH) isEscaped = true;
        else if (byte === QUOTE) {
          isInString = false;
          if (depth === 1 && key !== undefined) words.end();
        }
        continue;
      }
      if (byte === QUOTE) {
        if (depth === 0) throw noList();
        isInString = true;
      } else if (byte === OPEN || byte === OPEN_LIST) {
        if (depth === 0 && (byte !== root || (isOver && form !== 'lines'))) throw noList();
        if (depth === 1 && key !== undefined) isInside = byte === OPEN_LIST && words.key() === key;
        depth += 1;
        if (isInside && depth === base + 1 && byte === OPEN) begin = i;
      } else if (byte === CLOSE || byte === CLOSE_LIST) {
        depth -= 1;
        if (depth < 0) throw noList();
        if (depth === 0) isOver = true;
        if (isInside && depth === base && (begin >= 0 || held > 0)) {
          const text = Buffer.concat([...parts, bytes.subarray(Math.max(0, begin), i + 1)]).toString('utf8');
          [parts, held, begin] = [[], 0, -1];
          if (byte === CLOSE) yield JSON.parse(text) as JsonObject;
        }
        if (key !== undefined && depth === 1) isInside = false;
      } else if (depth === 0) {
        if (!isBlank(byte)) throw noList();
      } else if (depth === 1 && byte === COLON) words.colon();
      else if (byte === COMMA && depth === base) begin = -1;
      else if (byte === COMMA && depth === 1) words.key();
    }
    if (isInside && depth > base && begin >= 0) {
      parts.push(bytes.subarray(begin));
      held += bytes.length - begin;
      if (held > MOST_OBJECT_BYTES)
        throw new ImportError('entry_too_large', `An object in ${entry.path} is larger than any real one.`);
    }
  }
  if (!isOver || depth > 0 || isInString) throw noList();
}

/** Reads the keys of the outermost object, and the short texts that it has under them. */
function wordsOf(texts: Record<string, string>) {
  let word: number[] = [];
  let last = '';
  let key: string | undefined;
  return {
    byte(byte: number) {
      if (word.length < MOST_WORD_BYTES) word.push(byte);
    },
    end() {
      try {
        last = JSON.parse(`"${Buffer.from(word).toString('utf8')}`) as string;
      } catch {
        // Too long for a key or a name.
        last = '';
      }
      word = [];
      if (key !== undefined && last !== '') texts[key] = last;
      key = undefined;
    },
    colon() {
      key = last;
    },
    /** The key whose value begins here. */
    key() {
      const now = key;
      key = undefined;
      return now;
    },
  };
}

/** White space, or a part of a byte order mark. */
function isBlank(byte: number): boolean {
  return byte <= 0x20 || byte === 0xef || byte === 0xbb || byte === 0xbf;
}
