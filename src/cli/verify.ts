/** `npm run verify`: compares the catalog with the bucket. With `--repair`, it repairs what it can. */
import './closed-output.ts';
import { parseArgs } from 'node:util';
import { repair } from '../capture/repair.ts';
import { verify } from '../capture/verify.ts';
import type { Finding } from '../catalog/alerts/findings.ts';
import { periodicJobSoon } from '../catalog/alerts/periodic-jobs.ts';
import { CatalogError } from '../catalog/db/errors.ts';
import { openCatalog, openCatalogToRead } from '../catalog/db/open.ts';
import { loadStores, onUnshare } from '../config.ts';
import { readEnvironment } from '../environment.ts';
import { ConfigError } from '../errors.ts';
import { trustCertificates } from '../network/trust.ts';
import { openBucket } from '../storage/bucket.ts';
import { StorageError } from '../storage/errors.ts';
import { openBucketToRead } from '../storage/open-to-read.ts';
import { HOUR_MS } from '../time.ts';
import { botRuns } from './bot-runs.ts';
import { collect, type Report, reportText, stillWrong } from './verify-report.ts';

const USAGE = `npm run verify -- [--deep] [--repair] [--json] [--upload-age-hours=24]

Compares what the catalog says with what the bucket holds, both ways. Reads only, beside a running bot.

  --deep      reads every object and computes its SHA-256 again
  --repair    captures again what is missing or damaged, adopts objects that say what they are, aborts forgotten uploads
              (with SQLite, stop the bot first)
  --json      the report as one JSON object
  --upload-age-hours   how old an unfinished upload must be to count as forgotten

Ends with 0 when all is well (or all could be repaired), 1 when something is wrong, 2 when it could not be looked at.`;

const { code, output, problem } = await run(process.argv.slice(2));
if (output !== '') process.stdout.write(`${output}\n`);
if (problem !== '') process.stderr.write(`${problem}\n`);
process.exitCode = code;

async function run(argv: string[]): Promise<{ code: number; output: string; problem: string }> {
  try {
    const options = readOptions(argv);
    if (options.help) return { code: 0, output: USAGE, problem: '' };
    const report = await compare(options);
    const output = options.json ? JSON.stringify(report) : reportText(report);
    return { code: stillWrong(report) > 0 ? 1 : 0, output, problem: '' };
  } catch (error) {
    const expected =
      error instanceof ConfigError || error instanceof CatalogError || error instanceof StorageError;
    const problem = expected ? error.message : `The comparison failed: ${(error as Error).stack}`;
    return { code: 2, output: '', problem };
  }
}

interface Options {
  deep: boolean;
  repair: boolean;
  json: boolean;
  help: boolean;
  uploadAgeMs: number;
}

function readOptions(args: string[]): Options {
  const flag = { type: 'boolean', default: false } as const;
  const hours = { type: 'string', default: '24' } as const;
  try {
    const { values } = parseArgs({
      args,
      options: { deep: flag, repair: flag, json: flag, help: flag, 'upload-age-hours': hours },
    });
    const { 'upload-age-hours': age, ...rest } = values;
    if (!/^\d{1,6}$/.test(age)) throw new Error(`--upload-age-hours must be a whole number, not "${age}".`);
    return { ...rest, uploadAgeMs: Number(age) * HOUR_MS };
  } catch (error) {
    throw new ConfigError('argv', `${(error as Error).message.split('\n', 1)[0]} See --help.`);
  }
}

async function compare(options: Options): Promise<Report> {
  const env = readEnvironment();
  const config = loadStores(env);
  trustCertificates(env);
  const onBlocked = ({ message }: CatalogError) => process.stderr.write(`… ${message}\n`);
  const opened = options.repair
    ? await openCatalog({ ...config.data, onBlocked, unhurried: true }).catch(
        botRuns(
          'The bot is running and holds the SQLite catalog: stop it, run verify --repair, and start it again. (Without --repair, verify runs beside it.)',
        ),
      )
    : await openCatalogToRead(config.data);
  const catalog = { ...opened, onUnshare: onUnshare(env) };
  try {
    const bucket = await (options.repair ? openBucket : openBucketToRead)(config.bucket);
    const collected = collect();
    const now = Date.now;
    const onFinding = async (finding: Finding) => {
      const repaired = options.repair ? await repair({ catalog, bucket, now }, finding) : null;
      collected.add({ ...finding, repaired });
    };
    try {
      const { deep, uploadAgeMs } = options;
      const summary = await verify({ catalog, bucket, deep, uploadAgeMs, onFinding, now });
      // The result of the bot's own comparison is outdated now.
      if (options.repair) await periodicJobSoon(catalog, 'verify', now());
      const repaired = options.repair ? collected.repaired : null;
      return { ...summary, bucket: bucket.name, deep, examples: collected.examples, repaired };
    } finally {
      bucket.close();
    }
  } finally {
    await catalog.close();
  }
}
