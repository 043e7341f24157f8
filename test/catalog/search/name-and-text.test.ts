import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { fillIn } from '../../../src/catalog/files/capture.ts';
import { indexDueSaid } from '../../../src/catalog/files/said-due.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { claimPurges, commitPurged, purgeNow, trashFile } from '../../../src/catalog/files/trash.ts';
import { everyVersion, insertVersion } from '../../../src/catalog/files/versions.ts';
import type { ListFilter, SharedFile } from '../../../src/catalog/model.ts';
import { claimReadings, type ReadingRecord, readingDone } from '../../../src/catalog/reading/rows.ts';
import { startReading } from '../../../src/catalog/reading/start.ts';
import { searchedWords } from '../../../src/catalog/reading/words.ts';
import { olderVersionWith } from '../../../src/catalog/search/contents.ts';
import { findFiles } from '../../../src/catalog/search/find.ts';
import { trashedLike } from '../../../src/catalog/search/trashed-like.ts';
import { RANK } from '../../../src/text/match-rank.ts';
import { databases, empty } from '../databases.ts';
import { found, sampleFile, sampleObject, sampleShare, storeFile, T0, TEAM } from '../samples.ts';

describe.each(databases)('words of the name and words of the text count together, on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterAll(() => catalog?.close());
  beforeEach(async () => {
    await empty(catalog);
    await startReading(catalog);
  });

  interface Sample extends Partial<SharedFile> {
    name: string;
    said?: string;
  }
  async function store(fileId: string, { said, ...file }: Sample) {
    const share = sampleShare('C1', T0, said ? { said: { author: 'U1', text: said, at: T0 } } : {});
    await recordShares(catalog, TEAM, [{ ...found(fileId, 'C1', T0, { title: null, ...file }), share }], T0);
    await storeFile(catalog, fileId);
  }
  const claim = () => claimReadings(catalog, { owner: 'a', limit: 9, leaseMs: 60_000, now: T0 });
  const wordsOf = (text: string) => ({ words: new Set(searchedWords(text)) });
  const done = (row: ReadingRecord, text: string, older: Array<[number, string]> = []) =>
    readingDone(catalog, row, 'a', {
      ...{ ...wordsOf(text), state: 'read', reason: null },
      older: new Map(older.map(([id, words]) => [id, wordsOf(words)])),
    });
  async function read(text: string) {
    const [row] = await claim();
    if (row === undefined) throw new Error('nothing is to be read');
    expect(await done(row, text)).toBe(true);
  }
  const asked = (text: string, more: Partial<ListFilter>, channelIds = ['C1']) => ({
    ...{ viewer: { teamId: TEAM, channelIds }, filter: { text, ...more }, limit: 9 },
    ...{ said: true, contents: true },
  });
  async function find(text: string, more: Partial<ListFilter> = {}, channelIds = ['C1']) {
    const { files } = await findFiles(catalog, asked(text, more, channelIds));
    return files.map(({ fileId, rank }) => `${fileId} ${rank}`);
  }
  it('a sign in the name that folding makes letters of belongs to no word', async () => {
    await store('F1', { name: 'Produkt™ Angebot℃.pdf', said: 'comes in 14 days' });
    await read('we deliver within two weeks');
    while (await indexDueSaid(catalog));
    for (const text of ['produkt weeks', 'produkt™ weeks', 'angebot℃ weeks'])
      expect([text, await find(text)]).toEqual([text, [`F1 ${RANK.contents}`]]);
    for (const text of ['produkt 14 days', 'Angebot days'])
      expect([text, await find(text)]).toEqual([text, [`F1 ${RANK.said}`]]);
  });

  const rename = (fileId: string, name: string) =>
    fillIn(catalog, sampleFile(fileId, { name, title: name }), T0);
  const byContents = [`F1 ${RANK.contents}`];
  const bySaid = [`F1 ${RANK.said}`];

  it('for what is in a file: one of the words at least is there, and names are looked at where they count', async () => {
    await store('F1', { name: 'Offers.pdf', title: 'Müller AG' });
    await read('we promised delivery in 14 days');
    for (const text of ['offer 14 days', 'OFFERS delivery', 'muller day', 'pdf promised muller 14'])
      expect(await find(text), text).toEqual(byContents);
    for (const text of ['offer 15', 'rechnung days', 'muller delivery tomorrow'])
      expect(await find(text), text).toEqual([]);
    // Another form of the words of the name alone is nothing that the text has.
    expect(await find('offering pdfs')).toEqual([]);
    expect(await find('offering')).toEqual([]);
    expect(await find('offer 14', { where: 'text' })).toEqual([]);
    expect(await find('delivery 14', { where: 'text' })).toEqual(byContents);
    expect(await find('offer 14', { where: 'name' })).toEqual([]);
    expect(await find('offer 14', {}, ['C2'])).toEqual([]);
  });

  it('of very many words, as many are looked up as without a name', async () => {
    const words = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => `w${'abcdefghijklmnopqrstuvwxyz'[from + i]}x`).join(' ');
    await store('F1', { name: words(0, 8), said: words(6, 16) });
    await read(words(9, 15));
    await store('F2', { name: words(0, 10) });
    await read(words(9, 16));
    expect(await find(words(0, 26))).toEqual([...bySaid, `F2 ${RANK.contents}`]);
    expect(await find(`other ${words(0, 15)}`)).toEqual([]);
  });

  it('for what was said with a file, and for what Slack tells of it', async () => {
    await store('F1', { name: 'Budget.xlsx', said: 'here it is, final', facts: { altText: 'a pelican' } });
    for (const text of ['budget final', 'budgets pelican', 'xlsx here'])
      expect(await find(text)).toEqual(bySaid);
    // All words in another form are like the name, and not said.
    expect(await find('budgets xlsxs')).toEqual([`F1 ${RANK.similar}`]);
    for (const text of ['budget draft', 'pelican final']) expect(await find(text), text).toEqual([]);
    expect(await find('budget final', { where: 'text' })).toEqual([]);
    expect(await find('budget final', {}, ['C2'])).toEqual([]);
  });

  it('what stands in quotes stands in the text, and its name does not count for words that are to be left out', async () => {
    await store('F1', { name: 'draft.pdf', said: 'for the year end' });
    await read('our budget');
    const quoted = { phrases: ['year end'] };
    expect(await find('year end drafts', quoted)).toEqual(bySaid);
    expect(await find('draft year', { phrases: ['draft year'] })).toEqual([]);
    expect(await find('budget', { notText: ['drafts'] })).toEqual(byContents);
    await store('F2', { name: 'budget.pdf' });
    await read('the year end');
    expect(await find('year end budgets', quoted)).toEqual([`F2 ${RANK.contents}`]);
    expect(await find('end budgets', { phrases: ['end budgets'] })).toEqual([]);
  });

  it('older versions go by the name that the file has now', async () => {
    await store('F1', { name: 'Plan.pdf' });
    const ref = { teamId: TEAM, fileId: 'F1' };
    await insertVersion(catalog, ref, { number: 1, object: sampleObject('F1-1'), storedAt: T0 - 9 });
    await catalog.db.updateTable('file').set({ version: 2, olderVersions: 1 }).execute();
    const [version] = await everyVersion(catalog, ref);
    const [row] = await claim();
    await done(row as ReadingRecord, 'the budget', [[version?.id as number, 'the forecast']]);
    expect(await find('plan forecast')).toEqual(byContents);
    expect(await find('plan budget')).toEqual(byContents);
    expect(await find('budget forecast')).toEqual([]);
    const older = async (text: string, more: Partial<ListFilter> = {}) =>
      (await olderVersionWith(catalog, ref, { text, ...more }))?.number;
    expect(await older('plan forecast')).toBe(1);
    expect(await older('plan budget')).toBeUndefined();
    expect(await older('plan forecast', { where: 'text' })).toBeUndefined();
  });

  it('a new name takes the place of the old one', async () => {
    await store('F1', { name: 'Old.pdf', said: 'here it is', facts: { altText: 'a pelican' } });
    await read('in 14 days');
    for (const text of ['old 14', 'old here', 'old pelican']) expect(await find(text), text).toHaveLength(1);
    await rename('F1', 'New.pdf');
    await read('in 14 days');
    for (const text of ['new 14', 'new here', 'new pelican']) expect(await find(text), text).toHaveLength(1);
    for (const text of ['old 14', 'old here', 'old pelican']) expect(await find(text), text).toEqual([]);
    // Nothing else of it has changed, so nothing is to be done.
    await fillIn(catalog, sampleFile('F1', { name: 'New.pdf', title: 'New.pdf' }), T0);
    expect(await claim()).toEqual([]);
  });

  it('also one that comes while the file is read', async () => {
    await store('F1', { name: 'Old.pdf' });
    const [row] = await claim();
    await rename('F1', 'New.pdf');
    expect(await done(row as ReadingRecord, 'in 14 days')).toBe(true);
    expect(await find('new 14')).toEqual(byContents);
    expect(await find('old 14')).toEqual([]);
  });

  it('the trash is searched in the same way', async () => {
    await store('F1', { name: 'Offer.pdf', said: 'here it is' });
    await read('in 14 days');
    const ref = { teamId: TEAM, fileId: 'F1' };
    await trashFile(catalog, { ref, actorId: 'U1', channelId: 'C1', purgeAt: T0, now: T0 });
    for (const text of ['offer days', 'offer here'])
      expect((await trashedLike(catalog, asked(text, {}))).fileIds, text).toEqual(['F1']);
    expect((await trashedLike(catalog, asked('offer days', { where: 'text' }))).fileIds).toEqual([]);
  });

  it('of a name that is to be forgotten, nothing stays in an index', async () => {
    await store('F1', { name: 'Zwiebelfisch.pdf', said: 'here it is', facts: { altText: 'a pelican' } });
    await read('in 14 days');
    await indexDueSaid(catalog);
    const rows = async () => {
      const counts = [];
      for (const index of ['said_words', 'content_document'])
        counts.push((await sql`select 1 from ${sql.table(index)}`.execute(catalog.db)).rows.length);
      return counts;
    };
    expect(await rows()).toEqual([2, 1]);
    const ref = { teamId: TEAM, fileId: 'F1' };
    await trashFile(catalog, { ref, actorId: 'U1', channelId: 'C1', purgeAt: T0 + 9, now: T0 });
    await purgeNow(catalog, { ref, actorId: 'U1', forget: true, now: T0 });
    await claimPurges(catalog, { owner: 'p', limit: 9, leaseMs: 60_000, now: T0 });
    expect(await commitPurged(catalog, ref, 'p', T0)).toBe(true);
    await indexDueSaid(catalog);
    expect(await rows()).toEqual([0, 0]);
  });
});
