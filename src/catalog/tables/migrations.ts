import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { columnTypes, searchIndex } from '../dialect.ts';
import { CatalogError } from '../errors.ts';
import { createJournal } from './journal-tables.ts';
import { findTables } from './migrate-find.ts';
import { foldAnew } from './migrate-folded.ts';
import { createGovernment } from './migrate-govern.ts';
import { keepEverything } from './migrate-kept.ts';
import { listEverything } from './migrate-listed.ts';
import { placeIndexes } from './migrate-places.ts';
import { statsTables, trashSums } from './migrate-stats.ts';
import { sweepTables } from './migrate-sweep.ts';
import { troubleTables } from './migrate-trouble.ts';
import { rememberRemovals } from './migrate-unshared.ts';
import type { DatabaseKind, Schema } from './schema.ts';

/** Any number that nobody else uses: PostgreSQL's advisory lock for "the vault's schema is being changed". */
const MIGRATION_LOCK = 7_242_011_873;

/**
 * Brings the database up to this version's schema. Does nothing when it is there already; on PostgreSQL,
 * processes that start together wait for the first.
 * Throws {@link CatalogError} `catalog_newer` when a later version of the vault has already changed it, and
 * `catalog_blocked` when others hold a lock that it takes; it may then be called again.
 */
export async function migrate(db: Kysely<Schema>, kind: DatabaseKind): Promise<void> {
  // What needs no change needs no lock that others could hold.
  if (kind === 'postgres' && (await isUpToDate(db, kind))) return;
  await db.connection().execute(async (connection) => {
    // Kysely's own lock comes after it has created its tables, and two processes can collide in that.
    if (kind === 'postgres')
      await sql`select pg_advisory_lock(${sql.lit(MIGRATION_LOCK)})`.execute(connection);
    const limit = kind === 'postgres' ? await endNoStatement(connection) : undefined;
    try {
      await wholly(connection, kind, async () => {
        const migrator = new Migrator({
          db: connection,
          provider: { getMigrations: async () => migrations(kind) },
        });
        const { error } = await migrator.migrateToLatest();
        if (error) throw asCatalogError(error);
      });
    } finally {
      if (kind === 'postgres') {
        await sql`select set_config('statement_timeout', ${limit}, false)`.execute(connection);
        await sql`select pg_advisory_unlock(${sql.lit(MIGRATION_LOCK)})`.execute(connection);
      }
    }
  });
}

/** A change of a large table takes as long as it takes. Answers what the limit of a statement was. */
async function endNoStatement(connection: Kysely<Schema>): Promise<string> {
  const { rows } = await sql<{ ms: string }>`select current_setting('statement_timeout') as ms`.execute(
    connection,
  );
  await sql`select set_config('statement_timeout', '0', false)`.execute(connection);
  return rows[0]?.ms ?? '0';
}

/**
 * All migrations or none, wherever the process dies. On PostgreSQL Kysely sees to that; on SQLite it does not, and
 * a catalog with half a migration in it could never be opened again.
 */
async function wholly(db: Kysely<Schema>, kind: DatabaseKind, run: () => Promise<void>): Promise<void> {
  if (kind === 'postgres') return run();
  await sql`savepoint migrations`.execute(db);
  try {
    await run();
  } catch (error) {
    await sql`rollback to migrations`.execute(db);
    throw error;
  } finally {
    await sql`release migrations`.execute(db);
  }
}

/** True when the database has exactly this version's schema. Changes nothing. */
export async function isUpToDate(db: Kysely<Schema>, kind: DatabaseKind): Promise<boolean> {
  const names = Object.keys(migrations(kind));
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`
    .execute(db)
    .catch(() => ({ rows: [] }));
  return rows.length === names.length && rows.every(({ name }) => names.includes(name));
}

function asCatalogError(error: unknown): unknown {
  if (error instanceof Error && error.message.includes('corrupted migrations')) {
    return new CatalogError(
      'catalog_newer',
      'The catalog was made by a newer version of RIA Vault. Start that version, or point DATABASE_URL or VAULT_DATA_DIR at another catalog.',
      { cause: error },
    );
  }
  return error;
}

/** Migrations by name, in the order of their names. Once released, one is never changed. */
function migrations(kind: DatabaseKind): Record<string, Migration> {
  return {
    '0001_catalog': {
      up: async (db) => {
        for (const statement of [...firstTables(kind), ...firstIndexes(), ...searchIndex(kind)]) {
          await sql.raw(statement).execute(db);
        }
      },
    },
    '0002_sweep': {
      up: async (db) => {
        for (const statement of sweepTables(kind)) await sql.raw(statement).execute(db);
      },
    },
    '0003_journal': { up: (db) => createJournal(db, kind) },
    '0004_trouble': {
      up: async (db) => {
        for (const statement of troubleTables(kind)) await sql.raw(statement).execute(db);
      },
    },
    '0005_find': {
      up: async (db) => {
        for (const statement of findTables(kind)) await sql.raw(statement).execute(db);
      },
    },
    '0006_govern': { up: (db) => createGovernment(db, kind) },
    '0007_stats': {
      up: async (db) => {
        for (const statement of statsTables(kind)) await sql.raw(statement).execute(db);
      },
    },
    '0008_trash_sum': {
      // What the trash holds is summed from this index alone.
      up: async (db) => {
        await sql`create index file_trash_sum on file (team_id, stored_bytes) where state = 'trashed'`.execute(
          db,
        );
      },
    },
    '0009_turns': {
      // Channels take turns in what is due; see turns.ts.
      up: async (db) => {
        await sql`create index file_turn on file (channel_id, due_at)
          where state in ('pending', 'failed', 'storing')`.execute(db);
        await sql`create index post_turn on post (channel_id, due_at) where due_at is not null`.execute(db);
      },
    },
    '0010_places': {
      up: async (db) => {
        for (const statement of placeIndexes(kind)) await sql.raw(statement).execute(db);
      },
    },
    '0011_bots': {
      // Who shares the catalog; see watch/bots.ts.
      up: async (db) => {
        const { text, int } = columnTypes(kind);
        await sql.raw(`create table bot (owner ${text} primary key, seen_at ${int} not null)`).execute(db);
      },
    },
    '0012_trash_sums': {
      up: async (db) => {
        for (const statement of trashSums()) await sql.raw(statement).execute(db);
      },
    },
    '0013_kept': { up: (db) => keepEverything(db, kind) },
    '0014_listed': { up: (db) => listEverything(db, kind) },
    '0015_folded': { up: foldAnew },
    '0016_unshared': { up: (db) => rememberRemovals(db, kind) },
  };
}

function firstTables(kind: DatabaseKind): string[] {
  const { id, text, int, withoutRowid } = columnTypes(kind);
  const due = `due_at ${int}, lease_owner ${text}, attempts ${int} not null default 0`;
  return [
    `create table file (
      id ${id}, team_id ${text} not null, file_id ${text} not null,
      name ${text}, title ${text}, mimetype ${text}, filetype ${text}, mode ${text}, size ${int},
      uploader_id ${text}, created_at ${int}, url ${text}, external_url ${text}, permalink ${text},
      state ${text} not null, reason ${text}, error_code ${text}, error_text ${text}, ${due},
      channel_id ${text} not null, message_ts ${text}, thread_ts ${text}, shared_at ${int} not null,
      object_key ${text}, stored_bytes ${int}, sha256 ${text}, crc32 ${text}, etag ${text},
      version_id ${text}, proof ${text}, stored_at ${int},
      trashed_at ${int}, trashed_by ${text}, purge_at ${int}, slack_deleted_at ${int},
      known_as ${int} not null, folded ${text} not null, audience_id ${int},
      unique (team_id, file_id))`,
    `create table share (
      id ${id}, team_id ${text} not null, file_id ${text} not null, channel_id ${text} not null,
      channel_kind ${text}, ts ${text} not null, thread_ts ${text}, user_id ${text},
      shared_at ${int} not null, removed_at ${int},
      unique (team_id, file_id, channel_id, ts))`,
    `create table channel_file (
      team_id ${text} not null, file_id ${text} not null, channel_id ${text} not null,
      shared_at ${int} not null, shared_by ${text}, listed_as ${text},
      primary key (team_id, file_id, channel_id)) ${withoutRowid}`,
    `create table listing (
      team_id ${text} not null, channel_id ${text} not null, tag ${text} not null,
      shared_at ${int} not null, file_id ${text} not null,
      primary key (team_id, channel_id, tag, shared_at, file_id)) ${withoutRowid}`,
    `create table audience (
      id ${id}, team_id ${text} not null, channels ${text} not null,
      files ${int} not null default 0, bytes ${int} not null default 0,
      unique (team_id, channels))`,
    `create table audience_channel (
      team_id ${text} not null, channel_id ${text} not null, audience_id ${int} not null,
      primary key (team_id, channel_id, audience_id)) ${withoutRowid}`,
    `create table tally (
      team_id ${text} not null, uploader_id ${text} not null, audience_id ${int} not null,
      files ${int} not null, bytes ${int} not null,
      primary key (team_id, uploader_id, audience_id)) ${withoutRowid}`,
    `create table channel (
      team_id ${text} not null, channel_id ${text} not null, name ${text}, kind ${text} not null,
      is_member ${int} not null, is_archived ${int} not null, im_user_id ${text}, checked_at ${int} not null,
      primary key (team_id, channel_id)) ${withoutRowid}`,
    `create table gone (
      team_id ${text} not null, file_id ${text} not null, deleted_at ${int} not null,
      primary key (team_id, file_id)) ${withoutRowid}`,
    `create table post (
      id ${id}, team_id ${text} not null, channel_id ${text} not null, thread_ts ${text},
      manner ${text} not null, kind ${text} not null, topic ${text} not null, ts ${text}, sent_at ${int},
      version ${int} not null, opened_at ${int} not null, error_code ${text}, dropped_code ${text}, ${due})`,
    `create table notice (
      id ${id}, post_id ${int} not null references post (id), kind ${text} not null, file_id ${text} not null,
      actor_id ${text}, name ${text}, bytes ${int}, at ${int} not null)`,
    `create table home (
      id ${id}, team_id ${text} not null, user_id ${text} not null, opened_at ${int} not null,
      version ${int} not null default 0, claimed_version ${int} not null default 0, ${due},
      unique (team_id, user_id))`,
    `create table audit (
      id ${id}, at ${int} not null, team_id ${text} not null, actor_id ${text} not null,
      action ${text} not null, file_id ${text}, channel_id ${text}, detail ${text} not null)`,
  ];
}

/** Partial indexes serve a query only if it repeats their condition word for word; see conditions.ts. */
function firstIndexes(): string[] {
  return [
    `create index file_capture_due on file (due_at, state) where state in ('pending', 'failed', 'storing')`,
    `create index file_purge_due on file (due_at) where state = 'trashed'`,
    `create index file_leased on file (lease_owner) where lease_owner is not null`,
    `create index file_uploader on file (team_id, uploader_id, shared_at, file_id) where state = 'stored'`,
    `create index file_trouble on file (team_id, shared_at, file_id) where state = 'failed' or (state = 'skipped' and reason in ('access_denied', 'too_large', 'hidden_by_limit'))`,
    `create index share_message on share (team_id, channel_id, ts)`,
    `create index channel_file_channel on channel_file (team_id, channel_id, file_id)`,
    `create index post_topic on post (team_id, topic, channel_id)`,
    `create index post_due on post (due_at) where due_at is not null`,
    `create index notice_post on notice (post_id)`,
    `create index home_due on home (due_at) where due_at is not null`,
    `create index home_opened on home (team_id, opened_at)`,
    `create index audit_file on audit (team_id, file_id, at)`,
    `create index audit_time on audit (team_id, at)`,
    `create index file_audience on file (audience_id)`,
  ];
}
