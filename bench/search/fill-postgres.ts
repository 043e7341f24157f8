import pg from 'pg';
import { piecesOf } from '../../src/catalog/reading/pairs.ts';
import { OBJECT, TEAM } from '../sample.ts';
import type { Filled } from './fill-sqlite.ts';
import { textsOf } from './rows.ts';

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
    const indexes = ['said_words_words', 'file_contents_words'];
    const { rows } = await client.query<{ made: string }>(
      `select indexdef as made from pg_indexes where indexname = any($1)`,
      [indexes],
    );
    for (const index of indexes) await client.query(`drop index ${index}`);
    let textBytes = 0;
    const documents = Math.floor(files / every);
    for (let first = 0; first < documents; first += BATCH) {
      const batch = Array.from({ length: Math.min(BATCH, documents - first) }, (_, i) =>
        textsOf((first + i) * every, stepMs),
      );
      textBytes += batch.reduce((sum, { bytes }) => sum + bytes, 0);
      await insert(client, batch);
      if ((first + BATCH) % 100_000 === 0)
        say(`  ${(first + BATCH).toLocaleString('en-US')} documents are in`);
    }
    for (const { made } of rows) await client.query(made);
    await client.query('vacuum analyze said, said_words, file_contents, reading');
    const sizes = await client.query<{ said: string; contents: string }>(
      `select pg_total_relation_size('said') + pg_total_relation_size('said_words') as said,
        pg_total_relation_size('file_contents') + pg_total_relation_size('reading') as contents`,
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
    `insert into file_contents (id, audience_id, words, pairs)
      select id, audience_id, words::int4[], pairs
      from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[]) as t (id, audience_id, words, pairs)`,
    columns(
      ({ id }) => id,
      ({ contents }) => contents.audienceId,
      ({ contents }) => `{${contents.numbers.toSorted((a, b) => a - b).join(',')}}`,
      ({ contents }) => Buffer.concat(piecesOf('postgres', contents.pairs)),
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
