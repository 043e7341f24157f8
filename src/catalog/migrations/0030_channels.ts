import { columnTypes, type DatabaseKind, type Db, run } from './frozen/database.ts';
import { rewatch } from './frozen/journal-triggers.ts';

/**
 * Channels that the bot is to join, each a row that is due. When people removed the bot from a channel. One backfill of all
 * channels, whose parts name it. What a channel does with files of other organisations' people.
 */
export async function up(db: Db, kind: DatabaseKind): Promise<void> {
  const { id, text, int } = columnTypes(kind);
  await run(db, [
    `create table channel_join (
      id ${id}, team_id ${text} not null, channel_id ${text} not null, name ${text}, wanted_by ${text},
      wanted_at ${int} not null, refused ${text}, due_at ${int}, lease_owner ${text}, attempts ${int} not null default 0,
      unique (team_id, channel_id))`,
    `create index channel_join_due on channel_join (due_at) where due_at is not null`,
    `alter table channel add column removed_at ${int}`,
    `alter table backfill add column parent_id ${int}`,
    `alter table backfill add column found ${int} not null default 0`,
    `alter table backfill add column stored ${int} not null default 0`,
    `alter table backfill add column skipped ${int} not null default 0`,
    `create index backfill_parent on backfill (parent_id, state) where parent_id is not null`,
    `alter table rule add column external ${text}`,
    // The same as before, and files that are left out because another organisation's people shared them.
    `drop index file_not_kept`,
    `create index file_not_kept on file (team_id, shared_at, file_id) where state = 'skipped' and reason in ('hidden_by_limit', 'access_denied', 'too_large', 'excluded_type', 'not_found', 'not_in_channel', 'no_content', 'other_org')`,
  ]);
  for (const table of ['channel', 'rule']) await rewatch(db, kind, table);
  // The bot was in these once, and is not: people removed it. After the triggers, so that the journal is told.
  await run(db, [
    `update channel set removed_at = checked_at where kind = 'public' and is_member = 0 and is_archived = 0 and exists
      (select 1 from sweep s where s.team_id = channel.team_id and s.channel_id = channel.channel_id)`,
  ]);
}
