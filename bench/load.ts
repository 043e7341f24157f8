import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe } from '../src/catalog/merge.ts';
import { openCatalog } from '../src/catalog/open.ts';
import { tagsOf } from '../src/catalog/search/listing.ts';
import { wordPieces } from '../src/catalog/tables/migrate-find.ts';
import { CHANNELS, fileAt, isTrashed, OBJECT, type Sample, sharedFile, TEAM } from './sample.ts';

/** Every so-manieth file has been downloaded once, as the audit log knows. */
const DOWNLOADED = 10;
const TRASH_MS = 30 * 86_400_000;

const FILE_COLUMNS = [
  ...['id', 'team_id', 'file_id', 'name', 'title', 'mimetype', 'filetype', 'mode', 'size', 'uploader_id'],
  ...['created_at', 'url', 'known_as', 'folded', 'state', 'channel_id', 'message_ts', 'shared_at'],
  ...['object_key', 'stored_bytes', 'sha256', 'crc32', 'etag', 'proof', 'stored_at', 'audience_id'],
  ...['trashed_at', 'trashed_by', 'purge_at', 'due_at'],
];

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
): Promise<void> {
  const began = performance.now();
  const done = (what: string) => say(`  ${what} after ${((performance.now() - began) / 1_000).toFixed(0)} s`);
  await (await openCatalog({ dataDir })).close();
  const db = new DatabaseSync(join(dataDir, 'vault.db'));
  try {
    // A load that is cut short is thrown away, so nothing of it has to be safe on disk.
    db.exec(`pragma journal_mode = memory; pragma synchronous = off; pragma temp_store = memory;
      pragma cache_size = -1048576; begin`);
    const asides = setAside(db);
    insertRows(db, files, stepMs);
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
        and tbl_name in ('file', 'share', 'channel_file', 'channel', 'audit') order by type`,
    )
    .all() as Array<{ type: string; name: string; sql: string }>;
  for (const { type, name } of found) db.exec(`drop ${type} ${name}`);
  return found.map(({ sql }) => sql);
}

function insertRows(db: DatabaseSync, files: number, stepMs: number): void {
  db.exec('create temp table tagged (channel_id text, tag text, shared_at integer, file_id text)');
  const into = (table: string, columns: readonly string[]) =>
    db.prepare(`insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`);
  const file = into('file', FILE_COLUMNS);
  const share = into('share', [
    ...['team_id', 'file_id', 'channel_id', 'channel_kind', 'ts', 'user_id', 'shared_at'],
  ]);
  const channelFile = into('channel_file', [
    ...['team_id', 'file_id', 'channel_id', 'shared_at', 'shared_by', 'listed_as'],
  ]);
  const tagged = into('tagged', ['channel_id', 'tag', 'shared_at', 'file_id']);
  const audit = into('audit', ['at', 'team_id', 'actor_id', 'action', 'file_id', 'channel_id', 'detail']);
  const audiences = audienceIds(db);
  const words = new Set<string>();
  const end = fileAt(files, stepMs).at;
  for (let i = 0; i < files; i++) {
    const sample = fileAt(i, stepMs);
    const { fileId, channelId, uploaderId, at } = sample;
    const row = fileRow(
      sample,
      isTrashed(i) ? end - ((i * 7_919_000) % TRASH_MS) : null,
      audiences(channelId),
    );
    file.run(i + 1, ...row.values);
    share.run(TEAM, fileId, channelId, 'public', tsOf(at), uploaderId, at);
    channelFile.run(TEAM, fileId, channelId, at, uploaderId, row.tags?.join(' ') ?? null);
    for (const tag of row.tags ?? []) tagged.run(channelId, tag, at, fileId);
    if (i % DOWNLOADED === 0) audit.run(at, TEAM, uploaderId, 'link', fileId, channelId, '{"minutes":5}');
    if (row.trashedAt !== null)
      audit.run(row.trashedAt, TEAM, uploaderId, 'trashed', fileId, channelId, '{}');
    for (const word of wordPieces(row.folded)) if (word.length >= 3 && word.length <= 24) words.add(word);
  }
  const word = db.prepare('insert into find_word (word) values (?)');
  for (const one of [...words].sort()) word.run(one);
}

const tsOf = (ms: number) => (ms / 1_000).toFixed(6);

/** The ids of the channels' audiences, each made here. */
function audienceIds(db: DatabaseSync): (channelId: string) => number {
  const channel = db.prepare(
    `insert into channel (team_id, channel_id, name, kind, is_member, is_archived, checked_at)
      values (?, ?, ?, 'public', 1, 0, 0)`,
  );
  const audience = db.prepare('insert into audience (id, team_id, channels) values (?, ?, ?)');
  const member = db.prepare(
    'insert into audience_channel (team_id, channel_id, audience_id) values (?, ?, ?)',
  );
  const ids = new Map(CHANNELS.map((channelId, i) => [channelId, i + 1]));
  for (const [channelId, id] of ids) {
    channel.run(TEAM, channelId, channelId.toLowerCase());
    audience.run(id, TEAM, channelId);
    member.run(TEAM, channelId, id);
  }
  return (channelId) => ids.get(channelId) as number;
}

/** A file's row without its id, and its tags; none for a file that was trashed at `trashedAt`. */
function fileRow(sample: Sample, trashedAt: number | null, audienceId: number) {
  const { fileId, channelId, uploaderId, at } = sample;
  const file = sharedFile(sample);
  const { knownAs, folded, ...told } = describe({ ...file, teamId: TEAM, fileId } as never);
  const purgeAt = trashedAt === null ? null : trashedAt + TRASH_MS;
  const { name, title, mimetype, filetype, mode, size, createdAt, url } = told;
  const values = [
    ...[TEAM, fileId, name, title, mimetype, filetype, mode, size, uploaderId],
    ...[createdAt, url, knownAs, folded, trashedAt === null ? 'stored' : 'trashed', channelId, tsOf(at), at],
    ...[`v/${fileId}`, OBJECT.bytes, OBJECT.sha256, OBJECT.crc32, OBJECT.etag, OBJECT.proof, at, audienceId],
    ...[trashedAt, trashedAt === null ? null : uploaderId, purgeAt, purgeAt],
  ];
  return { values, folded, trashedAt, tags: trashedAt === null ? tagsOf(file as never, uploaderId) : null };
}

/** What the catalog keeps besides the rows themselves. */
function derive(db: DatabaseSync): void {
  const sums = `count(*), sum(stored_bytes) from file where state = 'stored'`;
  const breakdown = (part: string, name: string) =>
    `insert into breakdown (team_id, audience_id, part, name, files, bytes)
      select team_id, audience_id, '${part}', ${name}, ${sums} group by team_id, audience_id, ${name};`;
  db.exec(`
    insert into listing (team_id, channel_id, tag, shared_at, file_id)
      select '${TEAM}', channel_id, tag, shared_at, file_id from tagged
      order by channel_id, tag, shared_at, file_id;
    drop table tagged;
    insert into tally (team_id, uploader_id, audience_id, files, bytes)
      select team_id, uploader_id, audience_id, ${sums} group by team_id, uploader_id, audience_id;
    ${breakdown('month', `strftime('%Y-%m', shared_at / 1000, 'unixepoch')`)}
    ${breakdown('type', 'filetype')}
    update audience set (files, bytes) =
      (select coalesce(sum(t.files), 0), coalesce(sum(t.bytes), 0) from tally t where t.audience_id = audience.id);
    insert into file_text (file_text, rank) values ('hashsize', 67108864);
    insert into file_text (rowid, folded) select id, folded from file order by id;
    insert into file_text (file_text, rank) values ('hashsize', 1048576);
  `);
}
