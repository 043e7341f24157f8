/** Audit entries on their way to the output: none is left out, and they come in the order of their commits. */
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Catalog, Scope } from '../../../src/catalog/db/schema.ts';
import { inTransaction } from '../../../src/catalog/db/transaction.ts';
import { recordAudit } from '../../../src/catalog/governance/audit.ts';
import {
  claimAuditFeed,
  entriesTold,
  releaseAuditFeed,
  setUpAuditFeed,
  untoldEntries,
} from '../../../src/catalog/governance/audit-feed.ts';
import { STANDING } from '../../../src/catalog/journal/replay.ts';
import { overdue } from '../../../src/catalog/totals/overdue.ts';
import { databases } from '../databases.ts';
import { T0, TEAM } from '../samples.ts';

const entry = (fileId: string, at = T0) => ({
  ...{ at, teamId: TEAM, actorId: 'U1', action: 'link' as const, fileId, channelId: 'C1', detail: {} },
});
const write = (scope: Scope, fileId: string, at?: number) => recordAudit(scope, entry(fileId, at));
const claim = (owner: string) => ({ owner, limit: 1, leaseMs: 60_000, now: T0 });

/** Takes the oldest entries as a bot does; returns their files. */
async function take(catalog: Catalog, limit = 100): Promise<string[]> {
  const entries = await untoldEntries(catalog, limit);
  const last = entries.at(-1);
  if (last !== undefined) await entriesTold(catalog, last.line);
  return entries.map(({ fileId }) => fileId ?? '');
}

describe.each(databases)('audit entries for the output on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeEach(async () => {
    catalog = await fresh();
  });
  afterEach(() => catalog.close());

  it('are gathered only while they are wanted', async () => {
    await write(catalog, 'before');
    expect(await take(catalog)).toEqual([]);
    await setUpAuditFeed(catalog, true);
    await setUpAuditFeed(catalog, true);
    await write(catalog, 'F1');
    await write(catalog, 'F2');
    expect(await take(catalog, 1)).toEqual(['F1']);
    expect(await take(catalog)).toEqual(['F2']);
    expect(await take(catalog)).toEqual([]);
    await write(catalog, 'F3');
    expect(await setUpAuditFeed(catalog, false)).toBe(1);
    expect(await setUpAuditFeed(catalog, false)).toBeNull();
    await write(catalog, 'F4');
    await setUpAuditFeed(catalog, true);
    expect(await take(catalog)).toEqual([]);
  });

  it('are not those of a transaction that was undone, nor those that a rebuild puts back', async () => {
    await setUpAuditFeed(catalog, true);
    const undone = inTransaction(catalog, async (scope) => {
      await write(scope, 'F1');
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    for (const rebuilding of [STANDING.byHand, STANDING.byItself]) {
      await catalog.db.updateTable('journal').set({ rebuilding }).execute();
      await write(catalog, 'F2');
    }
    await catalog.db.updateTable('journal').set({ rebuilding: 0 }).execute();
    await write(catalog, 'F3');
    expect(await take(catalog)).toEqual(['F3']);
  });

  it('belong to one bot at a time, and only while there are any', async () => {
    await setUpAuditFeed(catalog, true);
    expect(await claimAuditFeed(catalog, claim('a'))).toEqual([]);
    await write(catalog, 'F1');
    expect(await claimAuditFeed(catalog, claim('a'))).toHaveLength(1);
    expect(await claimAuditFeed(catalog, claim('b'))).toEqual([]);
    await releaseAuditFeed(catalog, 'b');
    expect(await claimAuditFeed(catalog, claim('b'))).toEqual([]);
    await releaseAuditFeed(catalog, 'a');
    expect(await claimAuditFeed(catalog, claim('b'))).toHaveLength(1);
    // The bot dies: its lease ends.
    expect(await claimAuditFeed(catalog, { ...claim('a'), now: T0 + 60_000 })).toHaveLength(1);
  });

  it('are late by the age of the oldest, for the metrics', async () => {
    const late = async () => (await overdue(catalog, T0 + 9_000)).find(({ work }) => work === 'auditLog');
    await setUpAuditFeed(catalog, true);
    expect(await late()).toMatchObject({ dueRows: 0, dueSince: null });
    await write(catalog, 'F1', T0 + 1_000);
    await write(catalog, 'F2', T0 + 2_000);
    expect(await late()).toMatchObject({ dueRows: 2, dueSince: T0 + 1_000 });
  });
});

const postgres = databases.find(({ name }) => name === 'PostgreSQL');
describe.skipIf(postgres === undefined)('audit entries of transactions side by side on PostgreSQL', () => {
  let catalog: Catalog;
  beforeEach(async () => {
    catalog = (await postgres?.fresh()) as Catalog;
    await setUpAuditFeed(catalog, true);
  });
  afterEach(() => catalog.close());

  it('come in the order of the commits, whoever wrote first, and none is passed over', async () => {
    const [written, mayCommit] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const slow = inTransaction(catalog, async (scope) => {
      await write(scope, 'first written');
      written.resolve();
      await mayCommit.promise;
    });
    await written.promise;
    await inTransaction(catalog, (scope) => write(scope, 'first committed'));
    expect(await take(catalog)).toEqual(['first committed']);
    mayCommit.resolve();
    await slow;
    expect(await take(catalog)).toEqual(['first written']);
    const { rows } = await sql<{ fileId: string }>`select file_id from audit order by id`.execute(catalog.db);
    expect(rows.map(({ fileId }) => fileId)).toEqual(['first written', 'first committed']);
  });

  it('of one transaction stay together, in their order', async () => {
    const both = async (name: string) =>
      inTransaction(catalog, async (scope) => {
        await write(scope, `${name}1`);
        await sleep(Math.random() * 5);
        await write(scope, `${name}2`);
      });
    await Promise.all(['a', 'b', 'c', 'd'].map(both));
    const taken = (await take(catalog)).join(' ');
    for (const name of ['a', 'b', 'c', 'd']) expect(taken).toContain(`${name}1 ${name}2`);
  });

  it('are each told once to a reader that never stops, and no later one before one that was over', async () => {
    const times = new Map<string, { began: number; over: number }>();
    const writer = async (name: string) => {
      for (let n = 0; n < 20; n++) {
        const fileId = `${name}${n}`;
        const began = performance.now();
        await inTransaction(catalog, async (scope) => {
          await write(scope, fileId);
          await sleep(Math.random() * 8);
        });
        times.set(fileId, { began, over: performance.now() });
      }
    };
    const told: string[] = [];
    let isOver = false;
    const reader = (async () => {
      while (!isOver) told.push(...(await take(catalog, 7)));
    })();
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map(writer));
    isOver = true;
    await reader;
    for (let more = await take(catalog); more.length > 0; more = await take(catalog)) told.push(...more);
    expect([...told].sort()).toEqual([...times.keys()].sort());
    // Whatever was over before another began stands before it.
    let latestBegin = 0;
    const early = told.filter((fileId) => {
      const { began = 0, over = 0 } = times.get(fileId) ?? {};
      const isEarly = over < latestBegin;
      latestBegin = Math.max(latestBegin, began);
      return isEarly;
    });
    expect(early).toEqual([]);
  });
});
