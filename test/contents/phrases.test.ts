import { expect, it } from 'vitest';
import { wordsOfPhrases } from '../../src/catalog/reading/pairs.ts';
import { placeOfPhrases } from '../../src/contents/phrases.ts';

const page = (text: string, page: number | null = null) => ({ text, page });
const at = async (texts: string[], ...phrases: string[]) => {
  const parts = texts.map((text, i) => page(text, i + 1));
  const place = await placeOfPhrases(parts, wordsOfPhrases(phrases));
  return place && `${place.part.page}: ${place.part.text.slice(place.at)}`;
};

it('the words of a phrase stand one after the other, in any of their forms, and not only somewhere', async () => {
  const text = 'Days of delivery. We promised: fourteen days, not more.';
  expect(await at([text], 'promise fourteen day')).toBe('1: promised: fourteen days, not more.');
  expect(await at([text], 'fourteen promised')).toBeNull();
  expect(await at([text], 'fourteen more')).toBeNull();
  expect(await at(['GEMÄSS  VERTRÄGEN\nbinnen'], 'gemass vertrag binnen')).toContain('1: GEMÄSS');
  expect(await at(['a a b'], 'a b')).toBe('1: a b');
});

it('on one page, and all phrases of a question, wherever each stands', async () => {
  expect(await at(['we promised', 'fourteen days'], 'promised fourteen')).toBeNull();
  const pages = ['fourteen days', 'the year end'];
  expect(await at(pages, 'year end', 'fourteen days')).toBe('1: fourteen days');
  expect(await at(pages, 'year end', 'fifteen days')).toBeNull();
});

it('in a text without pages, and on a long page, also where one part of it ends and the next begins', async () => {
  for (const number of [null, 7]) {
    const parts = [page('we promised', number), page('fourteen days', number)];
    const place = await placeOfPhrases(parts, wordsOfPhrases(['promised fourteen']));
    expect(place).toEqual({ part: parts[0], at: 3 });
  }
});

it('with signs in a word that nobody sees, as they are written in Persian', async () => {
  expect(await at(['من می\u200cخواهم بروم'], 'میخواهم بروم')).toContain('بروم');
  expect(await at(['من می\u200cخواهم بروم'], 'می\u200cخواهم بروم')).toContain('بروم');
});

it('in scripts without gaps, too', async () => {
  expect(await at(['我们承诺十四天内交货'], '承诺 十四天')).toBeNull();
  expect(await at(['我们承诺 十四天内交货'], '承诺 十四天')).toContain('承诺');
});

it('single words are no phrase, and the search ends when nobody waits for it', async () => {
  expect(wordsOfPhrases(['one', 'two words', ' '])).toEqual([['two', 'word']]);
  const stop = AbortSignal.abort(new Error('enough'));
  await expect(placeOfPhrases([page('two words')], [['two', 'word']], stop)).rejects.toThrow('enough');
});
