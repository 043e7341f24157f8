import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { type Catalog, openCatalog } from '../../src/catalog/db/open.ts';
import type { NewSighting } from '../../src/catalog/files/new-sighting.ts';
import { recordShares } from '../../src/catalog/files/shares.ts';
import type { PostgresServer } from '../../test/helpers/postgres.ts';
import { type Bot, startBot } from '../bots/bot.ts';
import type { Surroundings } from '../bots/surroundings.ts';
import type { Host } from '../hosts/start.ts';

const BATCH = 200;
/** How long before their due time files are made due: longer than the two seconds that a bot may sleep. */
export const NOTICE_MS = 2_500;
const LOOK_MS = 100;
const PATIENCE_MS = 60_000;
/** Not before the bench says so. */
const NOT_YET_MS = 3_600_000;

/** Where a crew works. */
export interface Site {
  server: PostgresServer;
  around: Surroundings;
  source: Host;
}

/** Several bots that share one new, empty database. */
export interface Crew {
  bots: Bot[];
  catalog: Catalog;
  /** Ends the bots. */
  close(): Promise<void>;
}

/** Starts so many bots on a new database; the sweeps of their start go on. */
export async function startCrew(
  { server, around }: Site,
  size: number,
  env: Record<string, string>,
): Promise<Crew> {
  const databaseUrl = await server.createDatabase();
  const bots = await Promise.all(
    Array.from({ length: size }, () => startBot({ ...around.env, ...env, DATABASE_URL: databaseUrl })),
  );
  const catalog = await openCatalog({ databaseUrl, dataDir: around.folder });
  return {
    bots,
    catalog,
    async close() {
      await catalog.close();
      await Promise.all(bots.map((bot) => bot.stop()));
    },
  };
}

/** A file to be captured: its name, its channel (an index), and how the source sends it. */
export interface Planned {
  fileId: string;
  channel: number;
  bytes: number;
  /** Bytes a second; without it, as fast as possible. */
  rate?: number;
}

/** Writes files down as if Slack had told of them, each in a message of its own; none is due yet. */
export async function record(
  { around, source }: Site,
  catalog: Catalog,
  planned: readonly Planned[],
): Promise<void> {
  const now = Date.now();
  const { teamId, channels, people } = around.slack.workspace;
  const uploaderId = people.anna as string;
  const found = planned.map(({ fileId, channel, bytes, rate }, i): NewSighting => {
    const channelId = channels[`c${channel}`] as string;
    const sharedAt = now - planned.length + i;
    const url = `${source.url}/${bytes}/${fileId}${rate === undefined ? '' : `?rate=${rate}`}`;
    return {
      file: {
        ...{
          teamId,
          fileId,
          name: `${fileId}.pdf`,
          title: fileId,
          mimetype: 'application/pdf',
          filetype: 'pdf',
        },
        ...{ mode: 'hosted', size: bytes, uploaderId, createdAt: sharedAt, complete: true, url },
        ...{ externalUrl: null, permalink: null },
      },
      share: {
        ...{ channelId, channelKind: 'public', ts: (sharedAt / 1_000).toFixed(6), threadTs: null },
        ...{ userId: uploaderId, sharedAt },
      },
      dueAt: now + NOT_YET_MS,
    };
  });
  for (let first = 0; first < found.length; first += BATCH)
    await recordShares(catalog, teamId, found.slice(first, first + BATCH), now);
  // Otherwise PostgreSQL would do this by itself, in the middle of the measurement.
  await sql`analyze`.execute(catalog.db);
}

/** Makes recorded files due at a moment (ms): all, or those whose ids begin so. */
export async function makeDue(catalog: Catalog, at: number, prefix = ''): Promise<void> {
  await catalog.db.updateTable('file').set({ dueAt: at }).where('fileId', 'like', `${prefix}%`).execute();
}

/** Waits until so many files are not stored yet, or fewer. Throws after a minute. */
export async function untilLeft(catalog: Catalog, files: number): Promise<void> {
  for (let waited = 0; (await unfinished(catalog)) > files; waited += LOOK_MS) {
    if (waited > PATIENCE_MS) throw new Error('the files were not captured in a minute');
    await sleep(LOOK_MS);
  }
}

async function unfinished(catalog: Catalog): Promise<number> {
  const { files } = await catalog.db
    .selectFrom('file')
    .select(({ fn }) => fn.countAll<number>().as('files'))
    .where('state', '!=', 'stored')
    .executeTakeFirstOrThrow();
  return files;
}
