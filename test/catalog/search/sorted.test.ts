import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { foldFile } from '../../../src/catalog/derived/fold.ts';
import { messagesOf } from '../../../src/catalog/files/messages.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { trashFile } from '../../../src/catalog/files/trash.ts';
import type { FoundFile, ListFilter, ListSort } from '../../../src/catalog/model.ts';
import { Budget } from '../../../src/catalog/search/budget.ts';
import type { Viewer } from '../../../src/catalog/search/find.ts';
import { gather, wholeFiles } from '../../../src/catalog/search/gather.ts';
import { compareKeys } from '../../../src/catalog/search/order.ts';
import { sortedFiles } from '../../../src/catalog/search/sorted.ts';
import { findTrashed } from '../../../src/catalog/search/trashed.ts';
import { runs } from '../../runs.ts';
import { databases, empty } from '../databases.ts';
import { sampleFile, sampleShare, storeFile, T0, TEAM } from '../samples.ts';

const ORDERS: ListSort[] = ['newest', 'oldest', 'name', 'name-down', 'largest', 'smallest'];

/** What each order compares. */
function keyOf(sort: ListSort, file: FoundFile): string | number {
  if (sort === 'newest' || sort === 'oldest') return file.listedAt;
  return sort.startsWith('name') ? foldFile(file).slice(0, 120) : (file.storedBytes ?? file.size ?? 0);
}

function inOrder(sort: ListSort, files: FoundFile[]): string[] {
  const sign = sort === 'newest' || sort === 'name-down' || sort === 'largest' ? -1 : 1;
  const compare = (a: FoundFile, b: FoundFile) =>
    compareKeys(keyOf(sort, a), keyOf(sort, b)) || compareKeys(a.fileId, b.fileId);
  return [...files].sort((a, b) => sign * compare(a, b)).map(({ fileId }) => fileId);
}

const isByIndex = (filter: ListFilter, sort: ListSort) =>
  Object.keys(filter).length === 0 || (sort === 'oldest' && filter.text === undefined);

describe.each(databases)('lists in any order on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterEach(() => empty(catalog));
  afterAll(() => catalog.close());

  interface Made {
    name: string;
    bytes: number;
    places: string[];
    uploaderId?: string;
    stored?: boolean;
  }
  async function make(files: Made[]): Promise<void> {
    for (const [i, { name, bytes, places, uploaderId = 'U1', stored = true }] of files.entries()) {
      const filetype = name.split('.')[1] ?? 'txt';
      const file = sampleFile(`F${i}`, {
        name,
        title: null,
        size: bytes,
        uploaderId,
        filetype,
        mimetype: null,
      });
      const sightings = places.map((channelId, at) => ({
        file,
        share: sampleShare(channelId, T0 + i * 10 + at, { userId: uploaderId }),
      }));
      await recordShares(catalog, TEAM, sightings, T0);
      if (stored) await storeFile(catalog, `F${i}`, { bytes });
    }
  }
  const everybody: Viewer = { teamId: TEAM, channelIds: ['C1', 'C2', 'C3'] };

  /** All pages, forwards; then the way back must show the same files. */
  async function walk(viewer: Viewer, filter: ListFilter, limit: number): Promise<string[]> {
    const seen: string[] = [];
    const page = (cursor?: Parameters<typeof sortedFiles>[1]['cursor']) =>
      sortedFiles(catalog, { viewer, filter, limit, ...(cursor ? { cursor } : {}) });
    let here = await page();
    expect(here.newer).toBeNull();
    for (let pages = 1; ; pages++) {
      seen.push(...here.files.map(({ fileId }) => fileId));
      if (here.older === null || pages > 50) break;
      const next = await page(here.older);
      const back = await page(next.newer as NonNullable<typeof next.newer>);
      expect(back.files.map(({ fileId }) => fileId)).toEqual(here.files.map(({ fileId }) => fileId));
      here = next;
    }
    return seen;
  }

  test('every file once and in order, by pages, forwards and back, whatever the order and the filter', async () => {
    const name = fc.constantFrom(
      'a.pdf',
      'B.pdf',
      'b.png',
      'ä.pdf',
      'zebra.pdf',
      '\u{1f600}.pdf',
      '10.pdf',
      '9.pdf',
    );
    const places = fc.subarray(['C1', 'C2', 'C3'], { minLength: 1 });
    const made = fc.record({
      name,
      bytes: fc.constantFrom(0, 1, 500, 500, 9_000),
      places,
      stored: fc.boolean(),
    });
    const filter = fc.constantFrom<ListFilter>({}, { types: ['pdf'] }, { text: 'pdf' }, { minBytes: 1 });
    await fc.assert(
      fc
        .asyncProperty(
          fc.array(made, { minLength: 1, maxLength: 9 }),
          filter,
          fc.integer({ min: 1, max: 4 }),
          async (files, by, limit) => {
            await make(files);
            const all = await sortedFiles(catalog, { viewer: everybody, filter: by, limit: 100 });
            for (const sort of ORDERS) {
              if (sort === 'newest' && by.text === undefined) continue;
              expect(await walk(everybody, { ...by, sort }, limit)).toEqual(inOrder(sort, all.files));
              // All of them are known from the first page on, if they were gathered.
              const page = { viewer: everybody, filter: { ...by, sort }, limit };
              const { gathered } = await sortedFiles(catalog, page);
              expect(gathered === undefined).toBe(isByIndex(by, sort));
              const ids = all.files.map(({ fileId }) => fileId).sort();
              if (gathered) expect(gathered.map(({ fileId }) => fileId).sort()).toEqual(ids);
            }
          },
        )
        .afterEach(() => empty(catalog)),
      { numRuns: runs(6) },
    );
  });

  test('a person is shown only what they may see, and their own uploads elsewhere', async () => {
    await make([
      { name: 'a', bytes: 1, places: ['C1'] },
      { name: 'b', bytes: 2, places: ['C2'] },
      { name: 'c', bytes: 3, places: ['C2'], uploaderId: 'U9' },
      { name: 'd', bytes: 4, places: ['C1', 'C2'] },
      { name: 'e', bytes: 5, places: ['C3'], stored: false, uploaderId: 'U9' },
    ]);
    const viewer = { teamId: TEAM, channelIds: ['C1'], ownUserId: 'U9' };
    for (const filter of [{}, { minBytes: 1 }]) {
      const by = async (sort: ListSort) =>
        (await sortedFiles(catalog, { viewer, filter: { ...filter, sort }, limit: 9 })).files;
      expect((await by('name')).map(({ name }) => name)).toEqual(['a', 'c', 'd', 'e']);
      expect((await by('largest')).map(({ name }) => name)).toEqual(['e', 'd', 'c', 'a']);
      // Where each is found: the newest place that this person can look at.
      expect((await by('name')).map(({ listedChannelId }) => listedChannelId)).toEqual([
        'C1',
        'C2',
        'C1',
        'C3',
      ]);
    }
    for (const sort of ORDERS) {
      const nobody = { teamId: TEAM, channelIds: [], ownUserId: 'U5' };
      expect((await sortedFiles(catalog, { viewer: nobody, filter: { sort }, limit: 9 })).files).toEqual([]);
    }
  });

  test('what is gone without ever having had a name is in no order', async () => {
    await make([{ name: 'a', bytes: 1, places: ['C1'] }]);
    const gone = { ...sampleFile('F7', { name: null, title: null }) };
    const share = sampleShare('C1', T0 + 5);
    await recordShares(catalog, TEAM, [{ file: gone, share, skip: 'tombstone' }], T0);
    for (const sort of ORDERS)
      expect(
        (await sortedFiles(catalog, { viewer: everybody, filter: { sort }, limit: 9 })).files,
      ).toHaveLength(1);
  });

  test('files are counted as they are found', async () => {
    await make([
      { name: 'a.pdf', bytes: 10, places: ['C1'] },
      { name: 'b.png', bytes: 5, places: ['C1', 'C2'], stored: false },
      { name: 'c.pdf', bytes: 7, places: ['C2'] },
    ]);
    const count = async (filter: ListFilter, channelIds: string[]) => {
      const { files, more } = await gather(catalog, { viewer: { teamId: TEAM, channelIds }, filter });
      return [files.length, more];
    };
    expect(await count({}, ['C1', 'C2'])).toEqual([3, false]);
    expect(await count({ types: ['pdf'] }, ['C1', 'C2'])).toEqual([2, false]);
    expect(await count({ text: 'pdf' }, ['C1'])).toEqual([1, false]);
  });

  test('a file that is deleted while a page is put in order is not on it', async () => {
    await make([1, 2].map((bytes) => ({ name: 'plan.pdf', bytes, places: ['C1'] })));
    const { files } = await gather(catalog, { viewer: everybody, filter: { text: 'plan' } });
    const ref = { teamId: TEAM, fileId: 'F1' };
    await trashFile(catalog, { ref, actorId: 'U1', channelId: 'C1', purgeAt: T0, now: T0 });
    expect((await wholeFiles(catalog, files)).map(({ fileId }) => fileId)).toEqual(['F0']);
  });

  test('the trash is searched for those who may know of a file, by its words or its id', async () => {
    await make([
      { name: 'Old budget.pdf', bytes: 1, places: ['C1'] },
      { name: 'Budget old.pdf', bytes: 1, places: ['C2'], uploaderId: 'U9' },
      { name: 'budget.pdf', bytes: 1, places: ['C1'] },
    ]);
    for (const [i, fileId] of ['F0', 'F1'].entries()) {
      const ref = { teamId: TEAM, fileId };
      const by = { actorId: 'U1', channelId: 'C1', tellIn: [], purgeAt: T0 + 9e9, now: T0 + i };
      await trashFile(catalog, { ref, ...by });
    }
    const found = async (filter: ListFilter, viewer: Viewer) =>
      (await findTrashed(catalog, { viewer, filter, limit: 3, budget: new Budget() })).map(
        ({ fileId }) => fileId,
      );
    const search = (text: string, viewer: Viewer) => found({ text }, viewer);
    expect(await search('budget OLD', everybody)).toEqual(['F1', 'F0']);
    expect(await search('f0', { teamId: TEAM, channelIds: ['C1'] })).toEqual(['F0']);
    expect(await search('budget', { teamId: TEAM, channelIds: ['C1'] })).toEqual(['F0']);
    expect(await search('budget', { teamId: TEAM, channelIds: ['C3'], ownUserId: 'U9' })).toEqual(['F1']);
    expect(await search('budget', { teamId: TEAM, channelIds: ['C3'], ownUserId: 'U8' })).toEqual([]);
    expect(await search('100%', everybody)).toEqual([]);
    // What else a name is asked for counts here, too.
    expect(await found({ text: 'budget old', phrases: ['old budget'] }, everybody)).toEqual(['F0']);
    expect(await found({ text: 'budget old', phrases: ['old and budget'] }, everybody)).toEqual([]);
    expect(await found({ text: 'budget', notText: ['old'] }, everybody)).toEqual([]);
    expect(await found({ patterns: ['*bud*'] }, everybody)).toEqual(['F1', 'F0']);
    expect(await found({ notText: ['nothing'] }, everybody)).toEqual([]);
    // And so do all other filters.
    const old = (filter: ListFilter, viewer = everybody) => found({ text: 'old', ...filter }, viewer);
    expect(await old({ types: ['pdf'] })).toEqual(['F1', 'F0']);
    expect(await old({ types: ['png'] })).toEqual([]);
    expect(await old({ notTypes: ['pdf'] })).toEqual([]);
    expect(await old({ userId: 'U9' })).toEqual(['F1']);
    expect(await old({ notUserIds: ['U9'] })).toEqual(['F0']);
    expect(await old({ notChannelIds: ['C2'] })).toEqual(['F0']);
    expect(await old({ minBytes: 1, maxBytes: 1 })).toEqual(['F1', 'F0']);
    expect(await old({ minBytes: 2 })).toEqual([]);
    expect(await old({ after: T0 - 1, before: T0 + 9e9 })).toEqual(['F1', 'F0']);
    expect(await old({ before: T0 - 9e9 })).toEqual([]);
    expect(await old({ after: T0 + 9e9 })).toEqual([]);
    // Where somebody sees a file only as their own, its other places count for them.
    const owner = { teamId: TEAM, channelIds: ['C3'], ownUserId: 'U9' };
    expect(await old({ userId: 'U9' }, owner)).toEqual(['F1']);
  });

  test('each file’s message is the newest that still shows it where it is listed', async () => {
    await make([{ name: 'a', bytes: 1, places: ['C1', 'C2', 'C1'] }]);
    const files = [{ fileId: 'F0', listedChannelId: 'C1' }];
    const found = await messagesOf(catalog, TEAM, files);
    expect(found.get('F0')).toMatchObject({ channelId: 'C1', ts: sampleShare('C1', T0 + 2).ts });
    expect((await messagesOf(catalog, TEAM, [{ fileId: 'F0', listedChannelId: 'C3' }])).size).toBe(0);
  });
});
