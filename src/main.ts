import { enableCompileCache, flushCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { hasSlackCredentials, loadConfig } from './config.ts';
import { readEnvironment } from './environment.ts';
import { ConfigError, errorCode } from './errors.ts';
import { createLog, type Log } from './log.ts';
import { startNetwork } from './network/start.ts';
import { countBuffersWithHeap } from './v8-flags.ts';
import { VERSION } from './version.ts';

/** The exit code for a configuration that cannot work: starting again would not help. */
const BAD_CONFIGURATION = 2;

/** sysexits.h, EX_TEMPFAIL: this version cannot go on, the one that changed the catalog can. */
const OUTDATED = 75;

/** A stop ends by then, even if something hangs: soon after, operators' machines kill the process. */
const STOP_MS = 24_000;

/** A start that a person has to mend ends by then. */
const REFUSE_MS = 10_000;

/**
 * Node's compiled form of 1,400 source files is kept beside the packages from the first start on; making it is a
 * third of a start's work. Whoever can write there can change the code anyway. If nobody can, nothing is kept.
 */
const COMPILED = fileURLToPath(new URL('../node_modules/.cache/ria-vault', import.meta.url));
enableCompileCache(COMPILED);
countBuffersWithHeap();

const env = settings();
if (hasSlackCredentials(env)) await runBot();
else await runSandbox();

function settings(): NodeJS.ProcessEnv {
  try {
    return readEnvironment();
  } catch (error) {
    return refuse(createLog('info'), error);
  }
}

async function runBot(): Promise<void> {
  let log = createLog('info');
  try {
    const config = loadConfig(env);
    log = createLog(config.logLevel);
    endOnDefects(log);
    startNetwork(env, config.proxies, log);
    // Loaded only now, so that a mistake in the configuration is reported at once.
    const { startApp } = await import('./app.ts');
    const stopping = stopSignal();
    const app = await startApp(config, log);
    const { SCHEMA } = await import('./catalog/db/migrate.ts');
    log.info(
      { port: app.port, version: VERSION, schema: SCHEMA, node: process.version },
      'listening; opening the database, the bucket and the line to Slack',
    );
    // The end may be sudden, so what was compiled is kept now.
    app.ready.then(flushCompileCache, () => {});
    const ended = Promise.race([stopping, app.outdated]);
    const reason = await Promise.race([ended, app.ready.then(() => ended)]).catch(async (error) => {
      // A database that hangs must not keep it from saying so.
      setTimeout(() => refuse(log, error), REFUSE_MS);
      await app.stop();
      refuse(log, error);
    });
    const isOutdated = typeof reason !== 'string';
    const exitCode = isOutdated ? OUTDATED : 0;
    if (isOutdated) log.info({ code: reason.code }, 'stopping: handing back what runs');
    else log.info({ signal: reason }, 'stopping: finishing what runs');
    setTimeout(() => {
      log.warn(
        { code: 'stop_too_long' },
        'something hangs; ending now. What was not handed back falls due again',
      );
      process.exit(exitCode);
    }, STOP_MS);
    await app.stop();
    log.info('stopped');
    process.exit(exitCode);
  } catch (error) {
    refuse(log, error);
  }
}

async function runSandbox(): Promise<void> {
  const { startSandbox } = await import('../sandbox/main.ts').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    refuse(
      createLog('info'),
      new ConfigError(
        'SLACK_BOT_TOKEN',
        'SLACK_BOT_TOKEN is not set, and the sandbox that runs without it needs the development packages: set SLACK_BOT_TOKEN, or run npm ci.',
      ),
    );
    throw error;
  });
  await startSandbox({ env });
}

/** Says in one sentence why the process cannot continue, and ends it. */
function refuse(log: Log, error: unknown): never {
  const code = errorCode(error);
  const configuration = error instanceof ConfigError || /^(bucket|catalog|prefix)_/.test(code);
  log.fatal({ code, err: error }, configuration ? (error as Error).message : 'cannot start');
  if (configuration) process.stderr.write(`${(error as Error).message}\n`);
  process.exit(configuration ? BAD_CONFIGURATION : 1);
}

/** Resolves at the first SIGTERM or SIGINT; a second one ends the process at once. */
function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        resolve(signal);
        process.on(signal, () => process.exit(1));
      });
    }
  });
}

/** After a defect, the state of the process is unknown. Rows and leases make it safe to end it. */
function endOnDefects(log: Log): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      log.fatal({ code: errorCode(error), err: error }, 'a defect; the process ends and starts again clean');
      process.exit(1);
    });
  }
}
