/** What stands between words. Digits do too: `budget2026` has the word `budget`. */
const SEPARATORS = [
  ...Array.from({ length: 31 }, (_, i) => String.fromCharCode(i + 1)),
  ...` ._-()[]{}<>,;:+&=#'"!?@/\\|~%$^*\`0123456789`,
];

const literal = (character: string) =>
  character < ' ' ? `char(${character.charCodeAt(0)})` : `'${character.replaceAll("'", "''")}'`;

const gaps = SEPARATORS.reduce(
  (inner, separator) => `replace(${inner}, ${literal(separator)}, char(31))`,
  'new.folded',
);

/** What a trigger of SQLite does for a new file, as in 0005_find.ts: its words go into `find_word`. */
export const FIND_WORDS = `insert into find_word (word)
  select distinct w.value from json_each('["' || replace(${gaps}, char(31), '","') || '"]') w
  where length(w.value) between 3 and 24 on conflict do nothing`;
