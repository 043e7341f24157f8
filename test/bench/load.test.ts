import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer } from '../../bench/answers/sizes.ts';
import { loadSqlite } from '../../bench/load.ts';
import { loadPostgres } from '../../bench/load-postgres.ts';
import { BIG_CHANNEL, fileAt, isTrashed, OBJECT, sharedFile, TEAM } from '../../bench/sample.ts';
import { type Catalog, openCatalog } from '../../src/catalog/db/open.ts';
import { claimDueFiles, commitStored } from '../../src/catalog/files/capture.ts';
import { recordShares } from '../../src/catalog/files/shares.ts';
import { trashFile } from '../../src/catalog/files/trash.ts';
import { findFiles } from '../../src/catalog/search/find.ts';
import { noPostgres } from '../helpers/postgres.ts';

const FILES = 300;
const STEP_MS = 1_000;

/** The same files, each captured as the bot does it. */
async function capture(catalog: Catalog): Promise<void> {
  for (let i = 0; i < FILES; i++) {
    const sample = fileAt(i, STEP_MS);
    const { fileId, channelId, uploaderId, at } = sample;
    const ref = { teamId: TEAM, fileId };
    const place = { channelId, channelKind: 'public' as const, ts: (at / 1_000).toFixed(6), threadTs: null };
    const share = { ...place, userId: uploaderId, sharedAt: at };
    await recordShares(catalog, TEAM, [{ file: sharedFile(sample), share }], at);
    await claimDueFiles(catalog, { owner: 'b', limit: 1, leaseMs: 60_000, now: at });
    const object = { ...OBJECT, key: `v/${fileId}`, versionId: null };
    await commitStored(catalog, { ref, owner: 'b', object, confirm: 'off', now: at });
    const trash = { ref, actorId: uploaderId, channelId, purgeAt: at, now: at };
    if (isTrashed(i)) await trashFile(catalog, trash);
  }
}

/** What lists, searches and sums are read from, in words that do not depend on ids given out. */
async function derived(catalog: Catalog) {
  const rows = async (query: string) => (await sql.raw<object>(query).execute(catalog.db)).rows;
  const audience = 'join audience a on a.id = s.audience_id';
  const found = async (text: string) => {
    const viewer = { teamId: TEAM, channelIds: [BIG_CHANNEL, 'C1'] };
    const { files } = await findFiles(catalog, { viewer, filter: { text }, limit: 100 });
    return files.map(({ fileId, rank }) => [fileId, rank]);
  };
  return {
    files: await rows(`select s.file_id, name, folded, state, known_as, s.channel_id, message_ts, object_key,
      stored_bytes, a.channels from file s ${audience} order by s.file_id`),
    shares: await rows('select file_id, channel_id, ts, user_id, shared_at from share order by file_id'),
    places: await rows(
      'select file_id, channel_id, shared_at, shared_by, listed_as from channel_file order by file_id',
    ),
    listing: await rows('select channel_id, tag, shared_at, file_id from listing order by 1, 2, 3, 4'),
    audiences: await rows('select channels, files, bytes from audience where files > 0 order by channels'),
    tallies: await rows(`select s.uploader_id, a.channels, s.files, s.bytes from tally s ${audience}
      where s.files > 0 order by 1, 2`),
    breakdown: await rows(`select s.part, s.name, a.channels, s.files, s.bytes from breakdown s ${audience}
      where s.files > 0 order by 1, 2, 3`),
    words: await rows('select word from find_word order by word'),
    reports: await found('report'),
    mistyped: await found('reprot'),
  };
}

const folder = () => mkdtempSync(join(tmpdir(), 'ria-vault-load-'));

describe('what is loaded in bulk is what the bot would have written', () => {
  let expected: Awaited<ReturnType<typeof derived>>;
  const folders = [folder(), folder()];
  beforeAll(async () => {
    const catalog = await openCatalog({ dataDir: folders[0] as string });
    await capture(catalog);
    expected = await derived(catalog);
    await catalog.close();
    expect(expected.reports.length).toBeGreaterThan(0);
    expect(expected.mistyped.length).toBeGreaterThan(0);
  });
  afterAll(() => {
    for (const path of folders) rmSync(path, { recursive: true });
  });

  test('on SQLite', async () => {
    const dataDir = folders[1] as string;
    await loadSqlite(dataDir, FILES, STEP_MS);
    const catalog = await openCatalog({ dataDir });
    expect(await derived(catalog)).toEqual(expected);
    await catalog.close();
  });

  test.skipIf(noPostgres())('on PostgreSQL', async () => {
    const server = await startServer();
    try {
      const databaseUrl = await server.createDatabase();
      await loadPostgres(databaseUrl, FILES, STEP_MS);
      const catalog = await openCatalog({ databaseUrl, dataDir: '' });
      expect(await derived(catalog)).toEqual(expected);
      await catalog.close();
    } finally {
      await server.close();
    }
  });
});
