/** `npm run drill`: plays the loss of the catalog, and says what would not come back from the bucket as it is. */

import './closed-output.ts';
import { setPriority } from 'node:os';
import { parseArgs } from 'node:util';
import { botSchemas } from '../catalog/alerts/bots.ts';
import { differences, lastDrill, withDrill } from '../catalog/alerts/drills.ts';
import { writeMemo } from '../catalog/alerts/periodic-jobs.ts';
import { isDirectoryTaken } from '../catalog/db/directory-lock.ts';
import { CatalogError } from '../catalog/db/errors.ts';
import { openCatalogToRead } from '../catalog/db/open.ts';
import type { Catalog } from '../catalog/db/schema.ts';
import { openScratch } from '../catalog/db/scratch.ts';
import { workspaceOf } from '../catalog/governance/workspace.ts';
import { drillSettings, loadStores } from '../config.ts';
import { type Drilled, drill } from '../drill/drill.ts';
import { drillText } from '../drill/report.ts';
import { needRoom } from '../drill/room.ts';
import { readEnvironment } from '../environment.ts';
import { ConfigError, errorCode, RetryableError } from '../errors.ts';
import { SegmentError } from '../journal/segment.ts';
import { trustCertificates } from '../network/trust.ts';
import { scratchFolder } from '../scratch-folder.ts';
import { openBucketToRead } from '../storage/open-to-read.ts';

const USAGE = `npm run drill -- [--read=GB|all] [--json]

Plays the loss of the catalog: brings it back from the bucket alone into a scratch catalog, compares that row by row with
the one in use (DATABASE_URL, else VAULT_DATA_DIR), and reads some objects whole. It changes nothing but the note of when it
was done and how far the reading came. Bots may run.

  --read   how many GB of objects are read whole (VAULT_DRILL_READ_GB); "all" for all of them from the beginning
  --json   the outcome as one JSON object

Ends with 0 when nothing differs, 1 when something does (each thing is named), 2 when it could not be done.`;

/** What the bot says to the process that it starts for this. */
const FOR_BOT = '--for-bot';
const NICE = 19;
const REST_MS = 2_000;
const GIGABYTE = 1e9;

const argv = process.argv.slice(2);
process.exitCode = argv.includes(FOR_BOT) ? await forBot() : await forPerson();

async function forPerson(): Promise<number> {
  try {
    const options = readOptions(argv);
    if (options.help) {
      process.stdout.write(`${USAGE}\n`);
      return 0;
    }
    const { summary } = await run({
      ...options,
      notes: true,
      onProgress: (line) => process.stderr.write(`… ${line}\n`),
    });
    process.stdout.write(`${options.json ? JSON.stringify(summary) : drillText(summary)}\n`);
    return differences(summary) === 0 ? 0 : 1;
  } catch (error) {
    process.stderr.write(
      `${isExpected(error) ? (error as Error).message : `The drill failed: ${(error as Error).stack}`}\n`,
    );
    return 2;
  }
}

/** One JSON object for the bot, which writes down itself what is to be remembered. */
async function forBot(): Promise<number> {
  giveWay();
  process.stdin.resume().on('end', () => process.exit(1));
  const outcome = await run({ notes: false, all: false, onProgress: () => {} }).catch((error) => ({
    problem: { code: errorCode(error), message: (error as Error).message },
  }));
  process.stdout.write(JSON.stringify(outcome));
  process.stdin.destroy();
  return 'problem' in outcome ? 2 : 0;
}

/** Where the system forbids even that (systemd without `setpriority`), the drill is done all the same. */
function giveWay(): void {
  try {
    setPriority(NICE);
  } catch {}
}

function isExpected(error: unknown): boolean {
  return [ConfigError, CatalogError, RetryableError, SegmentError].some((kind) => error instanceof kind);
}

interface Options {
  /** Whether what is to be remembered is written down. */
  notes: boolean;
  /** Read everything, from the beginning. */
  all: boolean;
  budget?: number | undefined;
  onProgress(line: string): void;
}

async function run({ notes, all, budget, onProgress }: Options): Promise<Drilled> {
  const env = readEnvironment();
  const { data, bucket: settings } = loadStores(env);
  const { days, readBytes } = drillSettings(env);
  trustCertificates(env);
  const live = await openCatalogToRead({ ...data, notes });
  try {
    const teamId = await workspaceOf(live);
    if (teamId === undefined)
      throw new CatalogError('catalog_empty', 'This catalog knows no workspace yet: start the bot once.');
    const folder = scratchFolder(live.kind, data.dataDir);
    await needRoom(live, data.dataDir, folder);
    env.SQLITE_TMPDIR = folder;
    const bucket = await openBucketToRead(settings);
    try {
      const memo = await lastDrill(live);
      const start = { after: '', begunAt: null, roundAt: memo.reading?.roundAt ?? null };
      const drilled = await drill({
        ...{ live, bucket, teamId, openScratch, onProgress, now: Date.now, restMs: REST_MS },
        place: all ? start : (memo.reading ?? start),
        budget: all ? Number.POSITIVE_INFINITY : (budget ?? readBytes),
        everyDays: days === 0 ? 7 : days,
        alone: notes && !(await isBotThere(live, data.dataDir)),
      });
      if (notes)
        await writeMemo(live, 'drill', withDrill(await lastDrill(live), drilled.summary, drilled.place));
      return drilled;
    } finally {
      bucket.close();
    }
  } finally {
    await live.close();
  }
}

/** Whether a bot runs that tells the journal what it does not know yet. */
async function isBotThere(live: Catalog, dataDir: string): Promise<boolean> {
  return live.kind === 'sqlite' ? isDirectoryTaken(dataDir) : (await botSchemas(live)).length > 0;
}

function readOptions(args: string[]) {
  const flag = { type: 'boolean', default: false } as const;
  try {
    const { values } = parseArgs({ args, options: { json: flag, help: flag, read: { type: 'string' } } });
    const { json, help, read } = values;
    const all = read === 'all';
    if (read !== undefined && !all && !/^\d{1,7}(\.\d{1,3})?$/.test(read))
      throw new Error(`--read must be a number of GB, or "all", not "${read}".`);
    return { json, help, all, budget: read === undefined || all ? undefined : Number(read) * GIGABYTE };
  } catch (error) {
    throw new ConfigError('argv', `${(error as Error).message.split('\n', 1)[0]} See --help.`);
  }
}
