import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { trashFile } from '../../../src/catalog/files/trash.ts';
import type { ListFilter, SharedFile } from '../../../src/catalog/model.ts';
import { indexWords } from '../../../src/catalog/reading/index-words.ts';
import { Budget } from '../../../src/catalog/search/budget.ts';
import type { Together, Viewer } from '../../../src/catalog/search/find.ts';
import { lastTrashed, trashedLike } from '../../../src/catalog/search/trashed-like.ts';
import { databases } from '../databases.ts';
import { found, storeFile, T0, TEAM } from '../samples.ts';

const DAY = 86_400_000;
const IN_C1: Viewer = { teamId: TEAM, channelIds: ['C1'] };

describe.each(databases)('what a search would find if it were not in the trash, on $name', ({ fresh }) => {
  let catalog: Catalog;
  const trashed = async (
    fileId: string,
    channelId: string,
    at: number,
    more: Partial<SharedFile> = {},
    now = T0 + DAY,
  ) => {
    await recordShares(catalog, TEAM, [found(fileId, channelId, at, more)], at);
    await storeFile(catalog, fileId);
    const deleted = { actorId: 'U1', channelId, purgeAt: T0 + 9 * DAY, now };
    await trashFile(catalog, { ref: { teamId: TEAM, fileId }, ...deleted });
  };
  beforeAll(async () => {
    catalog = await fresh();
    await trashed('F1', 'C1', T0, { name: 'budget plan.pdf' });
    const sheet = { filetype: 'xlsx', mimetype: 'application/vnd.ms-excel' };
    await trashed('F2', 'C1', T0 - 9 * DAY, { name: 'budget.xlsx', uploaderId: 'U2', ...sheet });
    await trashed('F3', 'C1', T0, { name: 'photo.png', filetype: 'png', mimetype: 'image/png' });
    await trashed('F4', 'C2', T0, { name: 'budget.pdf', uploaderId: 'U2' });
    // Not in the trash.
    await recordShares(catalog, TEAM, [found('F5', 'C1', T0, { name: 'budget.pdf' })], T0);
    await storeFile(catalog, 'F5');
  });
  afterAll(() => catalog.close());

  const like = async (filter: ListFilter, viewer: Viewer = IN_C1) =>
    (await trashedLike(catalog, { viewer, filter, limit: 99 })).fileIds.sort();

  it.each<[string, ListFilter, string[]]>([
    ['everything', {}, ['F1', 'F2', 'F3']],
    ['words', { text: 'budget' }, ['F1', 'F2']],
    ['all of the words', { text: 'plan budget' }, ['F1']],
    ['an id', { text: 'f3' }, ['F3']],
    ['a quoted text', { text: 'budget plan', phrases: ['budget plan'] }, ['F1']],
    ['a pattern', { patterns: ['*.png'] }, ['F3']],
    ['a word that is not there', { text: 'budget', notText: ['plan'] }, ['F2']],
    ['a type', { types: ['pdf'] }, ['F1']],
    ['a family of types', { types: ['image'] }, ['F3']],
    ['no type', { text: 'budget', notTypes: ['pdf'] }, ['F2']],
    ['a person, by upload or share', { userId: 'U2' }, ['F2']],
    ['not of a person', { notUserIds: ['U2'] }, ['F1', 'F3']],
    ['days', { after: T0 - DAY }, ['F1', 'F3']],
    ['earlier days', { before: T0 - DAY }, ['F2']],
    ['a size', { minBytes: 1_001 }, []],
    ['a hash', { sha256: 'aaaaaaaa', text: 'photo' }, ['F3']],
    ['not in a channel', { notChannelIds: ['C1'] }, []],
  ])('by %s', async (_, filter, ids) => {
    expect(await like(filter)).toEqual(ids);
  });

  it('a viewer’s own uploads count where they are not, and nobody else’s', async () => {
    expect(await like({ text: 'budget' }, { ...IN_C1, ownUserId: 'U2' })).toEqual(['F1', 'F2', 'F4']);
    expect(await like({}, { teamId: TEAM, channelIds: [], ownUserId: 'U3' })).toEqual([]);
  });

  it('stops at the limit, and says when there was no time', async () => {
    const asked = { viewer: IN_C1, filter: {} };
    expect((await trashedLike(catalog, { ...asked, limit: 2 })).fileIds).toHaveLength(2);
    expect(await trashedLike(catalog, { ...asked, limit: 9, budget: new Budget(0) })).toEqual({
      fileIds: [],
      stopped: true,
    });
  });

  it('where texts count and there was no time to look at all, none comes by its name alone', async () => {
    const last = async (filter: ListFilter, isSlow: boolean) => {
      const together: Together = async (files) => ({
        are: new Set(isSlow ? [] : files.map(({ fileId }) => fileId)),
        isWhole: !isSlow,
      });
      // The time is up when the texts are looked through, not for what comes after.
      const asked = { viewer: IN_C1, filter, limit: 10, contents: true, together };
      const { files, stopped } = await lastTrashed(catalog, asked);
      return { ids: files.map(({ fileId }) => fileId), stopped };
    };
    const photo = await catalog.db
      .selectFrom('file')
      .select(['id', 'audienceId'])
      .where('fileId', '=', 'F3')
      .executeTakeFirstOrThrow();
    await indexWords(catalog, photo, { words: new Set(['budget', 'plan']) });
    const inText = { text: 'budget plan', phrases: ['budget plan'], where: 'text' as const };
    expect(await last(inText, false)).toEqual({ ids: ['F3'], stopped: false });
    expect(await last(inText, true)).toEqual({ ids: [], stopped: true });
  });

  it('of many, the last deleted come first; one below hundreds that were deleted later is found, too', async () => {
    const last = async (filter: ListFilter, limit: number, budget = new Budget()) => {
      const { files, ...rest } = await lastTrashed(catalog, { viewer: IN_C1, filter, limit, budget });
      return { ids: files.map(({ fileId }) => fileId), ...rest };
    };
    for (let i = 0; i < 201; i++) await trashed(`G${i}`, 'C1', T0, { name: 'note.txt' }, T0 + 2 * DAY + i);
    expect(await last({ text: 'photo' }, 10)).toEqual({ ids: ['F3'], more: false, stopped: false });
    expect(await last({ text: 'note' }, 2)).toEqual({ ids: ['G200', 'G199'], more: true, stopped: false });
    expect(await last({ text: 'photo' }, 10, new Budget(0))).toEqual({ ids: [], more: false, stopped: true });
  });
});
