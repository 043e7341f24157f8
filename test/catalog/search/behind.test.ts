import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { moveChannel } from '../../../src/catalog/files/move-channel.ts';
import { indexDueSaid, isSaidDue } from '../../../src/catalog/files/said-due.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { trashFile } from '../../../src/catalog/files/trash.ts';
import type { ListFilter } from '../../../src/catalog/model.ts';
import { countUpTo } from '../../../src/catalog/search/gather.ts';
import { sortedFiles } from '../../../src/catalog/search/sorted.ts';
import { lastTrashed, trashedLike } from '../../../src/catalog/search/trashed-like.ts';
import { databases } from '../databases.ts';
import { found, sampleShare, storeFile, T0, TEAM } from '../samples.ts';

describe.each(databases)('while what was said waits for its index on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeEach(async () => {
    catalog = await fresh();
    await record('F1', 'the budget');
    await record('F2', 'the budget, a draft');
    while (await indexDueSaid(catalog));
  });
  afterEach(() => catalog.close());

  const record = async (fileId: string, text: string) => {
    const share = sampleShare('C1', T0, { said: { author: 'U1', text, at: T0 } });
    await recordShares(catalog, TEAM, [{ ...found(fileId, 'C1', T0), share }], T0);
    await storeFile(catalog, fileId);
  };
  /** Everything waits, and a search cannot put it in: SQLite's disk is full. */
  const fallBehind = async () => {
    if (catalog.kind === 'sqlite')
      await sql`create trigger full before delete on said_due begin select raise(abort, 'full'); end`.execute(
        catalog.db,
      );
    await moveChannel(catalog, TEAM, 'C1', 'C9');
  };
  const catchUp = async () => {
    if (catalog.kind === 'sqlite') await sql`drop trigger full`.execute(catalog.db);
    while (await indexDueSaid(catalog));
  };
  const asked = (filter: ListFilter, channelId = 'C9') => ({
    ...{ viewer: { teamId: TEAM, channelIds: [channelId] }, filter, limit: 10, said: true },
  });
  const find = async (filter: ListFilter, channelId?: string) => {
    const { files, stopped, behind } = await sortedFiles(catalog, asked(filter, channelId));
    return { ids: files.map(({ fileId }) => fileId).sort(), stopped, behind };
  };
  const behind = { stopped: true, behind: true };
  const whole = { stopped: undefined, behind: undefined };

  it('a search says that not all was searched, until it is', async () => {
    await fallBehind();
    expect(await find({ text: 'budget' })).toEqual({ ids: [], ...behind });
    expect(await find({ notText: ['draft'] })).toMatchObject(behind);
    await catchUp();
    expect(await find({ text: 'budget' })).toEqual({ ids: ['F1', 'F2'], ...whole });
    expect(await find({ notText: ['draft'] })).toEqual({ ids: ['F1'], ...whole });
  });

  it('one that does not ask for it says nothing', async () => {
    await fallBehind();
    expect(await find({ text: 'F1' })).toMatchObject({ ids: ['F1'], ...behind });
    expect(await find({ text: 'F1', where: 'name' })).toEqual({ ids: ['F1'], ...whole });
    expect(await find({})).toEqual({ ids: ['F1', 'F2'], ...whole });
    const { files, stopped } = await sortedFiles(catalog, {
      ...asked({ text: 'F1' }),
      said: undefined,
    } as never);
    expect([files.length, stopped]).toEqual([1, undefined]);
  });

  it('the trash says it, too', async () => {
    for (const fileId of ['F1', 'F2'])
      await trashFile(catalog, {
        ...{ ref: { teamId: TEAM, fileId }, actorId: 'U1', channelId: 'C1', purgeAt: T0 * 2, now: T0 },
      });
    await fallBehind();
    const words = asked({ text: 'budget', where: 'text' });
    expect(await trashedLike(catalog, words)).toMatchObject(behind);
    expect(await lastTrashed(catalog, words)).toMatchObject(behind);
    expect(await trashedLike(catalog, asked({ notText: ['draft'] }))).toMatchObject(behind);
    await catchUp();
    const { fileIds, ...all } = await trashedLike(catalog, words);
    expect([fileIds.sort(), all]).toEqual([['F1', 'F2'], { stopped: false }]);
  });

  it('what is counted is told as "at least", also where it was put in order', async () => {
    const filter = { text: 'F1' };
    const count = () => countUpTo(catalog, asked(filter), { ms: 10_000, are: 'asked' });
    const sorted = () => sortedFiles(catalog, asked({ ...filter, sort: 'largest' }));
    await fallBehind();
    expect(await count()).toMatchObject({ count: 1, more: true });
    const { files, ...page } = await sorted();
    expect(files).toHaveLength(1);
    expect(page).toEqual({ newer: null, older: null, ...behind });
    await catchUp();
    expect(await count()).toMatchObject({ count: 1, more: false });
    expect((await sorted()).gathered).toHaveLength(1);
  });

  it('what has just come says nothing of that: it is found', async () => {
    await record('F3', 'another budget');
    expect(await isSaidDue(catalog)).toBe(catalog.kind === 'sqlite');
    expect(await find({ text: 'budget' }, 'C1')).toEqual({ ids: ['F1', 'F2', 'F3'], ...whole });
  });
});
