import pg from 'pg';
import { OBJECT, TEAM } from '../sample.ts';
import type { Filled } from './fill-sqlite.ts';
import { textsOf } from './rows.ts';
import { createSegments, type FilledSegment, LEVEL } from './segments.ts';

/** So many rows go to the server at once. */
const BATCH = 1_000;

/**
 * The same as `fillSqlite`, for a catalog that `loadPostgres` filled; only every so many files have texts. The address must be its
 * superuser's.
 */
export async function fillPostgres(
  databaseUrl: string,
  files: number,
  stepMs: number,
  say: (line: string) => void,
  every = 1,
): Promise<Filled> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    // Without triggers: nothing of it is told to the journal. The indexes are made when all is in.
    await client.query(`set session_replication_role = replica; set maintenance_work_mem = '1GB'`);
    const indexes = ['said_words_words'];
    const { rows } = await client.query<{ made: string }>(
      `select indexdef as made from pg_indexes where indexname = any($1)`,
      [indexes],
    );
    for (const index of indexes) await client.query(`drop index ${index}`);
    let textBytes = 0;
    const filling = createSegments();
    const documents = Math.floor(files / every);
    for (let first = 0; first < documents; first += BATCH) {
      const batch = Array.from({ length: Math.min(BATCH, documents - first) }, (_, i) =>
        textsOf((first + i) * every, stepMs),
      );
      textBytes += batch.reduce((sum, { bytes }) => sum + bytes, 0);
      await insert(client, batch);
      for (const { id, contents } of batch) await insertSegment(client, filling.add(id, contents));
      if ((first + BATCH) % 100_000 === 0)
        say(`  ${(first + BATCH).toLocaleString('en-US')} documents are in`);
    }
    await insertSegment(client, filling.end());
    await client.query(`select setval(pg_get_serial_sequence('content_segment', 'id'), 1000000)`);
    for (const { made } of rows) await client.query(made);
    const own = ['content_segment', 'content_part', 'content_document', 'content_gone', 'reading'];
    await client.query(`vacuum analyze said, said_words, ${own.join(', ')}`);
    const sizes = await client.query<{ said: string; contents: string }>(
      `select pg_total_relation_size('said') + pg_total_relation_size('said_words') as said,
        ${own.map((table) => `pg_total_relation_size('${table}')`).join(' + ')} as contents`,
    );
    const { said, contents } = sizes.rows[0] as { said: string; contents: string };
    return { textBytes, saidBytes: Number(said), contentsBytes: Number(contents) };
  } finally {
    await client.end();
  }
}

async function insert(client: pg.Client, batch: Array<ReturnType<typeof textsOf>>): Promise<void> {
  const columns = (...pick: Array<(one: (typeof batch)[number]) => unknown>) =>
    pick.map((value) => batch.map(value));
  await client.query(
    `insert into said (id, team_id, file_id, channel_id, ts, author, words, at) overriding system value
      select id, '${TEAM}', file_id, channel_id, ts, author, words, at
      from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[])
        as t (id, file_id, channel_id, ts, author, words, at)`,
    columns(
      ({ id }) => id,
      ({ fileId }) => fileId,
      ({ channelId }) => channelId,
      ({ ts }) => ts,
      ({ author }) => author,
      ({ said }) => said,
      ({ at }) => at,
    ),
  );
  await client.query(
    `insert into said_words (id, channels, words)
      select id, array[channel], words::tsvector from unnest($1::bigint[], $2::text[], $3::text[]) as t (id, channel, words)`,
    columns(
      ({ id }) => id,
      ({ saidIndex }) => saidIndex.channel,
      ({ saidIndex }) => saidIndex.words.map((word, at) => `${word}:${at + 1}`).join(' '),
    ),
  );
  await client.query(
    `insert into reading (team_id, file_id, sha256, state, since)
      select '${TEAM}', file_id, '${OBJECT.sha256}', 'read', at from unnest($1::text[], $2::bigint[]) as t (file_id, at)`,
    columns(
      ({ fileId }) => fileId,
      ({ at }) => at,
    ),
  );
}

/** So many parts go to the server at once: a megabyte. */
const PARTS = 500;

async function insertSegment(client: pg.Client, segment: FilledSegment | undefined): Promise<void> {
  if (segment === undefined) return;
  const { id, ids, packed, parts } = segment;
  await client.query(
    `insert into content_segment (id, level, documents, ids, at) overriding system value values ($1, $2, $3, $4, 0)`,
    [id, LEVEL, ids.length, packed],
  );
  for (let at = 0; at < parts.length; at += PARTS) {
    const some = parts.slice(at, at + PARTS);
    await client.query(
      `insert into content_part (segment_id, first_key, bits) select $1, first_key, bits
        from unnest($2::bigint[], $3::bytea[]) as t (first_key, bits)`,
      [id, some.map(({ firstKey }) => firstKey), some.map(({ bits }) => bits)],
    );
  }
  await client.query(
    `insert into content_document (id, segment_id, slot) select id, $1, place - 1
      from unnest($2::bigint[]) with ordinality as t (id, place)`,
    [id, ids],
  );
}
