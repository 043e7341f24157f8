import { setTimeout as after } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import type { Scope } from '../../../src/catalog/db/schema.ts';
import { inTransaction } from '../../../src/catalog/db/transaction.ts';
import { moveChannel } from '../../../src/catalog/files/move-channel.ts';
import { indexDueSaid, isSaidDue } from '../../../src/catalog/files/said-due.ts';
import { recordShares, recordSharesIn } from '../../../src/catalog/files/shares.ts';
import { removeShare, unshareFile } from '../../../src/catalog/files/unshare.ts';
import { findFiles } from '../../../src/catalog/search/find.ts';
import { saidJob } from '../../../src/jobs/said.ts';
import { databases, empty } from '../databases.ts';
import { found, sampleShare, storeFile, T0, TEAM } from '../samples.ts';

type Sought = { text: string; notText?: string[] };

/** The files that somebody in this channel finds by what was said with them. */
async function foundBy(catalog: Catalog, filter: Sought, channelId = 'C1'): Promise<string[]> {
  const viewer = { teamId: TEAM, channelIds: [channelId] };
  const { files } = await findFiles(catalog, {
    ...{ viewer, filter: { where: 'text', ...filter }, limit: 5, said: true },
  });
  return files.map(({ fileId }) => fileId).sort();
}

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
  const find = (filter: Sought) => foundBy(catalog, filter);
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
    let turns = 0;
    for (; (await job.claim(1)).length > 0; turns++) await job.work('next', new AbortController().signal);
    expect(turns).toBeGreaterThan(1);
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

it.each(databases)('an upgrade has all of it put in anew, on $name', async ({ fresh }) => {
  const catalog = await fresh();
  const word = { author: 'U1', text: 'the budget', at: T0 };
  const file = found('F1', 'C1', T0, { facts: { altText: 'a pelican' } });
  await recordShares(catalog, TEAM, [{ ...file, share: sampleShare('C1', T0, { said: word }) }], T0);
  const find = async (text: string) => (await foundBy(catalog, { text })).length;
  expect([await find('budget'), await find('pelican')]).toEqual([1, 1]);
  await sql`delete from said_words where ${sql.ref(catalog.kind === 'sqlite' ? 'rowid' : 'id')} <> 0`.execute(
    catalog.db,
  );
  await sql`delete from said_due`.execute(catalog.db);
  expect([await find('budget'), await find('pelican')]).toEqual([0, 0]);
  await sql`insert into said_due (id) select id from said union all select -id from file`.execute(catalog.db);
  await indexDueSaid(catalog);
  expect([await find('budget'), await find('pelican'), await isSaidDue(catalog)]).toEqual([1, 1, false]);
  await catalog.close();
});

it.each(databases)(
  'what Slack tells of a file that was taken back everywhere follows its channel, on $name',
  async ({ fresh }) => {
    const catalog = await fresh();
    const file = found('F1', 'C1', T0, { facts: { altText: 'a pelican' }, uploaderId: 'U1' });
    const share = sampleShare('C1', T0);
    await recordShares(catalog, TEAM, [{ ...file, share }], T0);
    await storeFile(catalog, 'F1');
    await removeShare(catalog, TEAM, { channelId: 'C1', ts: share.ts as string }, T0 + 10);
    const find = async () => {
      while (await indexDueSaid(catalog));
      const viewer = { teamId: TEAM, channelIds: [], ownUserId: 'U1' };
      const asked = { viewer, filter: { text: 'pelican' }, limit: 5, said: true };
      return (await findFiles(catalog, asked)).files.map(({ fileId }) => fileId);
    };
    expect(await find()).toEqual(['F1']);
    await moveChannel(catalog, TEAM, 'C1', 'C9');
    expect(await find()).toEqual(['F1']);
    await catalog.close();
  },
);

it.each(databases)('an edit that comes at the same moment counts, on $name', async ({ fresh }) => {
  const catalog = await fresh();
  const tell = (scope: Scope, text: string, at: number) =>
    recordSharesIn(
      scope,
      TEAM,
      [{ ...found('F1', 'C1', T0), share: sampleShare('C1', T0, { said: { author: 'U1', text, at } }) }],
      T0,
    );
  await inTransaction(catalog, (scope) => tell(scope, 'the budget', T0));
  await sql`insert into said_due (id) select id from said where true on conflict do nothing`.execute(
    catalog.db,
  );
  const edit = inTransaction(catalog, async (scope) => {
    await tell(scope, 'the forecast', T0 + 1_000);
    // SQLite has one transaction at a time; on PostgreSQL the other one is under way by now.
    await after(300);
  });
  await after(50);
  await Promise.all([edit, indexDueSaid(catalog)]);
  const find = async (text: string) => (await foundBy(catalog, { text })).length;
  expect([await find('budget'), await find('forecast')]).toEqual([0, 1]);
  await catalog.close();
});

const postgres = databases.filter(({ name }) => /postgres/i.test(name));

describe.each(postgres)('what was said is put in on $name', ({ fresh }) => {
  it('once its file is free, so that nobody who changes it waits in turn', async () => {
    const catalog = await fresh();
    const said = { author: 'U1', text: 'the budget', at: T0 };
    const file = found('F1', 'C1', T0, { facts: { altText: 'a pelican' } });
    await recordShares(catalog, TEAM, [{ ...file, share: sampleShare('C1', T0, { said }) }], T0);
    await sql`insert into said_due (id) select id from said union all select -id from file`.execute(
      catalog.db,
    );
    let indexed: Promise<unknown> = Promise.resolve();
    await inTransaction(catalog, async ({ db }) => {
      await sql`select id from file for update`.execute(db);
      indexed = indexDueSaid(catalog);
      await after(300);
      expect((await sql`select id from said for update nowait`.execute(db)).rows).toHaveLength(1);
    });
    await indexed;
    expect(await isSaidDue(catalog)).toBe(false);
    await catalog.close();
  });
});

it.each(databases)(
  'a channel that gets another id meanwhile is put in once more, on $name',
  async ({ fresh }) => {
    const catalog = await fresh();
    const said = { author: 'U1', text: 'the budget', at: T0 };
    await recordShares(
      catalog,
      TEAM,
      [{ ...found('F1', 'C1', T0), share: sampleShare('C1', T0, { said }) }],
      T0,
    );
    await sql`insert into said_due (id) select id from said where true on conflict do nothing`.execute(
      catalog.db,
    );
    const isPostgres = catalog.kind === 'postgres';
    let move: Promise<unknown> = Promise.resolve();
    await inTransaction(catalog, async ({ db }) => {
      // As the job does: it has read what waits, and the old channel.
      await sql`select id from said_due ${isPostgres ? sql`for update` : sql``}`.execute(db);
      move = moveChannel(catalog, TEAM, 'C1', 'C9');
      await after(isPostgres ? 300 : 0);
      await sql`delete from said_due`.execute(db);
    });
    await move;
    while (await indexDueSaid(catalog));
    expect(await foundBy(catalog, { text: 'budget' }, 'C9')).toHaveLength(1);
    await catalog.close();
  },
);
