import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { trashFile } from '../../../src/catalog/files/trash.ts';
import type { ListCursor, ListFilter, SharedFile } from '../../../src/catalog/model.ts';
import { findFiles } from '../../../src/catalog/search/find.ts';
import { recentFiles } from '../../../src/catalog/search/recent.ts';
import { RANK } from '../../../src/text/match-rank.ts';
import { runs } from '../../runs.ts';
import { databases, empty } from '../databases.ts';
import { found, listChannel, sampleFile, sampleShare, storeFile, T0, TEAM } from '../samples.ts';

const PAGE = 3;

describe.each(databases)('lists on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterEach(() => empty(catalog));
  afterAll(() => catalog.close());

  async function add(
    fileId: string,
    at: number,
    file: Partial<SharedFile> = {},
    sharedBy = 'U1',
    channelId = 'C1',
    type?: string,
  ) {
    const share = sampleShare(channelId, at, { userId: sharedBy });
    await recordShares(catalog, TEAM, [{ file: sampleFile(fileId, file), share }], T0);
    await storeFile(catalog, fileId, type === undefined ? {} : { type });
  }
  const page = (cursor?: ListCursor | null, filter: ListFilter = {}) =>
    listChannel(catalog, { teamId: TEAM, channelId: 'C1', filter, cursor: cursor ?? undefined, limit: PAGE });
  const ids = (files: Array<{ fileId: string }>) => files.map((file) => file.fileId);
  const filtered = async (filter: ListFilter) =>
    ids((await listChannel(catalog, { teamId: TEAM, channelId: 'C1', filter, limit: 50 })).files);

  test('an empty channel has one empty page', async () => {
    expect(await page()).toEqual({ files: [], newer: null, older: null });
  });

  test.each([Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, -1, -0, 2 ** 32])(
    'a place of %d, which nobody was ever shown, has a page as any other',
    async (sharedAt) => {
      await add('F1', T0);
      for (const direction of ['older', 'newer'] as const)
        for (const rank of [0, 1, 2, 3])
          for (const filter of [{}, { text: 'f1' }]) {
            const found = await page({ direction, rank, sharedAt, fileId: 'F1' }, filter);
            expect(found.files.length).toBeLessThanOrEqual(1);
          }
    },
  );

  test('newest first, with the newest share of the channel asked for; ends have no further page', async () => {
    for (const i of [1, 2, 3, 4, 5]) await add(`F${i}`, T0 + i);
    await recordShares(
      catalog,
      TEAM,
      [{ file: sampleFile('F1'), share: sampleShare('C1', T0 + 9, { userId: 'U7' }) }],
      T0,
    );
    const first = await page();
    expect(ids(first.files)).toEqual(['F1', 'F5', 'F4']);
    expect(first.files[0]).toMatchObject({
      listedAt: T0 + 9,
      listedBy: 'U7',
      listedChannelId: 'C1',
      sharedAt: T0 + 1,
    });
    expect(first.newer).toBeNull();
    const second = await page(first.older);
    expect(ids(second.files)).toEqual(['F3', 'F2']);
    expect(second.older).toBeNull();
    const back = await page(second.newer);
    expect(ids(back.files)).toEqual(['F1', 'F5', 'F4']);
    expect(back.newer).toBeNull();
    expect(ids((await page(back.older)).files)).toEqual(['F3', 'F2']);
  });

  test('a page whose files were all deleted shows the newest instead', async () => {
    for (const i of [1, 2, 3, 4]) await add(`F${i}`, T0 + i);
    const { older } = await page();
    const ref = { teamId: TEAM, fileId: 'F1' };
    await trashFile(catalog, { ref, actorId: 'U1', channelId: 'C1', purgeAt: T0, now: T0 });
    const after = await page(older);
    expect(ids(after.files)).toEqual(['F4', 'F3', 'F2']);
    expect(after.older).toBeNull();
  });

  test('paging while files arrive neither repeats nor skips what was there', async () => {
    const moments = fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(moments, moments, async (before, during) => {
        await empty(catalog);
        const name = (prefix: string, i: number) => `F${prefix}${String(i).padStart(2, '0')}`;
        for (const [i, at] of before.entries()) await add(name('A', i), T0 + at);
        const expected = [...before.entries()]
          .map(([i, at]) => ({ fileId: name('A', i), at }))
          .sort((a, b) => b.at - a.at || (a.fileId < b.fileId ? 1 : -1));
        const arriving = during.map((at, i) => () => add(name('B', i), T0 + at));
        const seen: string[] = [];
        let current = await page();
        for (;;) {
          seen.push(...ids(current.files));
          await arriving.pop()?.();
          if (!current.older) break;
          const last = current.files.at(-1)?.fileId;
          current = await page(current.older);
          // The way back leads to the page that was just left, or to the newest page.
          const back = await page(current.newer);
          if (back.newer) expect(back.files.at(-1)?.fileId).toBe(last);
        }
        expect(new Set(seen).size).toBe(seen.length);
        expect(seen.filter((fileId) => fileId.startsWith('FA'))).toEqual(expected.map((file) => file.fileId));
      }),
      { numRuns: runs(15) },
    );
  });

  test('filters: who shared or uploaded it, type, dates, and all of them together', async () => {
    await add('F1', T0 + 1, { uploaderId: 'U1', name: 'a.pdf' }, 'U2');
    await add(
      'F2',
      T0 + 2,
      { uploaderId: 'U2', name: 'b.jpeg', filetype: 'jpg', mimetype: 'image/jpeg' },
      'U2',
    );
    await add(
      'F3',
      T0 + 3,
      { uploaderId: 'U3', name: 'c.TXT', filetype: 'text', mimetype: 'text/plain' },
      'U3',
    );
    await add('F4', T0 + 4, { uploaderId: 'U5', name: 'Plan', filetype: 'quip', mimetype: 'x/slack' }, 'U5');
    await add('F5', T0 + 5, { uploaderId: 'U5', name: 'Offer', filetype: 'email', mimetype: 'x/mail' }, 'U5');
    expect(await filtered({ userId: 'U2' })).toEqual(['F2', 'F1']);
    expect(await filtered({ userId: 'U1' })).toEqual(['F1']);
    expect(await filtered({ userId: 'U4' })).toEqual([]);
    expect(await filtered({ types: ['pdf'] })).toEqual(['F1']);
    for (const type of ['jpg', 'jpeg', 'image', 'JPEG'])
      expect(await filtered({ types: [type] })).toEqual(['F2']);
    for (const type of ['txt', 'text']) expect(await filtered({ types: [type] })).toEqual(['F3']);
    for (const type of ['canvas', 'Canvas', 'quip'])
      expect(await filtered({ types: [type] })).toEqual(['F4']);
    for (const type of ['e-mail', 'email']) expect(await filtered({ types: [type] })).toEqual(['F5']);
    expect(await filtered({ types: ['image', 'jpg', 'pdf'] })).toEqual(['F2', 'F1']);
    expect(await filtered({ before: T0 + 3, after: T0 + 2 })).toEqual(['F2']);
    const webm = { name: 'clip.webm', filetype: 'webm', mimetype: 'audio/webm', facts: { transcode: true } };
    await add('F6', T0 + 6, { ...webm, size: null }, 'U4', 'C1', 'video/mp4');
    for (const word of ['mp4', 'webm', 'video', 'audio'])
      expect(await filtered({ types: [word] })).toEqual(['F6']);
    const canvas = { name: 'Plan', filetype: 'quip', mode: 'quip', mimetype: 'application/vnd.slack-docs' };
    await add('F7', T0 + 7, canvas, 'U4', 'C1', 'text/html; charset=utf-8');
    expect(await filtered({ types: ['html'] })).toEqual(['F7']);
    expect(await filtered({ types: ['quip'] })).toEqual(['F7', 'F4']);
    expect(await filtered({ userId: 'U2', types: ['pdf'], text: 'A.P' })).toEqual(['F1']);
    expect(await filtered({ userId: 'U2', types: ['text'] })).toEqual([]);
  });

  test.each([
    ['report', ['F1']],
    ['REPORT 2026', ['F1']],
    ['uberblick', ['F2']],
    ['ÜBERBLICK', ['F2']],
    ['zurich', ['F2']],
    ['title of f3', ['F3']],
    ['報告', ['F4']],
    ['告', ['F4']],
    ['100%', ['F5']],
    ['_b', ['F5']],
    ['x"y', ['F5']],
    ["' or 1=1", []],
    ['\\', ['F5']],
    ['nowhere', []],
  ])('text %j finds %j, whatever the case and accents', async (text, expected) => {
    await add('F1', T0 + 1, { name: 'Report 2026.pdf', title: null });
    await add('F2', T0 + 2, { name: 'Zu\u0308rich \u00dcberblick.pdf', title: null });
    await add('F3', T0 + 3, { name: null });
    await add('F4', T0 + 4, { name: '報告.pdf', title: null });
    await add('F5', T0 + 5, { name: '100% a_b x"y \\ z.pdf', title: null });
    expect(await filtered({ text })).toEqual(expected);
  });

  test('text deep in a long list is found, rare, common and too short for the index, in both directions', async () => {
    const names = Array.from({ length: 12 }, (_, i) => (i === 1 ? 'needle' : i % 2 ? 'hay' : 'straw'));
    for (const [i, name] of names.entries()) await add(`F${10 + i}`, T0 + i, { name, title: null });
    const walk = async (text: string, direction: 'older' | 'newer', at: number | null, limit: number) => {
      const cursor = {
        direction,
        rank: RANK.containing,
        sharedAt: T0 + (at ?? 0),
        fileId: `F${10 + (at ?? 0)}`,
      };
      // Whether the search index is asked at once, or after a step.
      const [sooner, later] = await Promise.all(
        [1_000, 0].map((few) =>
          findFiles(catalog, {
            viewer: { teamId: TEAM, channelIds: ['C1'] },
            filter: { text },
            ...(at === null ? {} : { cursor }),
            ...{ limit, pace: { few, step: 2 } },
          }),
        ),
      );
      expect(sooner).toEqual(later);
      return ids(later?.files ?? []);
    };
    for (const text of ['edle', 'ee']) expect(await walk(text, 'older', null, 5)).toEqual(['F11']);
    expect(await walk('no such thing', 'older', null, 5)).toEqual([]);
    expect(await walk('ay', 'older', null, 3)).toEqual(['F21', 'F19', 'F17']);
    expect(await walk('ay', 'older', 5, 9)).toEqual(['F13']);
    expect(await walk('ay', 'newer', 3, 2)).toEqual(['F17', 'F15']);
    expect(await walk('tra', 'newer', 2, 3)).toEqual(['F18', 'F16', 'F14']);
  });

  test('what /vault delete means: an id or that very name, then names that begin with it, then those that contain it', async () => {
    await add('F1', T0 + 1, { name: 'plan.pdf', title: null, uploaderId: 'U1' });
    await add('F2', T0 + 2, { name: 'old plan.pdf', title: null, uploaderId: 'U2' }, 'U1');
    await add('F3', T0 + 3, { name: 'Plan.PDF', title: null, uploaderId: 'U2' });
    await add('F4', T0 + 4, { name: 'f1 plan.pdf.zip', title: null });
    await recordShares(catalog, TEAM, [found('F5', 'C1', T0, { name: 'plan.pdf' })], T0);
    const find = async (text: string, uploaderId?: string) => {
      const only = { stored: true, ...(uploaderId === undefined ? {} : { uploaderId }) };
      const filter = text === '' ? {} : { text };
      return ids(
        (await listChannel(catalog, { teamId: TEAM, channelId: 'C1', filter, limit: 3, only })).files,
      );
    };
    expect(await find('f1')).toEqual(['F1', 'F4']);
    expect(await find('plan.pdf')).toEqual(['F3', 'F1', 'F4']);
    expect(await find('plan.pdf', 'U2')).toEqual(['F3', 'F2']);
    expect(await find('F1', 'U2')).toEqual([]);
    expect(await find('')).toEqual(['F4', 'F3', 'F2']);
    expect(await find('nothing')).toEqual([]);
  });

  test('recent files of several channels and one’s own files, each once', async () => {
    await add('F1', T0 + 1, {}, 'U1', 'C1');
    await add('F2', T0 + 2, {}, 'U1', 'C2');
    await add('F3', T0 + 3, { uploaderId: 'U8' }, 'U8', 'C3');
    await add('F4', T0 + 4, { uploaderId: 'U9' }, 'U9', 'C3');
    await recordShares(catalog, TEAM, [found('F1', 'C2', T0 + 5)], T0);
    const recent = (channelIds: string[], ownUserId?: string, limit = 3) =>
      recentFiles(catalog, { teamId: TEAM, channelIds, ownUserId, limit });
    expect(await recent(['C1', 'C2'])).toMatchObject([
      { fileId: 'F1', listedChannelId: 'C2', listedAt: T0 + 5 },
      { fileId: 'F2', listedChannelId: 'C2' },
    ]);
    expect(ids(await recent(['C1', 'C2'], 'U8'))).toEqual(['F1', 'F3', 'F2']);
    expect(ids(await recent(['C1', 'C2', 'C3'], 'U8', 2))).toEqual(['F1', 'F4']);
    expect(ids(await recent([], 'U9'))).toEqual(['F4']);
    expect(await recent([])).toEqual([]);
  });

  test('recent files include, in their place, what is on its way or not kept, but not what was gone before it had a name', async () => {
    await add('F1', T0 + 1);
    await recordShares(catalog, TEAM, [{ ...found('F2', 'C1', T0 + 2), skip: 'external' }], T0);
    await recordShares(catalog, TEAM, [found('F3', 'C1', T0 + 3)], T0);
    const nameless = {
      ...found('F4', 'C1', T0 + 4, { name: null, title: null }),
      skip: 'tombstone' as const,
    };
    await recordShares(catalog, TEAM, [nameless], T0);
    for (const channelIds of [['C1'], []]) {
      const recent = await recentFiles(catalog, { teamId: TEAM, channelIds, ownUserId: 'U1', limit: 3 });
      expect(recent.map(({ fileId, state }) => `${fileId} ${state}`)).toEqual([
        ...['F3 pending', 'F2 skipped', 'F1 stored'],
      ]);
    }
  });
});
