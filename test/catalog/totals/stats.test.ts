import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { moveChannel } from '../../../src/catalog/files/move-channel.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { restoreFile, trashFile } from '../../../src/catalog/files/trash.ts';
import { up as sumStored } from '../../../src/catalog/migrations/0007_stats.ts';
import { up as sumTrash } from '../../../src/catalog/migrations/0012_trash_sums.ts';
import { unkeptSums as fillUnkept } from '../../../src/catalog/migrations/0014_listed.ts';
import type { SkipReason } from '../../../src/catalog/model.ts';
import { stats, trashTotal, unkeptSums, uploadedBy } from '../../../src/catalog/totals/stats.ts';
import { runs } from '../../runs.ts';
import { databases, empty } from '../databases.ts';
import { found, sampleShare, sampleStub, storeFile, T0, TEAM } from '../samples.ts';

const DAY = 24 * 60 * 60_000;

describe.each(databases)('stats on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterEach(() => empty(catalog));
  afterAll(() => catalog.close());

  const record = (
    fileId: string,
    channelId: string,
    at: number,
    o: { uploaderId?: string; filetype?: string } = {},
  ) => recordShares(catalog, TEAM, [found(fileId, channelId, at, o)], T0);
  const ask = (channelIds: string[], whole = false, limit = 5) =>
    stats(catalog, { teamId: TEAM, channelIds, whole, since: '2026-09', limit });
  const leaveOut = (fileId: string, channelId: string, skip: SkipReason, name: string | null = null) =>
    recordShares(
      catalog,
      TEAM,
      [{ file: sampleStub(fileId, { name, uploaderId: 'U1' }), share: sampleShare(channelId, T0), skip }],
      T0,
    );
  const trash = (fileId: string) =>
    trashFile(catalog, {
      ref: { teamId: TEAM, fileId },
      actorId: 'U1',
      channelId: 'C1',
      purgeAt: T0 + DAY,
      now: T0,
    });

  test('sums what the asker may see, by month, type, channel and person', async () => {
    await record('F1', 'C1', T0 - 70 * DAY, { filetype: 'png', uploaderId: 'U2' });
    await record('F2', 'C1', T0);
    await record('F2', 'C2', T0 + 1);
    await record('F3', 'C3', T0 + 2, { filetype: 'mp4', uploaderId: 'U3' });
    await record('F4', 'C1', T0 + 3); // not stored yet
    await storeFile(catalog, 'F1', { bytes: 10 });
    await storeFile(catalog, 'F2', { bytes: 200 });
    await storeFile(catalog, 'F3', { bytes: 3000 });
    expect(await ask(['C1', 'C2'])).toEqual({
      total: { files: 2, bytes: 210 },
      months: [
        { name: '2026-09', files: 1, bytes: 10 },
        { name: '2026-11', files: 1, bytes: 200 },
      ],
      types: [
        { name: 'pdf', files: 1, bytes: 200 },
        { name: 'png', files: 1, bytes: 10 },
      ],
      channels: [
        { name: 'C1', files: 2, bytes: 210 },
        { name: 'C2', files: 1, bytes: 200 },
      ],
      people: [
        { name: 'U1', files: 1, bytes: 200 },
        { name: 'U2', files: 1, bytes: 10 },
      ],
    });
    const all = await ask(['C1'], true, 1);
    expect(all.total).toEqual({ files: 3, bytes: 3210 });
    expect(all.types).toEqual([{ name: 'mp4', files: 1, bytes: 3000 }]);
    expect(all.people).toEqual([{ name: 'U3', files: 1, bytes: 3000 }]);
    expect(all.channels).toEqual([{ name: 'C1', files: 2, bytes: 210 }]);
    expect(await uploadedBy(catalog, TEAM, 'U3')).toEqual({ files: 1, bytes: 3000 });
    const nothing = await ask([]);
    expect(nothing.total).toEqual({ files: 0, bytes: 0 });
    expect(nothing.months.concat(nothing.types, nothing.channels, nothing.people)).toEqual([]);
  });

  test('what is in the trash does not count, until it is restored', async () => {
    await record('F1', 'C1', T0);
    await storeFile(catalog, 'F1', { bytes: 10 });
    await trash('F1');
    expect((await ask(['C1'])).months).toEqual([]);
    expect(await trashTotal(catalog, TEAM)).toEqual({ files: 1, bytes: 10 });
    await restoreFile(catalog, { ref: { teamId: TEAM, fileId: 'F1' }, actorId: 'U1', now: T0 });
    expect((await ask(['C1'])).months).toEqual([{ name: '2026-11', files: 1, bytes: 10 }]);
    expect(await trashTotal(catalog, TEAM)).toEqual({ files: 0, bytes: 0 });
  });

  test('what is not kept and what is on its way is counted apart, by reason, within reach', async () => {
    await record('F1', 'C1', T0);
    await record('F2', 'C1', T0);
    await storeFile(catalog, 'F2', { bytes: 7 });
    await leaveOut('F3', 'C1', 'external', 'a');
    await leaveOut('F4', 'C1', 'external', 'b');
    await leaveOut('F4', 'C2', 'external', 'b');
    await leaveOut('F5', 'C2', 'too_large', 'c');
    await leaveOut('F6', 'C1', 'tombstone'); // nothing of it is shown, so it is not counted either
    const unkept = (channelIds: string[], whole = false) =>
      unkeptSums(catalog, { teamId: TEAM, channelIds, whole });
    expect(await unkept(['C1'])).toEqual({ notKept: [{ reason: 'external', files: 2 }], waiting: 1 });
    const all = {
      notKept: [
        { reason: 'external', files: 2 },
        { reason: 'too_large', files: 1 },
      ],
      waiting: 1,
    };
    expect(await unkept(['C1', 'C2'])).toEqual(all);
    expect(await unkept([], true)).toEqual(all);
    expect(await unkept(['C3'])).toEqual({ notKept: [], waiting: 0 });
    expect((await ask(['C1', 'C2'])).total).toEqual({ files: 1, bytes: 7 });
    await moveChannel(catalog, TEAM, 'C2', 'C9');
    expect(await unkept(['C2'])).toEqual({ notKept: [], waiting: 0 });
    expect((await unkept(['C9'])).notKept).toHaveLength(2);
  });

  test('any sequence of shares, stores, deletions and moved channels leaves exact sums; a fresh fill agrees', async () => {
    const channel = fc.constantFrom('C1', 'C2', 'C3');
    const file = fc.integer({ min: 1, max: 4 });
    const operation = fc.oneof(
      fc.record({
        do: fc.constant('share' as const),
        file,
        channel,
        day: fc.integer({ min: 0, max: 90 }),
        type: fc.constantFrom('pdf', 'png'),
      }),
      fc.record({ do: fc.constant('store' as const), file, bytes: fc.integer({ min: 0, max: 999 }) }),
      fc.record({ do: fc.constant('trash' as const), file }),
      fc.record({
        do: fc.constant('leave out' as const),
        file,
        reason: fc.constantFrom('external' as const, 'tombstone' as const),
      }),
      fc.record({ do: fc.constant('move' as const), from: channel, to: channel }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 12 }), async (operations) => {
        await empty(catalog);
        for (const one of operations) {
          const fileId = 'file' in one ? `F${one.file}` : '';
          if (one.do === 'share')
            await record(fileId, one.channel, T0 - one.day * DAY, { filetype: one.type });
          if (one.do === 'store') await storeFile(catalog, fileId, { bytes: one.bytes }).catch(() => {});
          if (one.do === 'trash') await trash(fileId);
          if (one.do === 'leave out') await leaveOut(fileId, 'C1', one.reason);
          if (one.do === 'move') await moveChannel(catalog, TEAM, one.from, one.to);
        }
        const kept = await sums(catalog);
        await sql`drop table breakdown`.execute(catalog.db);
        await sql`drop index tally_audience`.execute(catalog.db);
        await sumStored(catalog.db as never, catalog.kind);
        await sumTrash(catalog.db as never);
        for (const statement of fillUnkept()) await sql.raw(statement).execute(catalog.db);
        expect(kept).toEqual(await sums(catalog));
      }),
      { numRuns: runs(25) },
    );
  });
});

/** All sums that are not zero. */
async function sums(catalog: Catalog) {
  const { rows } = await sql<{ audience: string; part: string; name: string; files: number; bytes: number }>`
    select a.channels as audience, b.part, b.name, b.files, b.bytes from breakdown b
    join audience a on a.id = b.audience_id where b.files > 0
    order by a.channels, b.part, b.name`.execute(catalog.db);
  return rows;
}
