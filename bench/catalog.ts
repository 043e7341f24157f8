import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { audienceOf, countFile } from '../src/catalog/audience.ts';
import { claimDueFiles, commitStored } from '../src/catalog/capture.ts';
import { totals } from '../src/catalog/home.ts';
import { describe } from '../src/catalog/merge.ts';
import type { ListCursor, ListFilter } from '../src/catalog/model.ts';
import { openCatalog } from '../src/catalog/open.ts';
import { findFiles } from '../src/catalog/search/find.ts';
import { findInChannel, listChannel, recentFiles } from '../src/catalog/search/list.ts';
import { tagsOf } from '../src/catalog/search/listing.ts';
import { type FoundFile, recordShares } from '../src/catalog/shares.ts';
import type { Scope } from '../src/catalog/tables/schema.ts';
import { loadSqlite } from './load.ts';
import { CHANNELS, fileAt, OBJECT, type Sample, START, sharedFile, TEAM } from './sample.ts';

/**
 * How quick lists are in a catalog of FILES files (a million): `node bench/catalog.ts [files] [database url]`.
 * Half of the files are in one channel, the rest in 100 others. Prints the median and the worst of 20 runs.
 * A PostgreSQL database that is loaded already is measured as it is.
 */
const FILES = Number(process.argv[2] ?? 1_000_000);
const databaseUrl = process.argv[3];
const BATCH = 200;
/** So many files, the last ones, are loaded as the bot would; the rest by the shortest way. */
const THROUGH_THE_CATALOG = 2_000;
const dataDir = mkdtempSync(join(tmpdir(), 'ria-vault-bench-'));
process.on('exit', () => rmSync(dataDir, { recursive: true, force: true }));
if (!databaseUrl) await loadSqlite(dataDir, Math.max(0, FILES - THROUGH_THE_CATALOG), 1_000, console.log);
const catalog = await openCatalog({ dataDir, ...(databaseUrl ? { databaseUrl } : {}) });

await load();
await measure();
await catalog.close();

async function load(): Promise<void> {
  const { files: loaded } = await catalog.db
    .selectFrom('file')
    .select(({ fn }) => fn.countAll<number>().as('files'))
    .executeTakeFirstOrThrow();
  if (loaded >= FILES) return;
  const began = performance.now();
  for (let first = loaded; first < FILES; first += BATCH) {
    const files = Array.from({ length: Math.min(BATCH, FILES - first) }, (_, i) => fileAt(first + i));
    const mark = performance.now();
    await (first < FILES - THROUGH_THE_CATALOG ? insert(files) : capture(files));
    if (first + files.length === FILES) {
      console.log(
        `recorded and stored ${((performance.now() - mark) / files.length).toFixed(2)} ms per file`,
      );
    }
    if (first % 100_000 === 0)
      console.log(`loaded ${first} files in ${((performance.now() - began) / 1_000).toFixed(0)} s`);
  }
  // PostgreSQL would come to it by itself, some time in the middle of the measurements.
  if (databaseUrl) await sql`analyze`.execute(catalog.db);
}

function foundFile(sample: Sample): FoundFile {
  const { channelId, uploaderId, at } = sample;
  return {
    file: sharedFile(sample),
    share: {
      ...{ channelId, channelKind: 'public', ts: (at / 1_000).toFixed(6), threadTs: null },
      ...{ userId: uploaderId, sharedAt: at },
    },
  };
}

/** As the bot does it. */
async function capture(files: Sample[]): Promise<void> {
  const now = files.at(-1)?.at ?? 0;
  await recordShares(catalog, TEAM, files.map(foundFile), now);
  for (const { fileId } of await claimDueFiles(catalog, { owner: 'b', limit: BATCH, leaseMs: 60_000, now })) {
    const stored = { ...OBJECT, key: `v/${fileId}`, versionId: null };
    await commitStored(catalog, {
      ref: { teamId: TEAM, fileId },
      owner: 'b',
      object: stored,
      confirm: 'off',
      now,
    });
  }
}

async function storedRow(scope: Scope, sample: Sample) {
  const { file, share } = foundFile(sample);
  const { fileId, channelId, at: sharedAt } = sample;
  const audienceId = await audienceOf(scope, TEAM, [channelId]);
  const { complete, ...columns } = file;
  const place = { channelId, sharedAt, messageTs: share.ts, threadTs: null };
  const stored = {
    storedBytes: OBJECT.bytes,
    sha256: OBJECT.sha256,
    objectKey: `v/${fileId}`,
    storedAt: sharedAt,
  };
  const row = { ...columns, ...place, ...stored, ...describe(file), state: 'stored' as const, audienceId };
  return { row, share, channelId, fileId, sharedAt, tags: tagsOf(row as never, sample.uploaderId) };
}

/** The same rows, many at a time. */
async function insert(files: Sample[]): Promise<void> {
  await catalog.db.transaction().execute(async (trx) => {
    const rows = await Promise.all(files.map((sample) => storedRow({ db: trx, kind: catalog.kind }, sample)));
    const key = (r: (typeof rows)[number]) => ({
      teamId: TEAM,
      fileId: r.fileId,
      channelId: r.channelId,
      sharedAt: r.sharedAt,
    });
    await trx
      .insertInto('file')
      .values(rows.map((r) => r.row as never))
      .execute();
    await trx
      .insertInto('share')
      .values(rows.map((r) => ({ ...r.share, ...key(r) }) as never))
      .execute();
    const listed = rows.map((r) => ({ ...key(r), sharedBy: r.share.userId, listedAs: r.tags.join(' ') }));
    await trx.insertInto('channelFile').values(listed).execute();
    await trx
      .insertInto('listing')
      .values(rows.flatMap((r) => r.tags.map((tag) => ({ ...key(r), tag }))))
      .execute();
    for (const { row } of rows)
      await countFile({ db: trx, kind: catalog.kind }, undefined, row as never, [row.channelId]);
  });
}

async function measure(): Promise<void> {
  if (!databaseUrl)
    console.log(`database: ${(statSync(join(dataDir, 'vault.db')).size / 2 ** 20).toFixed(0)} MiB`);
  const list =
    (filter: ListFilter, channelId = 'C0BIG') =>
    () =>
      listChannel(catalog, { teamId: TEAM, channelId, filter, limit: 10 });
  const deep = { direction: 'older' as const, sharedAt: START + FILES * 500, fileId: 'F' };
  const channelIds = CHANNELS;
  const everybody = { teamId: TEAM, channelIds, ownUserId: 'U4' };
  const few = { teamId: TEAM, channelIds: ['C1', 'C3', 'C5'], ownUserId: 'U4' };
  const one = { teamId: TEAM, channelIds: ['C0BIG'], ownUserId: 'U4' };
  const find =
    (filter: ListFilter, viewer = everybody, cursor?: ListCursor) =>
    () =>
      findFiles(catalog, { viewer, filter, limit: 10, ...(cursor ? { cursor } : {}) });
  const cases: Record<string, () => Promise<unknown>> = {
    'first page': list({}),
    'page in the middle': () =>
      listChannel(catalog, { teamId: TEAM, channelId: 'C0BIG', filter: {}, cursor: deep, limit: 10 }),
    'common person': list({ userId: 'U4' }),
    'rare person': list({ userId: 'U0RARE' }, 'C3'),
    'common type': list({ types: ['pdf'] }),
    'several types': list({ types: ['pdf', 'jpg', 'image', 'psd'] }),
    'rare type': list({ types: ['psd'] }, 'C7'),
    'person and type': list({ userId: 'U8', types: ['pdf'] }),
    'person and type, never both': list({ userId: 'U8', types: ['txt'] }),
    'type and dates, nothing there': list({ types: ['pdf'], before: START }),
    'common text': list({ text: 'report' }),
    'rare text': list({ text: 'überblick' }, 'C11'),
    'a word common elsewhere': list({ text: 'invoice' }),
    'text that nothing has': list({ text: 'xyzzy' }),
    'two letters that nothing has': list({ text: 'qq' }),
    'text and person': list({ text: 'report', userId: 'U4' }),
    'find by exact name': () =>
      findInChannel(catalog, { teamId: TEAM, channelId: 'C0BIG', query: fileAt(1_000).name, limit: 10 }),
    'find own by name': () =>
      findInChannel(catalog, {
        teamId: TEAM,
        channelId: 'C0BIG',
        query: 'report',
        uploaderId: 'U4',
        limit: 10,
      }),
    'find everything, first page': find({}),
    'find everything, page in the middle': find({}, everybody, { ...deep, rank: 0 }),
    'find a common word': find({ text: 'report' }),
    'find a common word, deep': find({ text: 'report' }, everybody, { ...deep, rank: 1 }),
    'find two common words': find({ text: 'budget 17' }),
    'find a rare word': find({ text: 'überblick' }),
    'find a mistyped common word': find({ text: 'inovice' }),
    'find a mistyped rare word': find({ text: 'uberblikc' }),
    'find a word that nothing has': find({ text: 'xyzzy' }),
    'find a name exactly': find({ text: fileAt(1_000).name }),
    'find by id': find({ text: fileAt(1_000).fileId }),
    'find a type': find({ types: ['pdf'] }),
    'find a rare type': find({ types: ['psd'] }),
    'find person, type and word': find({ text: 'report', userId: 'U8', types: ['pdf'] }),
    'find by size, none': find({ minBytes: 1_000_000 }),
    'find by size, all': find({ minBytes: 10 }),
    'find by sha256, all': find({ sha256: 'aaaaaaaa' }),
    'find by sha256, none': find({ sha256: 'bbbbbbbb' }),
    'find in three small channels': find({ text: 'report' }, few),
    'find elsewhere only': find({ text: 'invoice' }, few),
    'find mistyped in three channels': find({ text: 'reprot' }, few),
    'find all three in three channels': find({ text: 'report', userId: 'U101', types: ['docx'] }, few),
    'find elsewhere only, large channel': find({ text: 'invoice' }, one),
    'recent of 201 channels': () =>
      recentFiles(catalog, { teamId: TEAM, channelIds, ownUserId: 'U4', limit: 10 }),
    'totals of 201 channels': () => totals(catalog, { teamId: TEAM, channelIds, ownUserId: 'U4' }),
  };
  for (const [name, run] of Object.entries(cases)) {
    const times: number[] = [];
    for (let i = 0; i < 20; i++) {
      const began = performance.now();
      await run();
      times.push(performance.now() - began);
      if ((times[0] as number) > 2_000) break;
    }
    const [first] = times;
    times.sort((a, b) => a - b);
    const show = (ms: number | undefined) => (ms ?? 0).toFixed(1).padStart(8);
    console.log(
      `${name.padEnd(36)} median ${show(times[times.length >> 1])} ms, worst ${show(times.at(-1))} ms, first ${show(first)} ms`,
    );
  }
}
