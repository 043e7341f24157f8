import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { inTransaction } from '../../../src/catalog/db/transaction.ts';
import { indexDueSaid, isSaidDue } from '../../../src/catalog/files/said-due.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { removeShare, unshareFile } from '../../../src/catalog/files/unshare.ts';
import { findFiles } from '../../../src/catalog/search/find.ts';
import { saidJob } from '../../../src/jobs/said.ts';
import { databases, empty } from '../databases.ts';
import { found, sampleShare, storeFile, T0, TEAM } from '../samples.ts';

const sqlite = databases.filter(({ name }) => /sqlite/i.test(name));

it('is tried on SQLite', () => expect(sqlite).toHaveLength(1));

describe.each(sqlite)('what was said waits for the index of $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterAll(() => catalog?.close());
  beforeEach(async () => {
    await empty(catalog);
    await sql`delete from said_due`.execute(catalog.db);
  });

  const ts = sampleShare('C1', T0).ts as string;
  const record = (fileId: string, text: string, at = T0) =>
    recordShares(
      catalog,
      TEAM,
      [{ ...found(fileId, 'C1', T0), share: sampleShare('C1', T0, { said: { author: 'U1', text, at } }) }],
      T0,
    );
  const find = async (filter: { text: string; notText?: string[] }) => {
    const viewer = { teamId: TEAM, channelIds: ['C1'] };
    const { files } = await findFiles(catalog, {
      ...{ viewer, filter: { where: 'text', ...filter }, limit: 5, said: true },
    });
    return files.map(({ fileId }) => fileId).sort();
  };
  /** Of the index alone, without what waits. */
  const indexed = async (word: string) =>
    (await sql`select rowid from said_words where said_words match ${word}`.execute(catalog.db)).rows.length;

  it('and is found at once all the same', async () => {
    await record('F1', 'the budget');
    expect([await indexed('budget'), await isSaidDue(catalog)]).toEqual([0, true]);
    expect(await find({ text: 'budget' })).toEqual(['F1']);
    expect([await indexed('budget'), await isSaidDue(catalog)]).toEqual([1, false]);
  });

  it('also where it is only to be left out', async () => {
    await record('F1', 'the budget');
    await record('F2', 'the budget, a draft');
    await indexDueSaid(catalog);
    await record('F3', 'the budget, another draft');
    expect(await find({ text: 'budget', notText: ['draft'] })).toEqual(['F1']);
  });

  it('is put in by its job, many at once', async () => {
    for (let i = 0; i < 1_200; i++) await record(`F${i}`, `budget ${i}`);
    const job = saidJob({ vault: { catalog, now: () => T0 } } as never);
    if (job === null) throw new Error('there is no such job');
    let turns = 0;
    for (; (await job.claim(1)).length > 0; turns++) await job.work('next', new AbortController().signal);
    expect(turns).toBe(3);
    expect(await indexed('budget')).toBe(1_200);
    expect(await job.nextDueAt()).toBeNull();
  });

  it('has the words of an edit, once', async () => {
    await record('F1', 'the budget');
    await record('F1', 'the forecast', T0 + 1_000);
    await indexDueSaid(catalog);
    expect([await indexed('budget'), await indexed('forecast')]).toEqual([0, 1]);
    await record('F1', 'the topic', T0 + 2_000);
    await indexDueSaid(catalog);
    expect([await indexed('forecast'), await indexed('topic')]).toEqual([0, 1]);
  });

  it('is not put in when the message is gone, or hidden', async () => {
    await record('F1', 'the budget');
    await removeShare(catalog, TEAM, { channelId: 'C1', ts, isUnseen: true }, T0 + 10);
    expect(await indexDueSaid(catalog)).toBe(false);
    expect([await indexed('budget'), await isSaidDue(catalog)]).toEqual([0, false]);
    await record('F2', 'a forecast');
    await storeFile(catalog, 'F2');
    await unshareFile(catalog, { teamId: TEAM, fileId: 'F2', channelId: 'C1' }, T0 + 10);
    await indexDueSaid(catalog);
    expect([await indexed('forecast'), await isSaidDue(catalog)]).toEqual([0, false]);
  });

  it('is put in within a transaction that searches, too', async () => {
    await record('F1', 'the budget');
    await inTransaction(catalog, async (scope) => {
      expect(await indexDueSaid(scope)).toBe(false);
    });
    expect(await indexed('budget')).toBe(1);
  });
});

it('nothing waits on PostgreSQL, where each is put in at once', async () => {
  const catalog = { kind: 'postgres' } as Catalog;
  expect([await isSaidDue(catalog), await indexDueSaid(catalog)]).toEqual([false, false]);
  expect(saidJob({ vault: { catalog } } as never)).toBeNull();
});
