import { expect, it } from 'vitest';
import { wordForm } from '../../src/text/word-form.ts';

/** As the words of a text are folded: without accents. */
it.each([
  ['vertrag', 'vertrage', 'vertrages', 'vertragen', 'vertrags'],
  ['haus', 'hauser', 'hausern', 'hauses'],
  ['tag', 'tage', 'tagen', 'tages'],
  ['lieferung', 'lieferungen'],
  ['delivery', 'deliveries'],
  ['deliver', 'delivers', 'delivered'],
  ['run', 'runs', 'running'],
  ['budget', 'budgets'],
  ['apply', 'applies', 'applied', 'applying'],
  ['carry', 'carried', 'carries'],
  ['try', 'tried', 'tries'],
  ['movie', 'movies'],
  ['cookie', 'cookies'],
  ['cancel', 'cancelled', 'canceled', 'cancelling'],
  ['call', 'called', 'calling', 'calls'],
  ['file', 'filed', 'filing', 'files'],
  ['rate', 'rated', 'rating', 'rates'],
  ['add', 'added', 'adding'],
  ['agree', 'agreed', 'agrees', 'agreeing'],
  ['see', 'sees', 'seen'],
  ['programm', 'programme', 'programms', 'programmen'],
  ['schritt', 'schritte', 'schritten'],
  ['batterie', 'batterien'],
  ['mitglied', 'mitglieder', 'mitgliedern', 'mitglieds'],
  ['unterschied', 'unterschiede'],
  ['paradies', 'paradiese'],
  ['dies', 'diese', 'dieses', 'diesem'],
  ['nadel', 'nadeln'],
])('%s and its forms are one', (...forms) => {
  expect(new Set(forms.map(wordForm)).size).toBe(1);
});

it.each([
  ['offer', 'off'],
  ['tag', 'tau'],
  ['14', '15'],
  ['rent', 'rental'],
  ['contract', 'contact'],
  ['string', 'strin'],
  ['thing', 'the'],
  ['need', 'new'],
  ['speed', 'spa'],
  ['train', 'tray'],
  ['plan', 'play'],
])('%s and %s are two', (one, other) => {
  expect(wordForm(one)).not.toBe(wordForm(other));
});

it('a word that has lost all that it can stays', () => {
  for (const word of ['vertrag', 'see', 'es', 'ing', 'deliveries', '2026']) {
    const form = wordForm(word);
    expect(wordForm(form)).toBe(form);
    expect(form).not.toBe('');
  }
});
