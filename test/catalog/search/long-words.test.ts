import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import type { ListFilter } from '../../../src/catalog/model.ts';
import { findFiles } from '../../../src/catalog/search/find.ts';
import { nothingKnown } from '../../../src/catalog/search/known.ts';
import { PACE, type Pace } from '../../../src/catalog/search/spans.ts';
import { RANK } from '../../../src/text/match-rank.ts';
import { databases } from '../databases.ts';
import { found, T0, TEAM } from '../samples.ts';

const NAMES = [
  'invoice-2024-00123.pdf',
  'invoice-2024-00124.pdf',
  'inv oic e.pdf',
  'rep_ort_ing 2024.pdf',
  'reporting.pdf',
  'Überweisungsbeleg_50%_2024.pdf',
  'überweisungsbeleg_50x_2024.pdf',
  'Angebot 50%',
  'Angebot 50% netto',
  '20240517_123456.jpg',
  '20240517_654321.jpg',
  'a (port) b.txt',
  'a [port] b.txt',
  'sport.txt',
  'a part b.txt',
];

/** PostgreSQL’s index is asked for long words with digits alone: the rest is compared. */
describe.each(databases)('long words on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
    const files = NAMES.map((name, i) => found(`F${i}`, 'C1', T0 - i, { name, title: null }));
    await recordShares(catalog, TEAM, files, T0);
  });
  afterAll(() => catalog.close());

  const find = async (filter: ListFilter, known = nothingKnown()) => {
    const viewer = { teamId: TEAM, channelIds: ['C1'] };
    const { files } = await findFiles(catalog, { viewer, filter, limit: 20, known });
    return files.filter(({ rank }) => rank !== RANK.similar).map(({ name }) => name);
  };

  it.each<[string, string[]]>([
    ['invoice', ['invoice-2024-00123.pdf', 'invoice-2024-00124.pdf']],
    ['invoice-2024-00124.pdf', ['invoice-2024-00124.pdf']],
    ['pdf invoice-2024-00124', ['invoice-2024-00124.pdf']],
    ['jpg invoice-2024-00124', []],
    ['reporting', ['reporting.pdf']],
    ['überweisungsbeleg_50%_2024', ['Überweisungsbeleg_50%_2024.pdf']],
    ['20240517_123456 jpg', ['20240517_123456.jpg']],
    ['20240517_123456 20240517_654321', []],
    ['517_123456', ['20240517_123456.jpg']],
  ])('%s', async (text, names) => {
    expect(await find({ text })).toEqual(names);
  });

  it.each<[string, string[]]>([
    ['angebot*50%', ['Angebot 50%']],
    ['*gebot*50%*', ['Angebot 50%', 'Angebot 50% netto']],
    ['*_50x_*', ['überweisungsbeleg_50x_2024.pdf']],
    ['rep_ort*', ['rep_ort_ing 2024.pdf']],
  ])('like %s', async (pattern, names) => {
    expect(await find({ patterns: [pattern] })).toEqual(names);
    expect(await find({ text: names[0]?.slice(0, 6) ?? '', notPatterns: [pattern] })).not.toContain(names[0]);
  });

  it('short words are found by what was mistyped, with the signs around them', async () => {
    const viewer = { teamId: TEAM, channelIds: ['C1'] };
    const alike = async (text: string, pace?: Pace) => {
      const asked = { viewer, filter: { text }, limit: 20, ...(pace && { pace }) };
      return (await findFiles(catalog, asked)).files.map(({ name }) => name);
    };
    for (const pace of [undefined, { ...PACE, channelSets: 0 }]) {
      expect(await alike('(prot)', pace)).toEqual(['a (port) b.txt']);
      expect(await alike('[prot]', pace)).toEqual(['a [port] b.txt']);
      expect(await alike('pxrt', pace)).toEqual([
        'reporting.pdf',
        'a (port) b.txt',
        'a [port] b.txt',
        'sport.txt',
        'a part b.txt',
      ]);
    }
  });

  it('a second search of the same question uses what the first learnt', async () => {
    const known = nothingKnown();
    const text = 'pdf invoice-2024-00124';
    expect(await find({ text }, known)).toEqual(['invoice-2024-00124.pdf']);
    const learnt = [...known.candidates.values()].filter((each) => each.known !== undefined);
    expect(learnt.length).toBeGreaterThan(0);
    for (const each of learnt) each.known = [];
    expect(await find({ text }, known)).toEqual([]);
  });
});
