import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SqliteDialect } from 'kysely';
import { expect, test } from 'vitest';
import { failingReasons } from '../../../src/catalog/alerts/failing.ts';
import { kyselyDatabase } from '../../../src/catalog/db/node-sqlite.ts';
import { openCatalogOver } from '../../../src/catalog/db/open.ts';
import { inTransaction } from '../../../src/catalog/db/transaction.ts';
import { claimDueFiles, failAttempt, nextDueAt } from '../../../src/catalog/files/capture.ts';
import { channelNames } from '../../../src/catalog/files/channels.ts';
import {
  channelsOfFile,
  everSharedIn,
  fileById,
  partsOf,
  sharesOf,
} from '../../../src/catalog/files/lookup.ts';
import { messagesOf } from '../../../src/catalog/files/messages.ts';
import { bringBack } from '../../../src/catalog/files/refusals.ts';
import { messageIsGone, moveSaid, rootWasChanged } from '../../../src/catalog/files/said.ts';
import { saidOf } from '../../../src/catalog/files/said-of.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { markDeletedInSlack } from '../../../src/catalog/files/slack-deletion.ts';
import { claimPurges, nextPurgeDueAt, restoreFile, trashFile } from '../../../src/catalog/files/trash.ts';
import { removeShare } from '../../../src/catalog/files/unshare.ts';
import { auditOf } from '../../../src/catalog/governance/audit.ts';
import { untoldEntries } from '../../../src/catalog/governance/audit-feed.ts';
import { liftHold, setHold } from '../../../src/catalog/governance/holds.ts';
import { claimDueHomes, openedHome, touchHomes } from '../../../src/catalog/notices/homes.ts';
import { judge, parentDeleted } from '../../../src/catalog/notices/judge.ts';
import { claimDuePosts, markPosted, nextPostDueAt } from '../../../src/catalog/notices/notices.ts';
import { Budget } from '../../../src/catalog/search/budget.ts';
import { findFiles } from '../../../src/catalog/search/find.ts';
import { recentFiles } from '../../../src/catalog/search/recent.ts';
import { sortedFiles } from '../../../src/catalog/search/sorted.ts';
import { findTrashed } from '../../../src/catalog/search/trashed.ts';
import { trashedLike } from '../../../src/catalog/search/trashed-like.ts';
import { knownOtherwise } from '../../../src/catalog/sweep/backfills.ts';
import { newsAmong } from '../../../src/catalog/sweep/news.ts';
import {
  holdSums,
  overdue,
  storedSum,
  untoldChanges,
  waitingFiles,
} from '../../../src/catalog/totals/overdue.ts';
import { stats, totals, unkeptSums, uploadedBy } from '../../../src/catalog/totals/stats.ts';
import { beingRetried, links, notKept, onTheWay, queueDepth } from '../../../src/catalog/totals/under-way.ts';
import { temporaryFolder } from '../databases.ts';
import { found, listChannel, sampleShare, storeFile, T0, TEAM } from '../samples.ts';

/** Tables that grow with the files; those of channels and people stay small. */
const LARGE =
  /^SCAN (file|share|channel_file|listing|audience|tally|breakdown|audit|post|notice|gone|[a-z])(?: |$)/;
/** All files of the workspace, which is the same as all files. */
const OF_THE_TEAM =
  /^SEARCH (?:\S+ USING (?:COVERING )?INDEX sqlite_autoindex_(?:file|share)_\d+|(?:unshared|channel_file|listing|[cuel]) USING PRIMARY KEY) \(team_id=\?(?: AND file_id[<>]\?)*\)$/;
const PARTIAL = /USING (COVERING )?INDEX file_(capture_due|purge_due|trouble|leased)/;

test('no query reads a whole table: SQLite’s own plan of each says so', async () => {
  const folder = temporaryFolder();
  const database = new DatabaseSync(join(folder.path, 'vault.db'));
  const kysely = kyselyDatabase(database);
  const seen = new Set<string>();
  const recording = {
    ...kysely,
    prepare(sql: string) {
      seen.add(sql);
      return kysely.prepare(sql);
    },
  };
  const catalog = await openCatalogOver('sqlite', new SqliteDialect({ database: recording }));
  try {
    seen.clear();
    await exercise(catalog);
    const scans: string[] = [];
    for (const sql of seen) {
      if (/^(begin|commit|rollback)/.test(sql)) continue;
      const plan = database.prepare(`explain query plan ${sql}`).all() as Array<{ detail: string }>;
      for (const scan of scansIn(plan.map((line) => line.detail)))
        scans.push(`${scan}: ${sql.replace(/\s+/g, ' ')}`);
    }
    expect(seen.size).toBeGreaterThan(50);
    expect(scans).toEqual([]);
  } finally {
    await catalog.close();
    folder.remove();
  }
});

/**
 * The scans of large tables in a plan. Walks along a small partial index do not count, nor do walks along the rows that
 * a subquery has picked (SQLite then names that subquery on a line of its own).
 */
function scansIn(plan: string[]): string[] {
  return plan.filter((detail) => {
    if (OF_THE_TEAM.test(detail)) return true;
    const [, table] = LARGE.exec(detail) ?? [];
    if (table === undefined || PARTIAL.test(detail)) return false;
    return !plan.includes(`CO-ROUTINE ${table}`) && !plan.includes(`MATERIALIZE ${table}`);
  });
}

async function exercise(catalog: Awaited<ReturnType<typeof openCatalogOver>>): Promise<void> {
  const ref = { teamId: TEAM, fileId: 'F1' };
  const claim = { owner: 'w', limit: 5, leaseMs: 1_000, now: T0 + 9_000 };
  await openedHome(catalog, { teamId: TEAM, userId: 'U1', now: T0 });
  await recordShares(
    catalog,
    TEAM,
    [found('F1', 'C1', T0), found('F2', 'C1', T0), found('F1', 'C2', T0 + 1)],
    T0,
  );
  await bringBack(catalog, { teamId: TEAM, channelId: 'C1', all: true, now: T0 });
  await storeFile(catalog, 'F1', { confirm: 'thread' });
  await failAttempt(catalog, {
    ref: { ...ref, fileId: 'F2' },
    owner: 'store',
    code: 'x',
    text: 'x',
    retryAt: T0,
    now: T0,
  });
  await claimDueFiles(catalog, claim);
  for (const post of await claimDuePosts(catalog, claim)) {
    await markPosted(catalog, post.id, 'w', { ts: '1.1', version: post.version, now: T0 });
  }
  // When more is due than there are hands, the channels take turns.
  await recordShares(catalog, TEAM, [found('F3', 'C3', T0), found('F4', 'C4', T0)], T0);
  await claimDueFiles(catalog, { ...claim, limit: 1 }, { last: 'C3' });
  await claimDueHomes(catalog, claim);
  await touchHomes(catalog, TEAM, T0);
  for (const next of [nextDueAt, nextPostDueAt, nextPurgeDueAt]) await next(catalog);
  for (const read of [fileById, sharesOf, channelsOfFile, everSharedIn, partsOf]) await read(catalog, ref);
  await newsAmong(catalog, { teamId: TEAM, channelId: 'C1' }, [found('F1', 'C1', T0), found('F9', 'C1', T0)]);
  const said = { author: 'U1', text: 'the budget of the year', at: T0 };
  const facts = { altText: 'a house' };
  const share = sampleShare('C1', T0 + 2, { said, threadTs: '1.000000', rootSaid: said });
  for (const at of [T0, T0 + 1])
    await recordShares(
      catalog,
      TEAM,
      [{ ...found('F1', 'C1', T0, { facts }), share: { ...share, said: { ...said, at } } }],
      T0,
    );
  const inThread = { teamId: TEAM, channelId: 'C1', ts: '1.000000' };
  await rootWasChanged(catalog, inThread, { ...said, text: 'other', at: T0 + 9 });
  for (const filter of [
    { text: 'budget' },
    { text: 'the year', phrases: ['the year'], notText: ['house'] },
  ]) {
    const viewer = { teamId: TEAM, channelIds: ['C1', 'C2'], ownUserId: 'U1' };
    await findFiles(catalog, { viewer, filter, limit: 1, said: true, contents: true });
    await trashedLike(catalog, { viewer, filter, limit: 1, said: true });
  }
  await saidOf(catalog, { teamId: TEAM, fileIds: ['F1'], channelIds: ['C1'], byDefault: true });
  await inTransaction(catalog, (scope) => moveSaid(scope, TEAM, 'C1', 'C11'));
  await messageIsGone(catalog, inThread, T0 + 10);
  await knownOtherwise(catalog, { teamId: TEAM, id: 1 }, ['F1']);
  await auditOf(catalog, ref, 5);
  const [teamId, channelId, limit] = [TEAM, 'C1', 1];
  const filters = [
    {},
    { userId: 'U1' },
    { types: ['pdf', 'png'] },
    { userId: 'U1', types: ['pdf'] },
    { text: 'f1.p' },
    { before: T0 + 5, after: T0 },
    { minBytes: 1, maxBytes: 9_999 },
    { sha256: 'aaaaaaaa' },
  ];
  for (const filter of filters) {
    const { older } = await listChannel(catalog, { teamId, channelId, filter, limit });
    const cursor = older ?? { direction: 'older' as const, sharedAt: T0 + 9, fileId: 'F9' };
    await listChannel(catalog, { teamId, channelId, filter, cursor, limit });
    await listChannel(catalog, {
      teamId,
      channelId,
      filter,
      cursor: { ...cursor, direction: 'newer' },
      limit,
    });
  }
  for (const sort of ['newest', 'oldest', 'name', 'name-down', 'largest', 'smallest'] as const) {
    const by = { viewer: { teamId, channelIds: ['C1', 'C2'], ownUserId: 'U1' }, limit };
    for (const filter of [{ sort }, { sort, text: 'f1' }]) {
      const { older } = await sortedFiles(catalog, { ...by, filter });
      if (older === null) continue;
      await sortedFiles(catalog, { ...by, filter, cursor: older });
      await sortedFiles(catalog, { ...by, filter, cursor: { ...older, direction: 'newer' } });
    }
  }
  const everywhere = { teamId, channelIds: ['C1', 'C2'], ownUserId: 'U1' };
  await findTrashed(catalog, { viewer: everywhere, filter: { text: 'f1' }, limit: 3, budget: new Budget() });
  await messagesOf(catalog, teamId, [{ fileId: 'F1', listedChannelId: 'C1' }]);
  await channelNames(catalog, teamId, ['C1', 'C2']);
  for (const only of [{ stored: true }, { stored: true, uploaderId: 'U1' }])
    for (const filter of [{}, { text: 'f1' }])
      await listChannel(catalog, { teamId, channelId, filter, limit, only });
  await findFiles(catalog, {
    viewer: { teamId, channelIds: [], ownUserId: 'U1' },
    filter: { text: 'f1' },
    limit,
  });
  const scope = { personId: 'U1', channelId: 'C1', fileId: null, sharedFrom: T0, sharedUntil: null };
  const hold = await setHold(catalog, { teamId, scope, reason: 'r', actorId: 'U2', now: T0 });
  await liftHold(catalog, { teamId, holdId: hold.holdId, actorId: 'U2', now: T0 });
  await recentFiles(catalog, { teamId, channelIds: ['C1', 'C2'], ownUserId: 'U1', limit });
  await totals(catalog, { teamId, channelIds: ['C1', 'C2'], ownUserId: 'U1' });
  for (const whole of [true, false])
    await stats(catalog, { teamId, channelIds: ['C1', 'C2'], whole, since: '2020-01', limit });
  await uploadedBy(catalog, teamId, 'U1');
  for (const whole of [true, false]) await unkeptSums(catalog, { teamId, channelIds: ['C1', 'C2'], whole });
  const viewer = { teamId, channelIds: ['C1'], userId: 'U1' };
  for (const read of [onTheWay, beingRetried, notKept]) await read(catalog, viewer, limit);
  await links(catalog, viewer);
  for (const confirm of ['thread', 'digest', 'reaction'] as const) {
    const skip = 'external' as const;
    await recordShares(catalog, TEAM, [{ ...found(`F7${confirm}`, 'C7', T0), skip }], T0, confirm);
    await recordShares(catalog, TEAM, [found(`F8${confirm}`, 'C8', T0 + 5)], T0);
    await storeFile(catalog, `F8${confirm}`, { confirm });
  }
  for (const post of await claimDuePosts(catalog, { ...claim, now: T0 + 9e9 })) await judge(catalog, post);
  await parentDeleted(catalog, { teamId, channelId, ts: '1.1' });
  await queueDepth(catalog);
  // What each scrape of the metrics reads.
  await overdue(catalog, T0 + 9_000);
  await waitingFiles(catalog);
  await untoldChanges(catalog);
  await holdSums(catalog, TEAM);
  await storedSum(catalog, TEAM);
  await failingReasons(catalog, TEAM, T0);
  await untoldEntries(catalog, 5);
  await removeShare(catalog, TEAM, { channelId, ts: '1.1', fileId: 'F1' }, T0);
  await removeShare(catalog, TEAM, { channelId, ts: '1.1' }, T0);
  await markDeletedInSlack(catalog, TEAM, 'F1', T0);
  await trashFile(catalog, { ref, actorId: 'U1', channelId, purgeAt: T0, now: T0 });
  await restoreFile(catalog, { ref, actorId: 'U1', now: T0 });
  await trashFile(catalog, { ref, actorId: 'U1', channelId, purgeAt: T0, now: T0 + 1 });
  await claimPurges(catalog, claim);
}
