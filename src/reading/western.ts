import { DOS, decoderOf } from './dos.ts';

/** Small letters of Western texts: those that are many, and others. */
const [MANY, SOME] = [/[äöüßéèàáåãæçñíóøê]/, /[ëâîïìôòõúûùœ]/];
/** Windows has these for names of its neighbours. */
const OF_NEIGHBOURS = /[šžŠŽ]/;
const CAPITAL = /[ÄÖÜÉÈÊËÀÂÁÅÃÆÇÑÍÎÏÌÓÔÒÕØÚÛÙŒ]/;
/** A word of one letter. */
const WORD = /[èéàáòóÈÉÀ]/;
/** In front of a word, behind one, between two letters, between blanks. */
const [OPENING, CLOSING] = [/[“„‘‚«‹»¿¡]/, /[”’“‘»›«…®™©°²³]/];
const [BETWEEN, ALONE] = [/[’\u00ad]/, /[–—•·«»°€§©…\u00a0]/];
/** What may stand anywhere. */
const ANYWHERE = /[\u00a0–—…•·°™®©§€ªº²³¹«»‹›“”„‘’‚]/;
const LETTER = /\p{L}/u;
const SMALL = /\p{Ll}/u;

/** What a letter beyond ASCII says for a text: much is said against it by what stands in the midst of no word. */
function worthOf(letter: string, before: string, behind: string): number {
  const [follows, leads] = [LETTER.test(before), LETTER.test(behind)];
  if (MANY.test(letter) || SOME.test(letter)) {
    if (!follows && !leads) return WORD.test(letter) ? 0.5 : 0;
    return MANY.test(letter) ? 1 : 0.7;
  }
  if (CAPITAL.test(letter)) return SMALL.test(before) ? -2 : follows || leads || WORD.test(letter) ? 0.5 : 0;
  if (OF_NEIGHBOURS.test(letter)) return SMALL.test(before) && letter < 'š' ? -2 : 0;
  // Nobody's.
  if (letter < '\xa0') return -4;
  if (LETTER.test(letter)) return follows && leads ? -1 : -0.5;
  if (follows && leads) return BETWEEN.test(letter) ? 1 : ANYWHERE.test(letter) ? -0.2 : -2;
  if (follows) return CLOSING.test(letter) ? 1 : ANYWHERE.test(letter) ? 0 : -1;
  if (leads) return OPENING.test(letter) ? 1 : ANYWHERE.test(letter) ? 0 : -1;
  return ALONE.test(letter) ? 0.5 : 0;
}

/** The same in other parts of the world, whose letters are others. */
function worthElsewhere(letter: string, before: string, behind: string): number {
  if (SMALL.test(letter)) return 1;
  if (LETTER.test(letter)) return SMALL.test(before) ? -2 : 0.5;
  return Math.min(0, worthOf(letter, before, behind));
}

/** How well a text reads. */
function worthOfText(text: string, worth: typeof worthOf): number {
  let sum = 0;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] as string;
    if (letter >= '\x80' && !isInRow(text, at))
      sum += worth(letter, text[at - 1] ?? ' ', text[at + 1] ?? ' ');
  }
  return sum;
}

/** Three of a kind are no letters: blanks that break no line, a line below a heading. */
function isInRow(text: string, at: number): boolean {
  const isSame = (by: number) => text[at + by] === text[at];
  return isSame(-1) ? isSame(-2) || isSame(1) : isSame(1) && isSame(2);
}

/** So much better must another read: a single letter may be the `š` of a name. */
const LEAST_BETTER = 1;
/** Of a text of the West, so many of the bytes beyond ASCII read well. */
const MOST = 0.6;

/** What a text of the West is in, and whether it is surely none of `guess`: Windows-1252 unless it reads better as an old Macintosh wrote it, or DOS. */
export function likeliestOfWest(bytes: Buffer, guess: string): { label: string; isSure: boolean } {
  const worthAs = (label: string) => worthOfText(decoderOf(label).decode(bytes), worthOf);
  const [ofWindows, ofMacintosh, ofDos] = [worthAs('windows-1252'), worthAs('macintosh'), worthAs(DOS)];
  const most = Math.max(ofMacintosh, ofDos);
  if (most <= ofWindows + LEAST_BETTER) return { label: 'windows-1252', isSure: false };
  let others = 0;
  for (const byte of bytes) others += Number(byte > 127);
  const isSure = most >= others * MOST && most > worthOfText(decoderOf(guess).decode(bytes), worthElsewhere);
  return { label: ofDos > ofMacintosh ? DOS : 'macintosh', isSure };
}
