/** `npm run import`: brings the files of an export or another archive into the vault. */
import './closed-output.ts';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { CatalogError } from '../catalog/db/errors.ts';
import { openCatalog } from '../catalog/db/open.ts';
import { channelNamed } from '../catalog/files/imported.ts';
import { workspaceOf } from '../catalog/governance/workspace.ts';
import { loadConfig } from '../config.ts';
import { readEnvironment } from '../environment.ts';
import { ConfigError, errorCode } from '../errors.ts';
import { ImportError } from '../import/errors.ts';
import { type ImportReport, isWhole } from '../import/report.ts';
import { IMPORT_CACHE_MIB, importArchive } from '../import/run.ts';
import { createLog } from '../log.ts';
import { trustCertificates } from '../network/trust.ts';
import { createSlackApi, type SlackApi, SlackApiError } from '../slack/api.ts';
import { unexpectedAnswer } from '../slack/api-error.ts';
import { isOurWorkspace, isOutside } from '../slack/outside.ts';
import { ownerOf } from '../slack/owner.ts';
import { createPeople } from '../slack/people.ts';
import { personNamed } from '../slack/person-named.ts';
import { openBucket } from '../storage/bucket.ts';
import { StorageError } from '../storage/errors.ts';
import { keepHeapSmall } from '../v8-flags.ts';
import { botRuns } from './bot-runs.ts';
import { importText } from './import-report.ts';

const USAGE = `npm run import -- <file or folder> [--dry-run] [--team T0123] [--json] [--report <file>]

Brings the files of a Slack export (a zip file, or its folder) into the vault, with where and when they were shared. What the
vault has already is passed over. It may be stopped and begun again at any time. With SQLite, stop the bot first; what is
shared meanwhile, the bot finds at its next start.

  --dry-run   says what is in it and what would come, and changes nothing
  --team      the workspace, if the archive does not say it
  --json      the report as one JSON object
  --report    also writes the report to this file (as JSON if it ends in .json)

Ends with 0 when everything is there or waits for the bot (the report says how many), 1 when something could not be had or is
wrong in the archive, 2 when it could not begin or go on.`;

/** A line of progress at most so often, in ms. */
const PROGRESS_MS = 5_000;
const AGAIN = 'Nothing is lost: run the same command again, and it goes on where it was.';
const STOPPED = `Stopped. ${AGAIN}`;
/** With these it has not begun. */
const NOT_BEGUN: readonly string[] = ['catalog_locked'];

keepHeapSmall();
const { code, output, problem } = await run(process.argv.slice(2));
if (output !== '') process.stdout.write(`${output}\n`);
if (problem !== '') process.stderr.write(`${problem}\n`);
process.exitCode = code;

interface Ended {
  code: number;
  output: string;
  problem: string;
}

async function run(argv: string[]): Promise<Ended> {
  const stop = new AbortController();
  const onSignal = () => stop.abort(new ImportError('stopped', STOPPED));
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    const env = readEnvironment();
    const options = readOptions(argv);
    if (options.help) return { code: 0, output: USAGE, problem: '' };
    const report = await importWith(options, env, stop.signal);
    if (options.report !== undefined)
      await writeFile(
        options.report,
        options.report.endsWith('.json') ? JSON.stringify(report) : importText(report),
      );
    const output = options.json ? JSON.stringify(report) : importText(report);
    return { code: isWhole(report) ? 0 : 1, output, problem: '' };
  } catch (error) {
    const expected = [ConfigError, CatalogError, StorageError, ImportError, SlackApiError].some(
      (kind) => error instanceof kind,
    );
    const said = expected ? (error as Error).message : `The import failed: ${(error as Error).stack}`;
    const mayGoOn = error instanceof CatalogError || error instanceof StorageError || !expected;
    const again = mayGoOn && !NOT_BEGUN.includes(errorCode(error)) ? ` ${AGAIN}` : '';
    return { code: 2, output: '', problem: `${said}${again}` };
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

interface Options {
  path: string;
  dryRun: boolean;
  team: string | undefined;
  json: boolean;
  report: string | undefined;
  help: boolean;
}

function readOptions(args: string[]): Options {
  const flag = { type: 'boolean', default: false } as const;
  const text = { type: 'string' } as const;
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { 'dry-run': flag, json: flag, help: flag, team: text, report: text },
    });
    const [path] = positionals;
    if (!values.help && (path === undefined || positionals.length > 1))
      throw new Error('Name one file or folder.');
    const { 'dry-run': dryRun, json, help, team, report } = values;
    return { path: path ?? '', dryRun, json, help, team, report };
  } catch (error) {
    throw new ConfigError('argv', `${(error as Error).message.split('\n', 1)[0]} See --help.`);
  }
}

async function importWith(
  { path, dryRun, team }: Options,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<ImportReport> {
  const config = loadConfig(env);
  trustCertificates(env);
  const onBlocked = ({ message }: CatalogError) => process.stderr.write(`… ${message}\n`);
  const opened = await openCatalog({ ...config.data, onBlocked, cacheMib: IMPORT_CACHE_MIB }).catch(
    botRuns(
      'The bot is running and holds the SQLite catalog: stop it, run the import, and start it again. What is shared meanwhile, it finds then. (With PostgreSQL, both run side by side.)',
    ),
  );
  const { onUnshare, scan } = config.policy;
  const catalog = { ...opened, onUnshare, scans: scan !== undefined };
  const log = createLog(config.logLevel, process.stderr);
  const slack = createSlackApi({ token: config.slack.botToken, apiUrl: config.slack.apiUrl, log });
  try {
    const bucket = await openBucket(config.bucket);
    const ours = (await workspaceOf(catalog)) ?? (await teamOfToken(slack));
    // An organisation's id begins with E, a workspace's with T.
    slack.workspaces?.serve(ours.startsWith('E'));
    const people = createPeople({ api: slack, teamId: ours });
    const began = Date.now();
    let said = began;
    try {
      return await importArchive({
        ...{ path, dryRun, catalog, bucket, signal, now: Date.now },
        ours,
        workspaces: (await slack.workspaces?.ids()) ?? [],
        ...(team === undefined ? {} : { teamId: team }),
        policy: config.policy,
        owner: `import-${randomUUID()}`,
        allowedHosts: [new URL(config.slack.apiUrl).hostname],
        concurrency: config.captureConcurrency,
        log,
        personNamed: personNamed(slack),
        isOutside: (userId, told) => isOutside(people, userId, told),
        isOurWorkspace: (workspace) => isOurWorkspace(slack, workspace),
        channelNamed: (name) => channelNamed(catalog, name, team),
        onProgress(done, all, { files, stored }) {
          if (Date.now() - said < PROGRESS_MS) return;
          said = Date.now();
          const left = Math.round((((said - began) / done) * Math.max(0, all - done)) / 60_000);
          const time = done === 0 ? '' : `, about ${left} min left`;
          process.stderr.write(
            `… ${done} of ${all} lists of messages, ${files} files, ${stored} stored${time}\n`,
          );
        },
      });
    } finally {
      bucket.close();
    }
  } finally {
    await slack.close();
    await catalog.close();
  }
}

/** An archive alone never decides whose vault an empty catalog is. */
async function teamOfToken(slack: SlackApi): Promise<string> {
  const owner = ownerOf(await slack.call('auth.test'));
  if (owner === null) throw unexpectedAnswer('auth.test');
  return owner.teamId;
}
