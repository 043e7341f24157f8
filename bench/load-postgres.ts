import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openCatalog } from '../src/catalog/db/open.ts';
import { COLUMNS, channelRows, fileRows, LARGE, noteWords, sumStatements, type Value } from './load-rows.ts';
import { fileAt, TEAM } from './sample.ts';

/** While the server reads this many files from the disk, the next ones are written to it. */
const BATCH = 50_000;

/**
 * Fills a new PostgreSQL catalog with the same files as `loadSqlite` does SQLite. The rows go in bare, by `copy` from
 * files that the server reads itself: it must run on this machine, and the address must be its superuser's. What
 * the catalog derives from them is made afterwards. Throws what the server says, also when the disk is full.
 */
export async function loadPostgres(
  databaseUrl: string,
  files: number,
  stepMs: number,
  say: (line: string) => void = () => {},
): Promise<void> {
  const began = performance.now();
  const done = (what: string) => say(`  ${what} after ${((performance.now() - began) / 1_000).toFixed(0)} s`);
  await (await openCatalog({ databaseUrl, dataDir: '' })).close();
  // Two at once, if they do not block each other.
  const clients = await Promise.all([connect(databaseUrl), connect(databaseUrl)]);
  const [client, other] = clients;
  try {
    const asides = await setAside(client);
    await insertRows(client, files, stepMs);
    done('rows');
    await Promise.all([fillListing(other), deriveTheRest(client)]);
    done('lists and sums');
    const left = asides.map(({ create }) => create);
    await Promise.all(clients.map((one) => runAll(one, left)));
    await runAll(
      client,
      asides.flatMap(({ constraint }) => constraint ?? []),
    );
    for (const table of LARGE) await client.query(`alter table ${table} enable trigger user`);
    done('indexes');
    await client.query('vacuum analyze');
    done('statistics');
  } finally {
    await Promise.all(clients.map((one) => one.end()));
  }
}

async function connect(databaseUrl: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(`set maintenance_work_mem = '1GB'; set work_mem = '512MB'`);
  return client;
}

/** Runs statements until none is left that another connection has not begun. */
async function runAll(client: pg.Client, left: string[]): Promise<void> {
  for (let next = left.shift(); next !== undefined; next = left.shift()) await client.query(next);
}

/** How an index is made again, and its constraint, if it belongs to one. */
interface Aside {
  create: string;
  constraint: string | null;
}

/** Drops the indexes of the large tables, the slowest to make first, and turns off their triggers. */
async function setAside(client: pg.Client): Promise<Aside[]> {
  const { rows } = await client.query<Aside & { drop: string }>(
    `select pg_get_indexdef(i.indexrelid) as create,
       case when c.oid is null then format('drop index %I', x.relname)
         else format('alter table %I drop constraint %I', t.relname, c.conname) end as drop,
       case when c.oid is not null then format('alter table %I add constraint %I %s using index %I',
         t.relname, c.conname, case c.contype when 'p' then 'primary key' else 'unique' end, x.relname) end as constraint
     from pg_index i join pg_class t on t.oid = i.indrelid join pg_class x on x.oid = i.indexrelid
     left join pg_constraint c on c.conindid = i.indexrelid
     where t.relname = any($1) and t.relnamespace = current_schema()::regnamespace
     order by pg_get_indexdef(i.indexrelid) not like '%USING gin%', t.relname, x.relname`,
    [LARGE],
  );
  for (const { drop } of rows) await client.query(drop);
  for (const table of LARGE) await client.query(`alter table ${table} disable trigger user`);
  return rows;
}

async function insertRows(client: pg.Client, files: number, stepMs: number): Promise<void> {
  await insertChannels(client);
  const folder = mkdtempSync(join(tmpdir(), 'ria-vault-bench-rows-'));
  // Where the benchmark runs as root, the server runs as another user.
  chmodSync(folder, 0o755);
  const words = new Set<string>();
  const end = fileAt(files, stepMs).at;
  let copied = Promise.resolve();
  try {
    for (let first = 0; first < files; first += BATCH) {
      const lines = { file: '', channel_file: '', audit: '' };
      for (let i = first; i < Math.min(files, first + BATCH); i++) {
        const rows = fileRows(i, stepMs, end);
        lines.file += line(rows.file);
        lines.channel_file += line(rows.channelFile);
        for (const audit of rows.audits) lines.audit += line(audit);
        noteWords(rows, words);
      }
      await copied;
      copied = copy(client, folder, lines);
      // The next wait reports a failure; until then, it must not count as unhandled.
      copied.catch(() => {});
    }
    await copied;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  await client.query('insert into find_word (word) select unnest($1::text[])', [[...words].sort()]);
}

async function insertChannels(client: pg.Client): Promise<void> {
  for (const { channelId, audienceId } of channelRows()) {
    await client.query(
      `insert into channel (team_id, channel_id, name, kind, is_member, is_archived, checked_at)
        values ('${TEAM}', $1, lower($1), 'public', 1, 0, 0)`,
      [channelId],
    );
    await client.query(
      `insert into audience (id, team_id, channels) overriding system value values ($2, '${TEAM}', $1)`,
      [channelId, audienceId],
    );
    await client.query(
      `insert into audience_channel (team_id, channel_id, audience_id) values ('${TEAM}', $1, $2)`,
      [channelId, audienceId],
    );
  }
}

async function copy(
  client: pg.Client,
  folder: string,
  lines: Record<keyof typeof COLUMNS, string>,
): Promise<void> {
  for (const [table, columns] of Object.entries(COLUMNS)) {
    const path = join(folder, table);
    writeFileSync(path, lines[table as keyof typeof COLUMNS], { mode: 0o644 });
    await client.query(`copy ${table} (${columns.join(', ')}) from '${path}'`);
  }
}

/** A row as `copy` reads it. */
function line(values: readonly Value[]): string {
  return `${values.map((value) => (typeof value === 'string' ? escaped(value) : (value ?? '\\N'))).join('\t')}\n`;
}

const ESCAPES: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escaped(text: string): string {
  return /[\\\n\r\t]/.test(text) ? text.replace(/[\\\n\r\t]/g, (char) => ESCAPES[char] as string) : text;
}

async function fillListing(client: pg.Client): Promise<void> {
  await client.query(`insert into listing (team_id, channel_id, tag, shared_at, file_id)
    select team_id, channel_id, unnest(string_to_array(listed_as, ' ')), shared_at, file_id from channel_file`);
}

/** What the catalog keeps besides the rows. */
async function deriveTheRest(client: pg.Client): Promise<void> {
  const month = `to_char(to_timestamp(shared_at / 1000) at time zone 'UTC', 'YYYY-MM')`;
  const statements = [
    `insert into share (team_id, file_id, channel_id, channel_kind, ts, user_id, shared_at)
      select team_id, file_id, channel_id, 'public', message_ts, uploader_id, shared_at from file`,
    ...sumStatements(month),
    ...['file', 'audience'].map(
      (table) => `select setval(pg_get_serial_sequence('${table}', 'id'), (select max(id) from ${table}))`,
    ),
  ];
  await runAll(client, statements);
}
