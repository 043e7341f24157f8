import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { NO_OVERRIDES, saveOverrides } from '../../../src/catalog/governance/rules.ts';
import { EPOCH, isOlder } from '../../../src/catalog/reading/older.ts';
import {
  claimReadings,
  forgetReading,
  nextReadingDueAt,
  parkReading,
  type ReadingRecord,
  readAgain,
  readingCounts,
  readingDone,
} from '../../../src/catalog/reading/rows.ts';
import { isStartDue, startReading } from '../../../src/catalog/reading/start.ts';
import { wantedOf } from '../../../src/catalog/reading/wanted.ts';
import { READER } from '../../../src/reader-version.ts';
import type { TextMode } from '../../../src/text-modes.ts';
import { databases, empty } from '../databases.ts';
import { found, sampleShare, storeFile, T0, TEAM } from '../samples.ts';

describe.each(databases)('switching reading on, on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterAll(() => catalog?.close());
  beforeEach(() => empty(catalog));

  async function store(fileId: string, mimetype = 'application/pdf') {
    await recordShares(catalog, TEAM, [found(fileId, 'C1', T0, { mimetype })], T0);
    await storeFile(catalog, fileId);
  }
  const rows = async () => {
    const all = await catalog.db.selectFrom('reading').select('fileId').orderBy('fileId').execute();
    return all.map(({ fileId }) => fileId);
  };

  it('before it, a stored file costs nothing; after it, all files that may hold words are to be read, once', async () => {
    await store('F1');
    await store('F2', 'image/png');
    await store('F3', 'image/svg+xml');
    expect(await rows()).toEqual([]);
    expect(await startReading(catalog)).toBe(true);
    await store('F4');
    expect(await rows()).toEqual(['F4']);
    expect(await startReading(catalog)).toBe(false);
    expect(await rows()).toEqual(['F1', 'F3', 'F4']);
    await catalog.db.deleteFrom('reading').execute();
    expect(await startReading(catalog)).toBe(false);
    expect(await rows()).toEqual([]);
  });

  const set = (channelId: string, text?: TextMode) => {
    const own = { ...NO_OVERRIDES, ...(text && { text }) };
    return saveOverrides(catalog, { teamId: TEAM, channelId, own, actorId: 'U9', now: T0 });
  };
  const dueRows = async () => {
    const all = await catalog.db
      .selectFrom('reading')
      .select('fileId')
      .where('dueAt', 'is not', null)
      .execute();
    return all.map(({ fileId }) => fileId).sort();
  };
  const claim = { owner: 'a', limit: 9, leaseMs: 60_000, now: T0 };

  it('files of channels that are not read are left alone, until the channel says otherwise', async () => {
    await store('F1');
    await recordShares(catalog, TEAM, [found('F2', 'C2', T0)], T0);
    await storeFile(catalog, 'F2');
    await recordShares(catalog, TEAM, [found('F3', 'C2', T0)], T0);
    await recordShares(catalog, TEAM, [{ ...found('F3', 'C1', T0), share: sampleShare('C1', T0 + 5) }], T0);
    await storeFile(catalog, 'F3');
    await set('C2', 'words');
    while (await startReading(catalog));
    // One channel that wants it is enough.
    expect(await rows()).toEqual(['F1', 'F3']);
    expect(await isStartDue(catalog)).toBe(false);
    await set('C2');
    expect(await isStartDue(catalog)).toBe(true);
    while (await startReading(catalog));
    expect(await rows()).toEqual(['F1', 'F2', 'F3']);
  });

  it('where nobody is read by default, one channel switches it on for itself', async () => {
    await store('F1');
    await recordShares(catalog, TEAM, [found('F2', 'C2', T0)], T0);
    await storeFile(catalog, 'F2');
    expect(await isStartDue(catalog, [], false)).toBe(false);
    expect(await startReading(catalog, [], false)).toBe(false);
    await set('C2', 'contents');
    expect(await isStartDue(catalog, [], false)).toBe(true);
    while (await startReading(catalog, [], false));
    expect(await rows()).toEqual(['F2']);
    // Later all are, after a restart with another environment.
    expect(await isStartDue(catalog)).toBe(true);
    while (await startReading(catalog));
    expect(await rows()).toEqual(['F1', 'F2']);
  });

  it('what no channel wants to be read any more is forgotten, and nothing else', async () => {
    while (await startReading(catalog));
    await store('F1');
    await recordShares(catalog, TEAM, [found('F2', 'C2', T0)], T0);
    await storeFile(catalog, 'F2');
    for (const row of await claimReadings(catalog, claim))
      await readingDone(catalog, row, 'a', { words: new Set(['budget']), state: 'read', reason: null });
    await set('C2', 'off');
    while (await startReading(catalog));
    expect(await dueRows()).toEqual(['F2']);
    const [row] = await claimReadings(catalog, claim);
    expect(await wantedOf(catalog, row as never, true)).toBe('no');
    expect(await wantedOf(catalog, { teamId: TEAM, fileId: 'F1' }, true)).toBe('yes');
    expect(await wantedOf(catalog, { teamId: TEAM, fileId: 'F1' }, false)).toBe('not_now');
    expect(await forgetReading(catalog, row as never, 'somebody else', true)).toBe(false);
    expect(await forgetReading(catalog, row as never, 'a', true)).toBe(true);
    const { rows: left } = await sql<{ n: number }>`select count(*) as n from content_document`.execute(
      catalog.db,
    );
    expect(Number(left[0]?.n)).toBe(1);
    expect(await rows()).toEqual(['F1']);
    await set('C2', 'all');
    while (await startReading(catalog));
    expect(await dueRows()).toEqual(['F2']);
  });

  const storeIn = async (fileId: string, channelId: string) => {
    await recordShares(catalog, TEAM, [found(fileId, channelId, T0)], T0);
    await storeFile(catalog, fileId);
  };
  const shareIn = (fileId: string, channelId: string) =>
    recordShares(
      catalog,
      TEAM,
      [{ ...found(fileId, channelId, T0), share: sampleShare(channelId, T0 + 5) }],
      T0,
    );

  it('what is shared where it is read while it is about to be forgotten, or left alone, is read again', async () => {
    while (await startReading(catalog));
    await set('C2', 'off');
    await set('C3', 'contents');
    await storeIn('F1', 'C2');
    await storeIn('F2', 'C1');
    const [first, second] = (await claimReadings(catalog, claim)).toSorted((a, b) =>
      a.fileId < b.fileId ? -1 : 1,
    );
    expect(await wantedOf(catalog, first as never, true)).toBe('no');
    expect(await wantedOf(catalog, second as never, false)).toBe('not_now');
    await shareIn('F1', 'C1');
    await shareIn('F2', 'C3');
    expect(await forgetReading(catalog, first as never, 'a', true)).toBe(false);
    expect(await parkReading(catalog, second as never, 'a', false)).toBe(true);
    expect(await dueRows()).toEqual(['F1', 'F2']);
    expect(await claimReadings(catalog, claim)).toHaveLength(2);
  });

  it('what is to be forgotten while somebody reads it is forgotten after that', async () => {
    while (await startReading(catalog));
    await storeIn('F1', 'C2');
    const [row] = await claimReadings(catalog, claim);
    await set('C2', 'off');
    while (await startReading(catalog));
    await readingDone(catalog, row as never, 'a', { words: new Set(['x']), state: 'read', reason: null });
    expect(await dueRows()).toEqual(['F1']);
    const [again] = await claimReadings(catalog, claim);
    expect(await forgetReading(catalog, again as never, 'a', true)).toBe(true);
    expect(await rows()).toEqual([]);
  });

  it('pictures are read only where their languages are named, then those from before, too, and PDFs without text again', async () => {
    await store('F1', 'image/png');
    await startReading(catalog);
    await startReading(catalog);
    await store('F2', 'image/jpeg');
    await store('F3');
    await store('F4');
    const [scan] = await catalog.db.selectFrom('reading').selectAll().execute();
    await catalog.db
      .updateTable('reading')
      .set({ state: 'unread', dueAt: null })
      .where('fileId', '=', scan?.fileId as string)
      .execute();
    expect(await rows()).toEqual(['F3', 'F4']);
    expect(await startReading(catalog, ['eng'])).toBe(true);
    await store('F5', 'image/png');
    while (await startReading(catalog, ['eng']));
    expect(await rows()).toEqual(['F1', 'F2', 'F3', 'F4', 'F5']);
    const due = await catalog.db.selectFrom('reading').select('fileId').where('dueAt', 'is', null).execute();
    expect(due).toEqual([]);
    expect(await startReading(catalog, ['eng'])).toBe(false);
    await startReading(catalog);
    await store('F6', 'image/png');
    expect(await rows()).not.toContain('F6');
  });

  it('what was shared long before it was stored waits behind what is new, the newest first', async () => {
    await startReading(catalog);
    await startReading(catalog);
    const year = 365 * 86_400_000;
    for (const [fileId, at] of [
      ['F1', T0 - 2 * year],
      ['F2', T0 - year],
      ['F3', T0 - 3_600_000],
    ] as const) {
      await recordShares(catalog, TEAM, [found(fileId, 'C1', at)], at);
      await storeFile(catalog, fileId, { now: T0 });
    }
    const claim = { owner: 'a', limit: 9, leaseMs: 60_000, now: T0 };
    expect(isOlder((await nextReadingDueAt(catalog)) ?? -1)).toBe(false);
    const fresh = await claimReadings(catalog, { ...claim, onlyNew: true });
    expect(fresh.map(({ fileId, dueAt }) => [fileId, dueAt])).toEqual([['F3', T0 + 60_000]]);
    expect(isOlder((await nextReadingDueAt(catalog)) ?? -1)).toBe(true);
    expect(await readingCounts(catalog, TEAM)).toMatchObject({ waiting: 3, older: 2 });
    expect((await claimReadings(catalog, claim)).map(({ fileId }) => fileId)).toEqual(['F2', 'F1']);
  });

  const setRow = (fileId: string, row: Partial<ReadingRecord>) =>
    catalog.db.updateTable('reading').set(row).where('fileId', '=', fileId).execute();

  it('once the reader is better, all that was read is to be read anew, behind all others, the newest first', async () => {
    while (await startReading(catalog));
    for (const [n, fileId] of ['F1', 'F2', 'F3', 'F4', 'F5'].entries()) {
      await recordShares(catalog, TEAM, [found(fileId, 'C1', T0 + n * 60_000)], T0);
      await storeFile(catalog, fileId);
    }
    // As a version before it left them.
    const before = { dueAt: null, reader: 1 };
    await setRow('F1', { ...before, state: 'read' });
    await setRow('F2', { ...before, state: 'unread', reason: 'damaged' });
    await setRow('F3', { ...before, state: 'read', reader: READER });
    await setRow('F4', { ...before, state: 'read', reader: -READER });
    await setRow('F5', { dueAt: EPOCH, reader: 1 });
    expect(await isStartDue(catalog)).toBe(false);
    await catalog.db.updateTable('readingStart').set({ reader: 1 }).execute();
    expect(await isStartDue(catalog)).toBe(true);
    while (await startReading(catalog));
    expect(await dueRows()).toEqual(['F1', 'F2', 'F5']);
    expect(await readingCounts(catalog, TEAM)).toMatchObject({ waiting: 3, older: 3 });
    expect(await nextReadingDueAt(catalog, { onlyNew: true })).toBeNull();
    expect(await claimReadings(catalog, { ...claim, onlyNew: true })).toEqual([]);
    const claimed = await claimReadings(catalog, claim);
    expect(claimed.map(({ fileId, reader, dueAt }) => [fileId, reader, dueAt])).toEqual([
      ['F5', 1, T0 + 60_000],
      ['F2', 0, T0 + 60_000],
      ['F1', 0, T0 + 60_000],
    ]);
    // It is noted: should its reader die, the next one knows.
    const later = await claimReadings(catalog, { ...claim, now: T0 + 60_000, onlyNew: true });
    expect(later.map(({ fileId, reader }) => `${fileId} ${reader}`).sort()).toEqual(['F1 0', 'F2 0', 'F5 1']);
    expect(await isStartDue(catalog)).toBe(false);
  });

  it('a text of an older reader that nobody wants to be read now is left alone', async () => {
    while (await startReading(catalog));
    await store('F1');
    await setRow('F1', { dueAt: null, state: 'read', reader: 1 });
    await set('C2', 'contents');
    await catalog.db.updateTable('readingStart').set({ reader: 1 }).execute();
    while (await startReading(catalog, [], false));
    expect(await dueRows()).toEqual([]);
    while (await startReading(catalog));
    expect(await dueRows()).toEqual(['F1']);
  });

  it('PDFs of which some pages are pictures are read anew with OCR, and found by the others until then', async () => {
    while (await startReading(catalog));
    await store('F1');
    await store('F2');
    await setRow('F1', { dueAt: null, state: 'read', reason: 'pictures_not_read', reader: READER });
    await setRow('F2', { dueAt: null, state: 'read', reader: READER });
    while (await startReading(catalog, ['eng']));
    expect(await claimReadings(catalog, claim)).toMatchObject([{ fileId: 'F1', state: 'read', reader: 0 }]);
  });

  it('what was read in part, or by an older reader, is read again when somebody asks, and counts until then', async () => {
    while (await startReading(catalog));
    for (const fileId of ['F1', 'F2', 'F3']) await store(fileId);
    await setRow('F1', { dueAt: null, state: 'read', reader: 1 });
    await setRow('F2', { dueAt: null, state: 'read', reason: 'damaged', reader: READER });
    await setRow('F3', { dueAt: null, state: 'read', reader: READER });
    expect(await readAgain(catalog)).toBe(2);
    expect(await claimReadings(catalog, claim)).toMatchObject([
      { fileId: 'F2', state: 'read', reader: 0 },
      { fileId: 'F1', state: 'read', reader: 0 },
    ]);
  });

  it('what could not be read is read again when somebody asks', async () => {
    await startReading(catalog);
    await startReading(catalog);
    await store('F1');
    await store('F2');
    const set = { state: 'unread', reason: 'damaged', dueAt: null } as const;
    await catalog.db.updateTable('reading').set(set).where('fileId', '=', 'F1').execute();
    expect(await readAgain(catalog)).toBe(1);
    expect(await readingCounts(catalog, TEAM)).toEqual({ waiting: 2, older: 0, unread: [] });
  });

  it('the files from before are gone through in steps, the newest first', async () => {
    const file = await store('F1')
      .then(() => store('F0'))
      .then(() =>
        catalog.db.selectFrom('file').selectAll().where('fileId', '=', 'F0').executeTakeFirstOrThrow(),
      );
    const { id: _, ...rest } = file;
    const many = Array.from({ length: 600 }, (_, n) => ({ ...rest, fileId: `G${n}` }));
    for (let n = 0; n < many.length; n += 20)
      await catalog.db
        .insertInto('file')
        .values(many.slice(n, n + 20))
        .execute();
    await startReading(catalog);
    expect(await startReading(catalog)).toBe(true);
    expect(await rows()).toHaveLength(500);
    expect(await rows()).not.toContain('F0');
    expect(await startReading(catalog)).toBe(false);
    expect(await rows()).toHaveLength(602);
  });
});
