import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { OBJECT, TEAM } from '../sample.ts';
import { textsOf } from './rows.ts';
import { createSegments, type FilledSegment, LEVEL } from './segments.ts';

/** What the texts took. */
export interface Filled {
  /** Of all documents, as people wrote them, in bytes. */
  textBytes: number;
  /** What the catalog grew by, in bytes. */
  saidBytes: number;
  contentsBytes: number;
}

/** So many files are committed at once. */
const BATCH = 10_000;

/** Gives every file of a catalog that `loadSqlite` filled a message and a document, as if all had been read. */
export function fillSqlite(
  dataDir: string,
  files: number,
  stepMs: number,
  say: (line: string) => void,
): Filled {
  const path = join(dataDir, 'vault.db');
  const db = new DatabaseSync(path);
  db.exec(`pragma journal_mode = memory; pragma synchronous = off; pragma cache_size = -524288;
    insert into said_words (said_words, rank) values ('hashsize', 67108864)`);
  // Nothing of it is told to the journal.
  const triggers = db.prepare(
    `select name, sql from sqlite_master where type = 'trigger' and tbl_name in ('said', 'reading')`,
  );
  const asides = triggers.all() as Array<{ name: string; sql: string }>;
  for (const { name } of asides) db.exec(`drop trigger ${name}`);
  const sizes = [statSync(path).size];
  const each = (fill: (i: number) => void) => {
    for (let first = 0; first < files; first += BATCH) {
      db.exec('begin');
      for (let i = first; i < Math.min(files, first + BATCH); i++) fill(i);
      db.exec('commit');
    }
    sizes.push(statSync(path).size);
  };
  const said = db.prepare(
    'insert into said (id, team_id, file_id, channel_id, ts, author, words, at) values (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const saidWords = db.prepare('insert into said_words (rowid, words) values (?, ?)');
  each((i) => {
    const { id, fileId, channelId, ts, author, at, said: words, saidIndex } = textsOf(i, stepMs, false);
    said.run(id, TEAM, fileId, channelId, ts, author, words, at);
    saidWords.run(id, `${saidIndex.channel} ${saidIndex.words.join(' ')}`);
  });
  say('  messages are in');
  const reading = db.prepare(
    `insert into reading (team_id, file_id, sha256, state, since) values (?, ?, ?, 'read', ?)`,
  );
  const segments = db.prepare(
    'insert into content_segment (id, level, documents, ids, at) values (?, ?, ?, ?, 0)',
  );
  const parts = db.prepare('insert into content_part (segment_id, first_key, bits) values (?, ?, ?)');
  const documents = db.prepare('insert into content_document (id, segment_id, slot) values (?, ?, ?)');
  const put = (segment: FilledSegment | undefined) => {
    if (segment === undefined) return;
    segments.run(segment.id, LEVEL, segment.ids.length, segment.packed);
    for (const { firstKey, bits } of segment.parts) parts.run(segment.id, firstKey, bits);
    for (const [slot, id] of segment.ids.entries()) documents.run(id, segment.id, slot);
  };
  const filling = createSegments();
  let textBytes = 0;
  each((i) => {
    const { id, fileId, at, bytes, contents: index } = textsOf(i, stepMs);
    textBytes += bytes;
    reading.run(TEAM, fileId, OBJECT.sha256, at);
    put(filling.add(id, index));
    if (id === files) put(filling.end());
    if (id % 100_000 === 0) say(`  ${id.toLocaleString('en-US')} documents are in`);
  });
  for (const { sql } of asides) db.exec(sql);
  db.exec('pragma journal_mode = wal');
  db.close();
  const [before = 0, between = 0, after = 0] = sizes;
  return { textBytes, saidBytes: between - before, contentsBytes: after - between };
}
