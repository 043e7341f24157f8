import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { fold } from '../../../src/catalog/derived/fold.ts';
import { moveChannel } from '../../../src/catalog/files/move-channel.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { trashFile } from '../../../src/catalog/files/trash.ts';
import type { ListCursor, ListFilter, SharedFile } from '../../../src/catalog/model.ts';
import {
  type FindOptions,
  type FoundPage,
  findFiles,
  type Viewer,
} from '../../../src/catalog/search/find.ts';
import type { Pace } from '../../../src/catalog/search/spans.ts';
import { RANK } from '../../../src/text/match-rank.ts';
import { runs } from '../../runs.ts';
import { databases, empty } from '../databases.ts';
import { sampleFile, sampleShare, sampleStub, storeFile, T0, TEAM } from '../samples.ts';

interface Sample {
  fileId: string;
  name: string;
  uploaderId: string;
  bytes: number;
  shares: Array<{ channelId: string; at: number; by: string }>;
  /** Stored, if not said. */
  state?: 'stored' | 'pending' | 'skipped' | 'trashed';
}

describe.each(databases)('finding on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterEach(() => empty(catalog));
  afterAll(() => catalog.close());

  async function add(given: Sample, file: Partial<SharedFile> = {}) {
    const { fileId, name, uploaderId, bytes, shares, state = 'stored' } = given;
    const described = sampleFile(fileId, {
      name,
      title: null,
      uploaderId,
      filetype: null,
      mimetype: null,
      size: bytes,
      ...file,
    });
    await recordShares(
      catalog,
      TEAM,
      shares.map(({ channelId, at, by }) => ({
        file: described,
        share: sampleShare(channelId, T0 + at, { userId: by }),
        ...(state === 'skipped' ? { skip: 'external' as const } : {}),
      })),
      T0,
    );
    if (state === 'stored' || state === 'trashed') await storeFile(catalog, fileId, { bytes });
    if (state === 'trashed') {
      const ref = { teamId: TEAM, fileId };
      await trashFile(catalog, { ref, actorId: 'U1', channelId: 'C1', purgeAt: T0, now: T0 });
    }
  }
  const sample = (fileId: string, name: string, given: Partial<Sample> = {}): Sample => ({
    ...{ fileId, name, uploaderId: 'U1', bytes: 1_000 },
    shares: [{ channelId: 'C1', at: Number(fileId.slice(1)), by: given.uploaderId ?? 'U1' }],
    ...given,
  });
  const everybody: Viewer = { teamId: TEAM, channelIds: ['C1', 'C2', 'C3'] };
  const find = (
    filter: ListFilter,
    viewer = everybody,
    cursor?: ListCursor,
    limit = 50,
    pace?: Pace,
    only?: FindOptions['only'],
  ): Promise<FoundPage> =>
    findFiles(catalog, {
      ...{ viewer, filter, limit },
      ...(cursor ? { cursor } : {}),
      ...(pace ? { pace } : {}),
      ...(only ? { only } : {}),
    });
  const ids = async (filter: ListFilter, viewer = everybody) =>
    (await find(filter, viewer)).files.map(({ fileId }) => fileId);

  test('the best match comes first, and among equals the newest', async () => {
    await add(sample('F1', 'budget'));
    await add(sample('F2', 'Budget 2026.xlsx'));
    await add(sample('F3', 'old budget.xlsx'));
    await add(sample('F4', 'x.pdf'), { title: 'The BUDGET of x' });
    await add(sample('F5', 'budget plan.xlsx'));
    await add(sample('F6', 'Büdget'));
    await add(sample('F7', 'soup.txt'));
    expect(await ids({ text: 'budget' })).toEqual(['F6', 'F1', 'F5', 'F2', 'F4', 'F3']);
    expect(await ids({ text: 'xlsx budget' })).toEqual(['F5', 'F3', 'F2']);
    expect(await ids({ text: 'f3' })).toEqual(['F3']);
    expect(await ids({})).toEqual(['F7', 'F6', 'F5', 'F4', 'F3', 'F2', 'F1']);
  });

  test.each([
    ['budgte', 'two letters swapped'],
    ['budjet', 'a wrong letter'],
    ['buget', 'a letter missing'],
    ['budgett', 'a letter too many'],
    ['invioces', 'a longer word'],
    ['budjet invoices', 'one word of two'],
  ])('%s is found all the same: %s', async (text) => {
    await add(sample('F1', 'Invoices and budget_2026.xlsx'));
    await add(sample('F2', 'soup.txt'));
    const { files } = await find({ text });
    expect(files.map(({ fileId, rank }) => [fileId, rank])).toEqual([['F1', RANK.similar]]);
  });

  test('names that are similar come only when few have the words, and after these', async () => {
    await add(sample('F1', 'plan.pdf'));
    await add(sample('F2', 'plane.pdf'));
    await add(sample('F3', 'plant.pdf'));
    await add(sample('F4', 'plank.pdf'));
    expect(await ids({ text: 'plank' })).toEqual(['F4', 'F3', 'F2', 'F1']);
    for (let i = 10; i < 16; i++) await add(sample(`F${i}`, `plank ${i}.pdf`));
    expect(await ids({ text: 'plank' })).toEqual(['F15', 'F14', 'F13', 'F12', 'F11', 'F10', 'F4']);
  });

  test('several mistyped words are found whichever of many others are meant', async () => {
    const names = ['plan', 'plane', 'plant', 'plank', 'plans', 'plano'];
    for (const [i, name] of names.entries()) await add(sample(`F${i + 1}`, `${name} only.pdf`));
    await add(sample('F7', 'plank of a plane, planted.pdf'));
    // Each word has six near words: more combinations than the index is asked for.
    const { files } = await find({ text: 'plamk plame plamt' });
    expect(files.map(({ fileId, rank }) => [fileId, rank])).toEqual([['F7', RANK.similar]]);
  });

  test('by size, by SHA-256, by what is in a channel only', async () => {
    await add(sample('F1', 'small.bin', { bytes: 10 }));
    await add(
      sample('F2', 'large.bin', { bytes: 5_000_000, shares: [{ channelId: 'C2', at: 2, by: 'U1' }] }),
    );
    expect(await ids({ minBytes: 11 })).toEqual(['F2']);
    expect(await ids({ maxBytes: 10 })).toEqual(['F1']);
    expect(await ids({ minBytes: 10, maxBytes: 5_000_000 })).toEqual(['F2', 'F1']);
    expect(await ids({ sha256: 'aaaaaaaa' })).toEqual(['F2', 'F1']);
    expect(await ids({ sha256: 'a'.repeat(64), minBytes: 11 })).toEqual(['F2']);
    expect(await ids({ sha256: 'aaaaaaab' })).toEqual([]);
    expect(await ids({}, { teamId: TEAM, channelIds: ['C2'] })).toEqual(['F2']);
  });

  test('a star is any text, in a name or a title, never across both; and it may be a part of the name', async () => {
    await add(sample('F1', 'Report 2026.PDF'));
    await add(sample('F2', 'old report.pdf'), { title: 'Last Year.docx' });
    await add(sample('F3', '5*5 plan.txt'));
    await add(sample('F4', '100%_sure.txt'), { title: 'report of a title' });
    expect(await ids({ patterns: ['*.pdf'] })).toEqual(['F2', 'F1']);
    expect(await ids({ patterns: ['report*'] })).toEqual(['F4', 'F1']);
    expect(await ids({ patterns: ['REPORT*.pdf', '*.docx'] })).toEqual(['F2', 'F1']);
    expect(await ids({ patterns: ['old*.docx'] })).toEqual([]);
    expect(await ids({ patterns: ['5*5'] })).toEqual(['F3']);
    expect(await ids({ patterns: ['100%_*'] })).toEqual(['F4']);
    expect(await ids({ patterns: ['100_%*'] })).toEqual([]);
    expect(await ids({ notPatterns: ['*.pdf', '*.docx'] })).toEqual(['F4', 'F3']);
    expect(await ids({ text: 'report', notText: ['OLD'] })).toEqual(['F1', 'F4']);
    expect(await ids({ notText: ['last year'] })).toEqual(['F4', 'F3', 'F1']);
    expect(await ids({ text: 'old report', phrases: ['old report'] })).toEqual(['F2']);
    expect(await ids({ text: 'report old', phrases: ['report old'] })).toEqual([]);
  });

  test('what is left out is no way to see more: not in a channel, not somebody’s', async () => {
    const shares = [{ channelId: 'C7', at: 1, by: 'U9' }];
    await add(sample('F1', 'secret.pdf', { uploaderId: 'U9', shares }));
    await add(sample('F2', 'open.pdf'));
    await add(sample('F3', 'mine.pdf', { uploaderId: 'U8', shares: [{ channelId: 'C1', at: 3, by: 'U8' }] }));
    const viewer = { ...everybody, ownUserId: 'U8' };
    for (const filter of [
      { notText: ['x'] },
      { notTypes: ['x'] },
      { notUserIds: ['U5'] },
      { patterns: ['*.pdf'] },
    ])
      expect(await ids(filter, viewer)).toEqual(['F3', 'F2']);
    // One's own upload does not come back through a channel that is left out.
    expect(await ids({ notChannelIds: ['C1'] }, viewer)).toEqual([]);
    expect(await ids({ notChannelIds: ['C1'] }, { ...viewer, ownUserId: 'U9' })).toEqual(['F1']);
  });

  test('a deleted file is no longer found', async () => {
    await add(sample('F1', 'budget.xlsx'));
    await trashFile(catalog, {
      ref: { teamId: TEAM, fileId: 'F1' },
      actorId: 'U1',
      channelId: 'C1',
      purgeAt: T0,
      now: T0,
    });
    for (const text of ['budget', 'budgte', 'F1', 'budget.xlsx']) expect(await ids({ text })).toEqual([]);
    expect(await ids({})).toEqual([]);
  });

  test('a word is found in every channel that its file comes to, also under another id', async () => {
    const seen = (channelId: string) => ids({ text: 'budget' }, { teamId: TEAM, channelIds: [channelId] });
    await add(sample('F1', 'budget.xlsx'));
    await add(sample('F2', 'budget.xlsx', { shares: [{ channelId: 'C3', at: 2, by: 'U1' }] }));
    expect(await Promise.all(['C1', 'C2', 'C3'].map(seen))).toEqual([['F1'], [], ['F2']]);
    await recordShares(
      catalog,
      TEAM,
      [{ file: sampleFile('F1', { name: 'budget.xlsx', title: null }), share: sampleShare('C2', T0 + 9) }],
      T0,
    );
    expect(await Promise.all(['C1', 'C2', 'C3'].map(seen))).toEqual([['F1'], ['F1'], ['F2']]);
    await moveChannel(catalog, TEAM, 'C2', 'C9');
    expect(await Promise.all(['C1', 'C2', 'C9'].map(seen))).toEqual([['F1'], [], ['F1']]);
  });

  test('one’s own upload is found wherever it is, and shown where others would see it if they can', async () => {
    await add(sample('F1', 'mine.pdf', { uploaderId: 'U9', shares: [{ channelId: 'C7', at: 1, by: 'U9' }] }));
    await add(
      sample('F2', 'both.pdf', {
        uploaderId: 'U9',
        shares: [
          { channelId: 'C7', at: 9, by: 'U9' },
          { channelId: 'C1', at: 2, by: 'U9' },
        ],
      }),
    );
    await add(
      sample('F3', 'theirs.pdf', { uploaderId: 'U2', shares: [{ channelId: 'C7', at: 3, by: 'U9' }] }),
    );
    const { files } = await find({}, { ...everybody, ownUserId: 'U9' });
    expect(files.map(({ fileId, listedChannelId }) => [fileId, listedChannelId])).toEqual([
      ['F2', 'C1'],
      ['F1', 'C7'],
    ]);
    expect(await ids({ text: 'pdf' }, { ...everybody, ownUserId: 'U9' })).toEqual(['F2', 'F1']);
    expect(await ids({ text: 'pdf' })).toEqual(['F2']);
  });

  test('what is on its way and what is not kept is found beside what is stored, by name, id, type and size', async () => {
    await add(sample('F1', 'plan.pdf'));
    await add(sample('F2', 'plan', { state: 'skipped' }), {
      externalUrl: 'https://drive.google.com/x',
      size: 0,
    });
    await add(sample('F3', 'plan film.mov', { state: 'pending', bytes: 9_000_000 }));
    await add(sample('F4', 'plan.zip', { state: 'trashed' }));
    expect(await ids({})).toEqual(['F3', 'F2', 'F1']);
    expect(await ids({ text: 'plan' })).toEqual(['F2', 'F3', 'F1']);
    expect(await ids({ text: 'f2' })).toEqual(['F2']);
    expect(await ids({ text: 'plam' })).toEqual(['F3', 'F2', 'F1']);
    expect(await ids({ types: ['mov'] })).toEqual(['F3']);
    expect(await ids({ minBytes: 5_000_000 })).toEqual(['F3']);
    expect(await ids({ sha256: 'aaaaaaaa' })).toEqual(['F1']);
  });

  test('one’s own upload that is not kept is found where one can no longer look, and by nobody else', async () => {
    const shares = [{ channelId: 'C7', at: 1, by: 'U9' }];
    await add(sample('F1', 'mine.mov', { uploaderId: 'U9', shares, state: 'skipped' }));
    await add(sample('F2', 'mine too.mov', { uploaderId: 'U9', shares, state: 'pending' }));
    for (const filter of [{}, { text: 'mine' }, { types: ['mov'] }]) {
      expect(await ids(filter, { ...everybody, ownUserId: 'U9' })).toEqual(['F2', 'F1']);
      expect(await ids(filter, { ...everybody, ownUserId: 'U8' })).toEqual([]);
    }
  });

  test('a file that was gone before it had a name is not shown until it has one', async () => {
    const gone = (fileId: string, name: string | null) =>
      recordShares(
        catalog,
        TEAM,
        [
          {
            file: sampleStub(fileId, { mode: 'tombstone', name }),
            share: sampleShare('C1', T0),
            skip: 'tombstone',
          },
        ],
        T0,
      );
    await gone('F1', null);
    await gone('F2', 'gone.txt');
    expect(await ids({})).toEqual(['F2']);
    expect(await ids({ text: 'F1' })).toEqual([]);
    await gone('F1', 'late.txt');
    expect(await ids({})).toEqual(['F2', 'F1']);
    expect(await ids({ text: 'F1' })).toEqual(['F1']);
  });

  test('what a person may delete: their own stored uploads, however many files of others they shared later', async () => {
    await add(sample('F1', 'mine.pdf', { uploaderId: 'U9' }));
    await add(sample('F2', 'mine on its way.pdf', { uploaderId: 'U9', state: 'pending' }));
    for (let i = 10; i < 30; i++)
      await add(sample(`F${i}`, `theirs ${i}.pdf`, { shares: [{ channelId: 'C1', at: i, by: 'U9' }] }));
    const only = { stored: true, uploaderId: 'U9' };
    for (const pace of [undefined, { few: 0, step: 1 }, { few: 1, step: 3 }]) {
      const page = await find({}, everybody, undefined, 1, pace, only);
      expect(page).toMatchObject({ files: [{ fileId: 'F1' }], older: null });
      expect((await find({ text: 'pdf' }, everybody, undefined, 9, pace, only)).files).toHaveLength(1);
    }
  });

  test('finds exactly what a plain filter finds, in its order, page by page, forwards and backwards', async () => {
    const channel = fc.constantFrom('C1', 'C2', 'C3');
    const word = fc.constantFrom('plan', 'budget', 'soup', 'q4', '2026', 'a');
    const samples = fc.array(
      fc.record({
        words: fc.array(word, { minLength: 1, maxLength: 3 }),
        uploaderId: fc.constantFrom('U1', 'U2', 'U9'),
        bytes: fc.constantFrom(1, 100, 10_000),
        state: fc.constantFrom(
          'stored' as const,
          'stored' as const,
          'pending' as const,
          'skipped' as const,
          'trashed' as const,
        ),
        shares: fc.uniqueArray(
          fc.record({ channelId: channel, at: fc.nat({ max: 6 }), by: fc.constantFrom('U1', 'U2') }),
          { minLength: 1, maxLength: 3, selector: ({ channelId, at }) => `${channelId} ${at}` },
        ),
      }),
      { minLength: 1, maxLength: 14 },
    );
    const filters = fc.record(
      {
        text: fc.array(word, { minLength: 1, maxLength: 2 }).map((words) => words.join(' ')),
        userId: fc.constantFrom('U1', 'U2', 'U9'),
        types: fc.subarray(['pdf', 'txt'], { minLength: 1 }),
        before: fc.integer({ min: T0 + 1, max: T0 + 7 }),
        after: fc.integer({ min: T0, max: T0 + 5 }),
        minBytes: fc.constantFrom(2, 100),
        maxBytes: fc.constantFrom(100, 9_999),
      },
      { requiredKeys: [] },
    );
    const besides = fc.oneof<Array<fc.Arbitrary<Partial<ListFilter>>>>(
      fc.constant({}),
      fc.record({ phrases: fc.constantFrom(['plan budget'], ['soup']) }),
      fc.record({ notText: fc.subarray(['plan', 'q4 2026'], { minLength: 1 }) }),
      fc.record({ patterns: fc.subarray(['*.pdf', 'plan*', '*2026*.txt', 'a*'], { minLength: 1 }) }),
      fc.record({ notPatterns: fc.constantFrom(['*.pdf'], ['budget*', '*q4.*']) }),
      fc.record({ notTypes: fc.constantFrom(['pdf'], ['txt', 'csv']) }),
      fc.record({ notUserIds: fc.constantFrom(['U1'], ['U2', 'U9']) }),
      fc.record({ notChannelIds: fc.constantFrom(['C1'], ['C2', 'C3']) }),
    );
    const viewers = fc.record({
      channelIds: fc.subarray(['C1', 'C2', 'C3']),
      ownUserId: fc.option(fc.constantFrom('U1', 'U9'), { nil: undefined }),
    });
    const onlys = fc.record(
      { stored: fc.boolean(), uploaderId: fc.constantFrom('U1', 'U9') },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(
        samples,
        fc.tuple(filters, besides).map(([one, other]) => ({ ...one, ...other })),
        viewers,
        fc.option(onlys, { nil: undefined }),
        fc.integer({ min: 1, max: 4 }),
        // As among millions: the index is asked first, or only after a walk of some steps, or never; by itself, or
        // together with the audiences within reach.
        fc.constantFrom(
          ...[undefined, { few: 1, step: 1 }, { few: 3, step: 2 }, { few: 0, step: 1 }],
          // Many are checked in the order of where they stand.
          { few: 10, step: 1 },
          ...[
            { few: 1_000, step: 1, channelSets: 0 },
            { few: 3, step: 2, channelSets: 0 },
          ],
        ),
        async (given, filter, seen, only, limit, pace) => {
          await empty(catalog);
          const files = given.map(({ words, ...rest }, i) => ({
            ...rest,
            fileId: `F${String(i).padStart(3, '0')}`,
            name: `${words.join(' ')}.${i % 2 ? 'pdf' : 'txt'}`,
          }));
          for (const file of files) await add(file);
          const viewer = {
            teamId: TEAM,
            channelIds: seen.channelIds,
            ...(seen.ownUserId ? { ownUserId: seen.ownUserId } : {}),
          };
          const expected = naive(files, filter, viewer, only);
          const forth: FoundPage['files'] = [];
          let page = await find(filter, viewer, undefined, limit, pace, only);
          const starts: string[] = [];
          for (;;) {
            forth.push(...page.files);
            starts.push(page.files[0]?.fileId ?? '');
            expect(page.newer === null).toBe(starts.length === 1);
            if (!page.older) break;
            page = await find(filter, viewer, page.older, limit, pace, only);
          }
          const shown = forth.filter(({ rank }) => rank !== RANK.similar);
          expect(shown.map(({ fileId, listedChannelId, rank }) => [fileId, listedChannelId, rank])).toEqual(
            expected.map(({ fileId, channelId, rank }) => [fileId, channelId, rank]),
          );
          expect(new Set(forth.map(({ fileId }) => fileId)).size).toBe(forth.length);
          while (page.newer) {
            starts.pop();
            page = await find(filter, viewer, page.newer, limit, pace, only);
            expect(page.files[0]?.fileId).toBe(starts.at(-1));
          }
          expect(starts).toHaveLength(1);
        },
      ),
      { numRuns: runs(60) },
    );
  }, 120_000);
});

function isLike(name: string, pattern: string): boolean {
  const escaped = pattern.split('*').map((piece) => piece.replace(/[.]/g, '\\.'));
  return new RegExp(`^${escaped.join('.*')}$`).test(name);
}

/** What `findFiles` promises, done the slow way. */
function naive(files: Sample[], filter: ListFilter, viewer: Viewer, only: FindOptions['only'] = {}) {
  const words = fold(filter.text ?? '')
    .split(/\s+/)
    .filter((word) => word !== '');
  const phrase = words.join(' ');
  return files
    .flatMap((file) => {
      const newest = new Map<string, Sample['shares'][number]>();
      for (const share of file.shares) {
        if (share.at > (newest.get(share.channelId)?.at ?? -1)) newest.set(share.channelId, share);
      }
      const places = [...newest.values()];
      const isAsked = (id: string) => !filter.notChannelIds?.includes(id);
      const open = places.filter(
        ({ channelId }) => viewer.channelIds.includes(channelId) && isAsked(channelId),
      );
      const eligible =
        open.length > 0
          ? open
          : file.uploaderId === viewer.ownUserId
            ? places.filter(({ channelId }) => isAsked(channelId))
            : [];
      const { phrases = [], notText = [], patterns = [], notPatterns = [] } = filter;
      const { notTypes = [], notUserIds = [] } = filter;
      const matching = eligible.filter(
        ({ at, by }) =>
          !notUserIds.some((id) => id === by || id === file.uploaderId) &&
          (filter.userId === undefined || filter.userId === by || filter.userId === file.uploaderId) &&
          (filter.before === undefined || T0 + at < filter.before) &&
          (filter.after === undefined || T0 + at >= filter.after),
      );
      const { state = 'stored' } = file;
      if (state === 'trashed' || (only.stored && state !== 'stored')) return [];
      if (only.uploaderId !== undefined && only.uploaderId !== file.uploaderId) return [];
      const type = file.name.slice(-3);
      if (filter.types && !filter.types.includes(type)) return [];
      if (file.bytes < (filter.minBytes ?? 0) || file.bytes > (filter.maxBytes ?? Infinity)) return [];
      if (!words.every((word) => file.name.includes(word))) return [];
      if (notTypes.includes(type) || !phrases.every((text) => file.name.includes(text))) return [];
      if (notText.some((text) => file.name.includes(text))) return [];
      if (patterns.length > 0 && !patterns.some((pattern) => isLike(file.name, pattern))) return [];
      if (notPatterns.some((pattern) => isLike(file.name, pattern))) return [];
      const rank = phrase === '' || file.name === phrase ? 0 : file.name.startsWith(phrase) ? 1 : 2;
      const [place] = matching.sort((a, b) => b.at - a.at || (a.channelId < b.channelId ? 1 : -1));
      return place ? [{ fileId: file.fileId, channelId: place.channelId, at: place.at, rank }] : [];
    })
    .sort((a, b) => a.rank - b.rank || b.at - a.at || (a.fileId < b.fileId ? 1 : -1));
}
