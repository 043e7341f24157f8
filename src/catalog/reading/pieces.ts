import { IN_WORD, UNBROKEN } from './letters.ts';

/** So many letters of a text are folded at once: everybody else waits, and one letter may become 18. */
const PIECE = 1_000;

/** What folding takes away, the half-width signs of Japanese voices among it. */
const MARK = /[\p{M}\p{Default_Ignorable_Code_Point}\uff9e\uff9f]/u;

/**
 * A text in pieces of at most so many letters that have the same words, in their order. Of a word that is longer than a piece, only its
 * beginning is there, as in the index. What is written without gaps goes on in the next piece with its last letter, as each pair of
 * letters counts.
 */
export function* piecesOf(text: string, most: number = PIECE): Generator<string> {
  let from = 0;
  while (text.length - from > most) {
    const [end, next] = cut(text, from, from + most);
    yield text.slice(from, end);
    from = next;
  }
  if (from < text.length) yield text.slice(from);
}

/** Where a piece ends, and where the next one begins. */
function cut(text: string, from: number, last: number): [end: number, next: number] {
  const blank = Math.max(text.lastIndexOf(' ', last - 1), text.lastIndexOf('\n', last - 1));
  if (blank >= from) return [blank + 1, blank + 1];
  // In front of a letter or a gap: marks stay with their letter.
  const end = kindAt(text, last) === 'mark' ? letterBefore(text, last, from) : startOf(text, last);
  if (end <= from) return [last, last];
  const kind = kindAt(text, end);
  const before = letterBefore(text, end, from);
  if (kind === 'gap' || kindAt(text, before) !== kind) return [end, end];
  if (kind === 'unbroken') {
    const isFirst = before === from || kindAt(text, letterBefore(text, before, from)) !== kind;
    return isFirst && before > from ? [before, before] : [end, before];
  }
  let begins = before;
  while (begins > from) {
    const earlier = letterBefore(text, begins, from);
    if (kindAt(text, earlier) !== kind) return [begins, begins];
    begins = earlier;
  }
  return [end, endOfWord(text, end)];
}

type Kind = 'gap' | 'mark' | 'unbroken' | 'letter';

function kindAt(text: string, at: number): Kind {
  const letter = String.fromCodePoint(text.codePointAt(at) ?? 0x20);
  if (!IN_WORD.test(letter)) return 'gap';
  if (MARK.test(letter)) return 'mark';
  return UNBROKEN.test(letter) ? 'unbroken' : 'letter';
}

/** The place of the letter or gap before this place, in front of its marks; `from` when there is none. */
function letterBefore(text: string, at: number, from: number): number {
  let before = at;
  while (before > from) {
    before = startOf(text, before - 1);
    if (kindAt(text, before) !== 'mark') return before;
  }
  return from;
}

/** Where the letter begins that this place is in. */
const startOf = (text: string, at: number) =>
  at > 0 && (text.codePointAt(at - 1) ?? 0) > 0xffff ? at - 1 : at;

function endOfWord(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const kind = kindAt(text, at);
    if (kind === 'gap' || kind === 'unbroken') return at;
    at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  }
  return at;
}
