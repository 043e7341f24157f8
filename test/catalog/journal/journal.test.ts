import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { upsertChannel } from '../../../src/catalog/files/channels.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { removeShare } from '../../../src/catalog/files/unshare.ts';
import {
  claimJournal,
  deferJournal,
  hurryJournal,
  nextJournalDueAt,
  readJournalBatch,
  segmentWritten,
} from '../../../src/catalog/journal/journal.ts';
import { databases, empty } from '../databases.ts';
import { found, sampleShare, T0, TEAM } from '../samples.ts';

const PACE = { everyMs: 60_000, batch: 10 };

describe.each(databases)('the journal on $name', ({ fresh }) => {
  let db: Catalog;
  beforeAll(async () => {
    db = await fresh();
  });
  afterEach(() => empty(db));
  afterAll(() => db.close());

  const share = (fileId: string) => recordShares(db, TEAM, [found(fileId, 'C1', T0)], T0);
  const claim = async (owner: string, now: number) =>
    (await claimJournal(db, PACE, { owner, limit: 1, leaseMs: 1_000, now }))[0];

  test('is not due while there is nothing to tell; the first change starts the clock', async () => {
    expect(await nextJournalDueAt(db, PACE, T0)).toBeNull();
    await share('F1');
    expect(await nextJournalDueAt(db, PACE, T0)).toBe(T0 + 60_000);
    await share('F2');
    expect(await nextJournalDueAt(db, PACE, T0 + 30_000)).toBe(T0 + 60_000);
    expect(await claim('a', T0 + 59_999)).toBeUndefined();
    expect(await claim('a', T0 + 60_000)).toMatchObject({ number: 1 });
  });

  test('does not wait when much has changed, or when the process is about to stop', async () => {
    for (let i = 0; i < 5; i++) await share(`F${i}`);
    expect(await nextJournalDueAt(db, PACE, T0)).toBe(T0);
    const lease = await claim('a', T0);
    if (!lease) throw new Error('it was not due');
    await deferJournal(db, 'a', T0 + 7_000);
    // A failing bucket is not asked more often when much waits.
    expect(await nextJournalDueAt(db, PACE, T0)).toBe(T0 + 7_000);
    await hurryJournal(db, T0);
    expect(await claim('a', T0)).toMatchObject({ number: 2 });
  });

  test('is written by one at a time, and a number is given once', async () => {
    await share('F1');
    await hurryJournal(db, T0);
    expect(await claim('a', T0)).toMatchObject({ number: 1 });
    expect(await claim('b', T0 + 999)).toBeUndefined();
    expect(await claim('b', T0 + 1_000)).toMatchObject({ number: 2 });
  });

  test('forgets only what the segment told: a change made meanwhile, and one told by somebody slow, stay', async () => {
    await share('F1');
    await hurryJournal(db, T0);
    const slow = await claim('a', T0);
    const slowBatch = slow && (await readJournalBatch(db, slow, 10));
    const quick = await claim('b', T0 + 1_000);
    const batch = quick && (await readJournalBatch(db, quick, 10));
    if (!slow || !slowBatch || !quick || !batch) throw new Error('it was not due');
    await removeShare(db, TEAM, { channelId: 'C1', ts: sampleShare('C1', T0).ts as string }, T0);
    expect(await segmentWritten(db, quick, batch, 'b')).toBe(true);
    expect(await segmentWritten(db, slow, slowBatch, 'a')).toBe(false);
    await hurryJournal(db, T0);
    const last = await claim('b', T0 + 5_000);
    const rest = last && (await readJournalBatch(db, last, 10));
    expect(rest?.records).toMatchObject([{ kind: 'file', shares: [{ removedAt: T0 }] }]);
  });

  test('never holds a private URL', async () => {
    await recordShares(db, TEAM, [found('F1', 'C1', T0, { url: 'https://files.slack.com/files-pri/x' })], T0);
    await hurryJournal(db, T0);
    const lease = await claim('a', T0);
    const batch = lease && (await readJournalBatch(db, lease, 10));
    expect(batch?.records).toHaveLength(1);
    expect(JSON.stringify(batch?.records)).not.toContain('files-pri');
  });

  test('a channel that is looked at again is not news; a changed one is', async () => {
    const channel = { teamId: TEAM, channelId: 'C1', name: 'general', kind: 'public' as const };
    await upsertChannel(db, { ...channel, checkedAt: 1 });
    const notes = async () => (await db.db.selectFrom('journalDirty').selectAll().execute()).length;
    expect(await notes()).toBe(1);
    await upsertChannel(db, { ...channel, checkedAt: 2 });
    expect(await notes()).toBe(1);
    await upsertChannel(db, { ...channel, kind: 'private', checkedAt: 3 });
    expect(await notes()).toBe(2);
  });
});
