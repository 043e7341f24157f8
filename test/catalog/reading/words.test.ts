import { expect, it } from 'vitest';
import { searchedWords } from '../../../src/catalog/reading/words.ts';

it.each([
  ['Acme™ Produkte', ['acm', 'produkt']],
  ['№5, 20 ℃ und 3 ㎏', ['5', '20', 'und', '3']],
  ['café Öl', ['caf', 'ol']],
  ['a+b $5 ~x', ['a', 'b', '5', 'x']],
])('%s has the words of its letters and digits alone', (text, words) => {
  expect([...searchedWords(text)]).toEqual(words);
});
