import { type Decoder, DOS, decoderOf } from './dos.ts';
import type { Output } from './output.ts';
import type { Source } from './source.ts';

/**
 * Groups that hold no text of the document: fonts, colours, styles, pictures, what the program knows of itself; a shape again, for
 * old programs.
 */
const HIDDEN =
  /^(?:fonttbl|colortbl|stylesheet|listtable|listoverridetable|rsidtbl|generator|info|pict|object|themedata|colorschememapping|datastore|latentstyles|xmlnstbl|fldinst|shprslt)$/;
/** Groups that a program may leave out, and that have text all the same: notes at the margin. */
const SHOWN = /^(?:annotation|footnote|shptxt)$/;
const NOTES = /^(?:annotation|footnote|shptxt|header[lrf]?|footer[lrf]?)$/;
const LINES = /^(?:par|line|row|nestrow|sect|page|column)$/;
const SIGNS: Record<string, string> = {
  ...{ tab: '\t', cell: '\t', nestcell: '\t', emspace: ' ', enspace: ' ', qmspace: ' ' },
  ...{ emdash: '—', endash: '–', bullet: '•' },
  ...{ lquote: '‘', rquote: '’', ldblquote: '“', rdblquote: '”' },
};

/** A group's end or beginning, a letter by its number (`\'e4`), a word with its number, another sign, text. */
const TOKEN = /([{}])|\\'([0-9a-f]{2})|\\([a-z]{1,32})(-?\d{1,10})? ?|\\([^a-z])|([^{}\\\r\n]+)|[\r\n]/gi;

interface Group {
  isHidden: boolean;
  /** Deleted while changes are tracked. */
  isDeleted: boolean;
  /** Letters that are not shown. */
  isVanished: boolean;
  /** A note at the margin: it stands in the midst of a line. */
  isNote: boolean;
  /** The table of fonts, which says how each writes its letters. */
  isOfFonts: boolean;
  /** How many signs stand behind a `\u` for programs that do not know it. */
  behind: number;
  /** How letters are written here; null: as in the whole document. */
  charset: string | null;
}

/** Around the document there is nothing of it: a byte order mark, line ends. */
const OUTERMOST: Group = {
  ...{ isHidden: true, isDeleted: false, isVanished: false, isNote: false, isOfFonts: false },
  ...{ behind: 1, charset: null },
};

/** Rich text (Microsoft's RTF specification 1.9.1). Reads in pieces that end where a line of the file does. */
export async function readRtf(source: Source, out: Output): Promise<void> {
  let page = 'windows-1252';
  const fonts = new Map<string, string>();
  let font = '';
  let group = OUTERMOST;
  const outer: Group[] = [];
  let skip = 0;
  let bytes: number[] = [];
  let isOptional = false;
  let last = '\n';
  const give = (text: string) => {
    if (group.isHidden || group.isDeleted || group.isVanished) return;
    out.write(text);
    last = text.at(-1) ?? last;
  };
  const giveBytes = () => {
    if (bytes.length > 0) give(decoderFor(group.charset ?? page).decode(Uint8Array.from(bytes)));
    bytes = [];
  };
  // The second byte of a letter of China's or Japan's may stand there as it is (tbluemel/rtf.js#44: Japanese of WordPad's).
  const takeSecond = (text: string) => {
    if (bytes.length === 0 || !isCut(bytes, group.charset ?? page)) return text;
    bytes.push(text.charCodeAt(0));
    return text.slice(1);
  };
  const change = (set: Partial<Group>) => {
    group = { ...group, ...set };
  };
  const close = () => {
    const before = outer.pop() ?? group;
    if (group.isNote && !before.isNote) give('\n');
    group = before;
  };
  const takeWord = (word: string, number: string | undefined) => {
    if (word === 'u' && number !== undefined) {
      give(String.fromCharCode(Number(number) & 0xffff));
      skip = group.behind;
    } else if (word === 'uc') change({ behind: Number(number ?? 1) });
    else if (word === 'deleted') change({ isDeleted: number !== '0' });
    else if (word === 'v') change({ isVanished: number !== '0' });
    else if (word === 'plain') change({ isDeleted: false, isVanished: false });
    else if (word === 'ansicpg') page = `windows-${number}`;
    else if (word === 'pc' || word === 'pca') page = DOS;
    else if (word === 'mac') page = 'macintosh';
    else if (word === 'f' && group.isOfFonts) font = number ?? '';
    else if (word === 'f') change({ charset: fonts.get(number ?? '') ?? null });
    else if (word === 'fcharset' && CHARSETS[number ?? ''] !== undefined)
      fonts.set(font, CHARSETS[number ?? ''] as string);
    else if (NOTES.test(word)) {
      // A shape's group is hidden, but for its words.
      if (word === 'shptxt') change({ isHidden: false });
      if (last !== '\n') give('\n');
      change({ isNote: true });
    } else if (HIDDEN.test(word)) change({ isHidden: true, isOfFonts: word === 'fonttbl' });
    else if (LINES.test(word)) give('\n');
    else if (Object.hasOwn(SIGNS, word)) give(SIGNS[word] as string);
  };
  const take = ([, brace, hex, word, number, sign, all]: RegExpMatchArray) => {
    if (hex !== undefined) {
      if (skip > 0) skip -= 1;
      else bytes.push(Number.parseInt(hex, 16));
      return;
    }
    // The file's own line ends mean nothing.
    if ([brace, word, sign, all].every((one) => one === undefined)) return;
    const isSecond = sign !== undefined && ESCAPED.includes(sign) && takeSecond(sign) === '';
    const text = all === undefined ? undefined : takeSecond(all);
    giveBytes();
    if (isSecond) return;
    if (isOptional && (word === undefined || !SHOWN.test(word))) change({ isHidden: true });
    // `\*` begins a group that a program may leave out; its name follows.
    isOptional = sign === '*';
    if (brace === '{') {
      outer.push(group);
      if (outer.length === 1) change({ isHidden: false });
    } else if (brace === '}') close();
    else if (text !== undefined) {
      give(text.slice(skip));
      skip = Math.max(0, skip - text.length);
    } else if (sign === '~') give(' ');
    else if (sign === '_') give('-');
    // A line's end behind a backslash is a paragraph's: TextEdit writes it so.
    else if (sign === '\n' || sign === '\r') give('\n');
    else if (sign !== undefined && ESCAPED.includes(sign)) give(sign);
    else if (word !== undefined) takeWord(word, number);
  };
  let at = 0;
  for await (const piece of lines(source)) {
    for (const token of tokens(piece, at)) {
      take(token);
      at = endOf(token);
    }
    at = Math.max(0, at - piece.length);
  }
  giveBytes();
}

/** Signs that mean something else without a backslash. */
const ESCAPED = '\\{}';

function* tokens(piece: string, from: number): Generator<RegExpExecArray> {
  for (let at = from; at < piece.length; ) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(piece);
    if (token === null) return;
    yield token;
    at = endOf(token);
  }
}

/** Behind `\bin` stand so many bytes that may look like anything. */
function endOf({ index, 0: token, 3: word, 4: number }: RegExpExecArray): number {
  const bytes = word === 'bin' ? Number(number ?? 0) : 0;
  return index + token.length + Math.max(0, bytes);
}

/** How a font of this kind writes its letters where it names them by number (`\fcharset`). */
const CHARSETS: Record<string, string> = {
  ...{ 77: 'macintosh', 255: DOS },
  ...{ 128: 'shift_jis', 129: 'euc-kr', 134: 'gb18030', 136: 'big5', 161: 'windows-1253' },
  ...{ 162: 'windows-1254', 163: 'windows-1258', 177: 'windows-1255', 178: 'windows-1256' },
  ...{ 186: 'windows-1257', 204: 'windows-1251', 222: 'windows-874', 238: 'windows-1250' },
};

const decoders = new Map<string, Decoder>();

function decoderFor(page: string): Decoder {
  const made = decoders.get(page) ?? newDecoder(page);
  decoders.set(page, made);
  return made;
}

function newDecoder(page: string): Decoder {
  try {
    return decoderOf(page);
  } catch {
    return decoderOf('windows-1252');
  }
}

/** China's, Japan's and Korea's, as Node or Windows calls them. */
const TWO_BYTES = /^(?:shift_jis|euc-kr|gb18030|big5|windows-9(?:32|36|49|50))$/;

/** Whether the first half of a letter stands at the end. */
function isCut(bytes: number[], page: string): boolean {
  if (!TWO_BYTES.test(page)) return false;
  const decoder = decoderFor(page);
  decoder.decode(Uint8Array.from(bytes), { stream: true });
  return decoder.decode() !== '';
}

/** Longer lines are cut: a picture may be one line. */
const LONGEST = 1_048_576;

async function* lines(source: Source): AsyncGenerator<string> {
  let held = '';
  for await (const chunk of source.stream()) {
    held += (chunk as Buffer).toString('latin1');
    const end = held.length > LONGEST ? held.length : held.lastIndexOf('\n') + 1;
    yield held.slice(0, end);
    held = held.slice(end);
  }
  yield held;
}
