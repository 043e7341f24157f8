import { sql } from 'kysely';
import { lockFile } from '../db/lock-file.ts';
import type { Catalog, Scope } from '../db/schema.ts';
import { AUDIENCE_TOTALS_PARTS } from '../db/schema-stats.ts';
import { inTransaction } from '../db/transaction.ts';
import { updateDerived } from '../derived/update.ts';
import { goThroughAgain } from '../reading/start.ts';
import { type ChannelSet, renameInChannelSet } from '../totals/count-file.ts';
import { closedKey } from './channel-keys.ts';
import { moveSaid } from './said.ts';
import { shareRecords } from './share-rows.ts';

/** All of them, by name: the index begins with these columns. */
const PARTS = sql.join(AUDIENCE_TOTALS_PARTS);

/**
 * Slack gave a channel another id (`channel_id_changed`): everything recorded under the old one moves. Objects in the
 * bucket keep their keys. Does nothing the second time. One transaction, however many files there are.
 */
export async function moveChannel(
  catalog: Catalog,
  teamId: string,
  oldId: string,
  newId: string,
): Promise<void> {
  if (oldId === newId) return;
  await inTransaction(catalog, async (scope) => {
    // Files already seen under both ids first: they must be merged, not just renamed.
    for (const fileId of await filesOfBoth(scope, teamId, oldId, newId)) {
      await moveFile(scope, teamId, fileId, oldId, newId);
    }
    const from = sql`team_id = ${teamId} and channel_id = ${oldId}`;
    for (const table of ['share', 'channel_file', 'listing', 'file', 'post', 'hold', 'export_job']) {
      await sql`update ${sql.table(table)} set channel_id = ${newId} where ${from}`.execute(scope.db);
    }
    await sql`delete from channel where team_id = ${teamId} and channel_id = ${newId} and exists (
      select 1 from channel o where o.team_id = ${teamId} and o.channel_id = ${oldId})`.execute(scope.db);
    await sql`update channel set channel_id = ${newId} where ${from}`.execute(scope.db);
    // A row whose rules were all taken back says less than those that the new id may have.
    await sql`delete from rule where ${from} and not (${HAS_RULES}) and exists (
      select 1 from rule n where n.team_id = ${teamId} and n.channel_id = ${newId})`.execute(scope.db);
    await sql`delete from rule where team_id = ${teamId} and channel_id = ${newId} and exists (
      select 1 from rule o where o.team_id = ${teamId} and o.channel_id = ${oldId})`.execute(scope.db);
    const { numAffectedRows = 0n } = await sql`update rule set channel_id = ${newId} where ${from}`.execute(
      scope.db,
    );
    // It may say of other files whether they are read.
    if (numAffectedRows > 0n) await goThroughAgain(scope);
    // The old row knows how far the channel was swept; a row under the new id has only begun.
    await sql`delete from sweep where team_id = ${teamId} and channel_id = ${newId} and exists (
      select 1 from sweep o where o.team_id = ${teamId} and o.channel_id = ${oldId})`.execute(scope.db);
    await sql`update sweep set channel_id = ${newId} where ${from}`.execute(scope.db);
    await sql`delete from channel_join where ${from}`.execute(scope.db);
    await sql`update backfill set channel_id = ${newId} where ${from}`.execute(scope.db);
    await sql`insert into unshared (team_id, channel_id, ts, file_id, at, heard_at)
      select team_id, ${newId}, ts, file_id, at, heard_at from unshared where ${from}
      on conflict do nothing`.execute(scope.db);
    await sql`delete from unshared where ${from}`.execute(scope.db);
    for (const table of ['channel_file', 'listing'])
      await sql`update ${sql.table(table)} set channel_id = ${closedKey(newId)}
        where team_id = ${teamId} and channel_id = ${closedKey(oldId)}`.execute(scope.db);
    await moveSaid(scope, teamId, oldId, newId);
    await moveAudiences(scope, teamId, oldId, newId);
    await moveAudiences(scope, teamId, closedKey(oldId), closedKey(newId));
  });
}

/** That a row of `rule` has any. */
const HAS_RULES = sql`coalesce(confirm, exclude_types, on_slack_delete, external, text) is not null or
  coalesce(capture, max_file_bytes, retention_days, tell_excluded, bookmark, bookmark_done, may_keep) is not null`;

async function filesOfBoth(scope: Scope, teamId: string, oldId: string, newId: string): Promise<string[]> {
  const { rows } = await sql<{ fileId: string }>`
    select distinct o.file_id from share o
    join share n on n.team_id = o.team_id and n.file_id = o.file_id and n.channel_id = ${newId}
    where o.team_id = ${teamId} and o.channel_id = ${oldId} order by o.file_id`.execute(scope.db);
  return rows.map((row) => row.fileId);
}

async function moveFile(
  scope: Scope,
  teamId: string,
  fileId: string,
  oldId: string,
  newId: string,
): Promise<void> {
  const before = await lockFile(scope, { teamId, fileId });
  if (!before) return;
  const of = sql`team_id = ${teamId} and file_id = ${fileId}`;
  await sql`update share set channel_id = ${newId} where ${of} and channel_id = ${oldId}
    and (ts <> '' or not exists (select 1 from share o where o.team_id = ${teamId} and o.file_id = ${fileId}
      and o.channel_id = ${newId} and o.via_vault = 0))
    and not exists (select 1 from share o where o.team_id = ${teamId} and o.file_id = ${fileId}
      and o.channel_id = ${newId} and o.ts = share.ts)`.execute(scope.db);
  await sql`delete from share where ${of} and channel_id = ${oldId}`.execute(scope.db);
  await sql`delete from share where ${of} and channel_id = ${newId} and ts = '' and exists (
    select 1 from share o where o.team_id = ${teamId} and o.file_id = ${fileId}
      and o.channel_id = ${newId} and o.ts <> '' and o.via_vault = 0)`.execute(scope.db);
  await sql`delete from listing where ${of} and channel_id = ${oldId}
    and shared_at = (select shared_at from channel_file where ${of} and channel_id = ${oldId})`.execute(
    scope.db,
  );
  await sql`delete from channel_file where ${of} and channel_id = ${oldId}`.execute(scope.db);
  const after = { ...before, channelId: before.channelId === oldId ? newId : before.channelId };
  await updateDerived(scope, before, after, await shareRecords(scope, { teamId, fileId }));
}

/**
 * Renames the channel in every channel set. Where one would then equal another, the one with fewer files is added to the other: of
 * each of its files, the index of words must be brought in line before it is found by its contents.
 */
async function moveAudiences(scope: Scope, teamId: string, oldId: string, newId: string): Promise<void> {
  const channelSets = await scope.db
    .selectFrom('audience')
    .innerJoin('audienceChannel', 'audienceChannel.audienceId', 'audience.id')
    .selectAll('audience')
    .where('audienceChannel.teamId', '=', teamId)
    .where('audienceChannel.channelId', '=', oldId)
    .orderBy('audience.id')
    .execute();
  for (const one of channelSets) {
    const other = await renameInChannelSet(scope, one, oldId, newId);
    if (other === undefined) continue;
    if (other.files > one.files) {
      await addChannelSet(scope, one, other.id);
      continue;
    }
    await addChannelSet(scope, other, one.id);
    await renameInChannelSet(scope, one, oldId, newId);
  }
}

/** Adds a channel set to another one: its files, its sums and its name are that one's from now on. */
async function addChannelSet(
  scope: Scope,
  { id, teamId, files, bytes }: ChannelSet,
  target: number,
): Promise<void> {
  await sql`update file set audience_id = ${target} where audience_id = ${id}`.execute(scope.db);
  await sql`update audience set files = files + ${files}, bytes = bytes + ${bytes}
    where id = ${target}`.execute(scope.db);
  await sql`insert into tally (team_id, uploader_id, audience_id, files, bytes)
    select team_id, uploader_id, cast(${target} as bigint), files, bytes from tally
    where team_id = ${teamId} and audience_id = ${id}
    on conflict (team_id, uploader_id, audience_id)
    do update set files = tally.files + excluded.files, bytes = tally.bytes + excluded.bytes`.execute(
    scope.db,
  );
  await sql`delete from tally where team_id = ${teamId} and audience_id = ${id}`.execute(scope.db);
  await sql`insert into breakdown (team_id, audience_id, part, name, files, bytes)
    select team_id, cast(${target} as bigint), part, name, files, bytes from breakdown
    where team_id = ${teamId} and part in (${PARTS}) and audience_id = ${id}
    on conflict (team_id, part, audience_id, name)
    do update set files = breakdown.files + excluded.files, bytes = breakdown.bytes + excluded.bytes`.execute(
    scope.db,
  );
  await sql`delete from breakdown where team_id = ${teamId} and part in (${PARTS})
    and audience_id = ${id}`.execute(scope.db);
  await sql`delete from audience_channel where audience_id = ${id}`.execute(scope.db);
  await sql`delete from audience where id = ${id}`.execute(scope.db);
}
