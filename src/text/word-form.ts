/** `deliveries` is `delivery`, and then what all words lose. */
const PLURAL = /ies$/;
/** Endings of German and English, with what must be left of the word so that it still says something. */
const ENDINGS: readonly (readonly [ending: RegExp, left: number])[] = [
  [/ings?$/, 4],
  [/(?:ern|em|er|ed)$/, 4],
  [/(?:es|en|e|s|n)$/, 3],
];

/**
 * One form for all forms of a word, in German and English: `Verträge`, `Vertrags` and `Vertrag` are one, and so are
 * `delivered` and `delivers`. It takes a folded word. It knows no language and no dictionary: what counts is that the words of a
 * question and those of a text lose the same. Names and numbers may lose an ending too.
 */
export function wordForm(folded: string): string {
  let word = folded.replace(PLURAL, 'y');
  for (;;) {
    const shorter = withoutEnding(word);
    if (shorter === word) return word;
    word = shorter;
  }
}

function withoutEnding(word: string): string {
  for (const [ending, left] of ENDINGS) {
    const rest = word.replace(ending, '');
    if (rest !== word && [...rest].length >= left) return single(rest);
  }
  return word;
}

/** `running` is `run`. */
function single(word: string): string {
  return word.length > 3 ? word.replace(/([bdgmnprt])\1$/, '$1') : word;
}
