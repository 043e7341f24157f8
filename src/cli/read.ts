/** `npm run read`: says how far reading is. With `--all` it reads all that waits. */
import './closed-output.ts';
import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { count } from '../blocks/text/wording.ts';
import { CatalogError } from '../catalog/db/errors.ts';
import { openCatalog, openCatalogToRead } from '../catalog/db/open.ts';
import { mergeSegments } from '../catalog/postings/merge.ts';
import { claimReadings, readAgain } from '../catalog/reading/rows.ts';
import { startReading } from '../catalog/reading/start.ts';
import { isReadAnywhere } from '../catalog/reading/wanted.ts';
import { loadStores, textPolicy } from '../config.ts';
import { readingPolicy } from '../config-reading.ts';
import { readFile } from '../contents/read-file.ts';
import type { ReadOptions } from '../contents/read-options.ts';
import { roomToRead } from '../contents/room.ts';
import type { Env } from '../env.ts';
import { readEnvironment } from '../environment.ts';
import { ConfigError, errorCode } from '../errors.ts';
import { createLog } from '../log.ts';
import { trustCertificates } from '../network/trust.ts';
import { scratchFolder } from '../scratch-folder.ts';
import { openBucket } from '../storage/bucket.ts';
import { StorageError } from '../storage/errors.ts';
import { readsContents } from '../text-modes.ts';
import { botRuns } from './bot-runs.ts';
import { countsOf, isAllRead, type ReadingProgress, readingProgress } from './read-progress.ts';
import { readText } from './read-report.ts';

const USAGE = `npm run read -- [--all] [--again] [--at-once=N] [--json]

Says how many files are still to be read so that they are found by what is in them, and why some cannot be. The bot reads
them by itself, gently. With --all, this command reads all of them now, also older, imported and backfilled ones. It may be
stopped and begun again at any time.

  --all       reads all that waits, without rests (with SQLite, stop the bot first; with PostgreSQL, bots may run)
  --again     with --all: also what could not be read before, or only in part, and what an older version of the vault read
  --at-once   with --all: how many documents at once (half of the processors)
  --json      the outcome as one JSON object

Ends with 0 when nothing waits any more, 1 when some still does or reading has not begun, 2 when it could not be done.`;

const LEASE_MS = 60_000;
const PROGRESS_MS = 5_000;
const MERGE_MS = 500;

interface Options {
  all: boolean;
  again: boolean;
  json: boolean;
  help: boolean;
  atOnce: number;
}

process.exitCode = await run(process.argv.slice(2));

async function run(argv: string[]): Promise<number> {
  try {
    const options = readOptions(argv);
    if (options.help) {
      process.stdout.write(`${USAGE}\n`);
      return 0;
    }
    const env = readEnvironment();
    trustCertificates(env);
    const left = await (options.all ? readAll(env, options) : lookAt(env));
    process.stdout.write(`${options.json ? JSON.stringify(left) : readText(left)}\n`);
    return isAllRead(left) ? 0 : 1;
  } catch (error) {
    const isExpected = [ConfigError, CatalogError, StorageError].some((kind) => error instanceof kind);
    process.stderr.write(`${isExpected ? (error as Error).message : (error as Error).stack}\n`);
    return 2;
  }
}

async function lookAt(env: Env): Promise<ReadingProgress> {
  const byDefault = readsContents(textPolicy(env));
  const { ocr } = readingPolicy(env);
  const room = roomToRead({ ocr, log: createLog('error'), now: Date.now });
  const catalog = await openCatalogToRead(loadStores(env).data);
  try {
    return await readingProgress(catalog, byDefault, room);
  } finally {
    await catalog.close();
  }
}

async function readAll(env: Env, { again, atOnce }: Options): Promise<ReadingProgress> {
  const { data, bucket: settings } = loadStores(env);
  const { ocr, previews } = readingPolicy(env);
  const byDefault = readsContents(textPolicy(env));
  const onBlocked = ({ message }: CatalogError) => process.stderr.write(`… ${message}\n`);
  const catalog = await openCatalog({ ...data, onBlocked, unhurried: true }).catch(
    botRuns(
      'The bot is running and holds the SQLite catalog. It reads by itself; to read all at once, stop it, run read --all, and start it again.',
    ),
  );
  try {
    if (!(await isReadAnywhere(catalog, byDefault)))
      throw new ConfigError(
        'VAULT_TEXT',
        'VAULT_TEXT says that nothing is read, and no channel says otherwise: set VAULT_TEXT=all or contents.',
      );
    const bucket = await openBucket(settings);
    try {
      while (await startReading(catalog, ocr, byDefault));
      if (again) await readAgain(catalog);
      const owner = `read-${process.pid}-${randomUUID().slice(0, 8)}`;
      const folder = scratchFolder(catalog.kind, data.dataDir);
      const log = createLog('error');
      await work(
        {
          ...{ catalog, bucket, byDefault, owner, folder, ocr, previews, log },
          leaseMs: LEASE_MS,
          now: Date.now,
        },
        atOnce,
      );
      return { ...(await countsOf(catalog)), state: 'on', lacks: [] };
    } finally {
      bucket.close();
    }
  } finally {
    await catalog.close();
  }
}

/** Reads until nothing is due, or until it is told to stop: then what it has in hand is handed back. */
async function work(options: ReadOptions, atOnce: number): Promise<void> {
  const { catalog, owner, now } = options;
  const stop = new AbortController();
  const onSignal = () => stop.abort(new Error('it was told to stop'));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, onSignal);
  let read = 0;
  const tell = async () => {
    const { waiting } = await countsOf(catalog);
    process.stderr.write(`… ${count(read, 'file')} read, ${waiting} left\n`);
  };
  const timer = setInterval(() => void tell().catch(() => {}), PROGRESS_MS);
  let isReading = true;
  // Else each document would be a segment of its own, and a search would look into all of them.
  const merge = async () => {
    const goOn = async () => stop.signal.throwIfAborted();
    for (let isMore = false; isReading || isMore; ) {
      if (!isMore) await pause(MERGE_MS, undefined, { signal: stop.signal });
      // What could not be merged now is, in the next round; in the end, the bot does it.
      isMore = await mergeSegments(catalog, { now, onStep: goOn }).catch((error) => {
        options.log.error({ code: errorCode(error), err: error }, 'the index of texts could not be merged');
        return false;
      });
    }
  };
  const one = async () => {
    while (!stop.signal.aborted) {
      const claim = { owner, limit: 1, leaseMs: LEASE_MS, now: now() };
      const [row] = await claimReadings(catalog, claim);
      if (row === undefined) return;
      await readFile(options, row, stop.signal);
      read += 1;
    }
  };
  try {
    const merging = merge().catch((error) => {
      if (!stop.signal.aborted) throw error;
    });
    const reading = Promise.all(Array.from({ length: atOnce }, one)).finally(() => {
      isReading = false;
    });
    await Promise.all([reading, merging]);
  } finally {
    clearInterval(timer);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, onSignal);
  }
}

function readOptions(args: string[]): Options {
  const flag = { type: 'boolean', default: false } as const;
  try {
    const standard = String(Math.max(1, Math.floor(availableParallelism() / 2)));
    const { values } = parseArgs({
      args,
      options: {
        ...{ all: flag, again: flag, json: flag, help: flag },
        'at-once': { type: 'string', default: standard },
      },
    });
    const { 'at-once': atOnce, ...rest } = values;
    if (!/^[1-9]\d?$/.test(atOnce))
      throw new Error(`--at-once must be a number from 1 to 99, not "${atOnce}".`);
    if (rest.again && !rest.all) throw new Error('--again needs --all.');
    return { ...rest, atOnce: Number(atOnce) };
  } catch (error) {
    throw new ConfigError('argv', `${(error as Error).message.split('\n', 1)[0]} See --help.`);
  }
}
