/**
 * Letters, digits and the marks on them, and signs that nobody sees: those are no end of a word (in Persian one stands within many).
 * Without the vowel signs of New Tai Lue and two of the Vedas', which were no letters in the Unicode that SQLite's FTS5 knows (6.1,
 * fts5_unicode2.c), so that it would end a word there.
 */
export const IN_WORD = /[[\p{L}\p{N}\p{M}\p{Default_Ignorable_Code_Point}]--[\u19b0-\u19c9\u1cf2\u1cf3]]/v;

/** Of scripts that put no gaps between words. */
export const UNBROKEN =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
