import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openCatalog } from '../src/catalog/db/open.ts';
import { FILL_FILE_TEXT } from '../src/catalog/migrations/0010_places.ts';
import { COLUMNS, channelRows, fileRows, LARGE, noteWords, sumStatements } from './load-rows.ts';
import { fileAt, TEAM } from './sample.ts';

/** What the name of the i-th file begins with, before its own. */
export type FrontOf = (i: number) => string;

/**
 * Fills a new SQLite catalog in `dataDir` with `files` files as they stand when all of it has been captured and told
 * to the journal. The bot's own way takes a millisecond or more for each. Here the rows go in bare, in one
 * transaction, and what the catalog derives from them (indexes, search, sums) is made afterwards, at once.
 */
export async function loadSqlite(
  dataDir: string,
  files: number,
  stepMs = 1_000,
  say: (line: string) => void = () => {},
  frontOf: FrontOf = () => '',
): Promise<void> {
  const began = performance.now();
  const done = (what: string) => say(`  ${what} after ${((performance.now() - began) / 1_000).toFixed(0)} s`);
  await (await openCatalog({ dataDir })).close();
  const db = new DatabaseSync(join(dataDir, 'vault.db'));
  try {
    // An interrupted load is thrown away, so nothing of it has to be safe on disk.
    db.exec(`pragma journal_mode = memory; pragma synchronous = off; pragma temp_store = memory;
      pragma cache_size = -1048576; begin`);
    const asides = setAside(db);
    insertRows(db, files, stepMs, frontOf);
    done('rows');
    derive(db);
    done('lists, sums and search');
    for (const statement of asides) db.exec(statement);
    done('indexes');
    db.exec('commit; pragma journal_mode = wal');
  } finally {
    db.close();
  }
}

/** Drops the triggers and indexes of the large tables; answers the statements that make them again. */
function setAside(db: DatabaseSync): string[] {
  const found = db
    .prepare(
      `select type, name, sql from sqlite_master where sql is not null and type in ('index', 'trigger')
        and tbl_name in (${LARGE.map((table) => `'${table}'`).join(', ')}) order by type`,
    )
    .all() as Array<{ type: string; name: string; sql: string }>;
  for (const { type, name } of found) db.exec(`drop ${type} ${name}`);
  return found.map(({ sql }) => sql);
}

function insertRows(db: DatabaseSync, files: number, stepMs: number, frontOf: FrontOf): void {
  insertChannels(db);
  db.exec('create temp table tagged (channel_id text, tag text, shared_at integer, file_id text)');
  const into = (table: string, columns: readonly string[]) =>
    db.prepare(`insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`);
  const file = into('file', COLUMNS.file);
  const channelFile = into('channel_file', COLUMNS.channel_file);
  const audit = into('audit', COLUMNS.audit);
  const tagged = into('tagged', ['channel_id', 'tag', 'shared_at', 'file_id']);
  const words = new Set<string>();
  const end = fileAt(files, stepMs).at;
  for (let i = 0; i < files; i++) {
    const { fileId, channelId, at } = fileAt(i, stepMs);
    const rows = fileRows(i, stepMs, end, frontOf(i));
    file.run(...rows.file);
    channelFile.run(...rows.channelFile);
    for (const one of rows.audits) audit.run(...one);
    for (const tag of rows.tags ?? []) tagged.run(channelId, tag, at, fileId);
    noteWords(rows, words);
  }
  const word = db.prepare('insert into find_word (word) values (?)');
  for (const one of [...words].sort()) word.run(one);
}

function insertChannels(db: DatabaseSync): void {
  const channel = db.prepare(
    `insert into channel (team_id, channel_id, name, kind, is_member, is_archived, checked_at)
      values (?, ?, ?, 'public', 1, 0, 0)`,
  );
  const audience = db.prepare('insert into audience (id, team_id, channels) values (?, ?, ?)');
  const member = db.prepare(
    'insert into audience_channel (team_id, channel_id, audience_id) values (?, ?, ?)',
  );
  for (const { channelId, audienceId } of channelRows()) {
    channel.run(TEAM, channelId, channelId.toLowerCase());
    audience.run(audienceId, TEAM, channelId);
    member.run(TEAM, channelId, audienceId);
  }
}

/** What the catalog keeps besides the rows themselves. */
function derive(db: DatabaseSync): void {
  db.exec(`
    insert into share (team_id, file_id, channel_id, channel_kind, ts, user_id, shared_at)
      select team_id, file_id, channel_id, 'public', message_ts, uploader_id, shared_at from file;
    insert into listing (team_id, channel_id, tag, shared_at, file_id)
      select '${TEAM}', channel_id, tag, shared_at, file_id from tagged
      order by channel_id, tag, shared_at, file_id;
    drop table tagged;
    ${sumStatements(`strftime('%Y-%m', shared_at / 1000, 'unixepoch')`).join(';\n')};
    insert into file_text (file_text, rank) values ('hashsize', 67108864);
    ${FILL_FILE_TEXT};
    insert into file_text (file_text, rank) values ('hashsize', 1048576);
  `);
}
