/** `npm run rehearse`: tries Slack and the bucket for real, in one channel and under one prefix, before you trust it. */
import './closed-output.ts';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { loadConfig } from '../config.ts';
import type { Env } from '../env.ts';
import { readEnvironment } from '../environment.ts';
import { ConfigError, errorCode } from '../errors.ts';
import { trustCertificates } from '../network/trust.ts';
import { CHECKS } from '../rehearse/checks/index.ts';
import { CheckFailed } from '../rehearse/endings.ts';
import { atTerminal, type Terminal } from '../rehearse/people.ts';
import { rehearse } from '../rehearse/rehearse.ts';
import { safePage } from '../rehearse/report/page.ts';
import { progressLine, summary } from '../rehearse/report/screen.ts';
import { toTell } from '../rehearse/report/told.ts';
import { wrapped } from '../rehearse/report/wrapped.ts';
import { expectedAt, knownStores } from '../rehearse/shapes/expected.ts';
import { StorageError } from '../storage/errors.ts';
import { VERSION } from '../version.ts';

const USAGE = `npm run rehearse -- --channel=C012AB3CD [--private=C…] [--store=aws]
                    [--without-people] [--only=file.,bucket.] [--report=path]
                    [--yes]

Tries your own Slack app and bucket, as .env names them, and compares the shape
of all that they send with what the sandbox sends. Stop the bot meanwhile.

  --channel         the id of a test channel that the bot is in; others see what
                    is written there
  --private         the id of a private channel that the bot is in
  --store           what the bucket is: ${knownStores().slice(0, 7).join(', ')}, …
  --without-people  asks nobody to do anything in Slack
  --only            only checks whose names begin so
  --report          where the report goes (rehearsal.md)
  --yes             does not ask before it begins

REHEARSE_TOKEN: a token of a second app, or of a person, that may upload files.

Ends with 0 when all is as expected, 1 when something deviates or failed, 2 when
it could not run.`;

process.exitCode = await run(process.argv.slice(2));

async function run(argv: string[]): Promise<number> {
  const stop = new AbortController();
  const terminal = openTerminal(stop);
  try {
    if (argv.includes('--help')) {
      terminal.say(USAGE);
      return 0;
    }
    const env = readEnvironment();
    return await rehearsal(readOptions(argv), env, terminal, stop);
  } catch (error) {
    const isKnown =
      error instanceof ConfigError || error instanceof StorageError || error instanceof CheckFailed;
    const problem = isKnown ? error.message : `The rehearsal failed: ${(error as Error).stack}`;
    process.stderr.write(`${stop.signal.aborted ? 'Interrupted.' : wrapped(problem, 0).join('\n')}\n`);
    return 2;
  } finally {
    terminal.close();
  }
}

interface Options {
  channel: string;
  private?: string;
  store: string;
  only: string[];
  report: string;
  yes: boolean;
  withoutPeople: boolean;
}

function readOptions(args: string[]): Options {
  const flag = { type: 'boolean', default: false } as const;
  const text = { type: 'string' } as const;
  try {
    const { values } = parseArgs({
      args,
      options: {
        ...{ channel: text, private: text, only: text },
        ...{ store: { ...text, default: 'aws' }, report: { ...text, default: 'rehearsal.md' } },
        ...{ yes: flag, 'without-people': flag },
      },
    });
    const { channel = '', only = '', store, report, yes } = values;
    const isId = (id: string) => /^[CG][A-Z0-9]{6,}$/.test(id);
    if (!isId(channel))
      throw new Error(
        '--channel must be the id of a test channel such as C012AB3CD (in its details in Slack).',
      );
    if (values.private !== undefined && !isId(values.private))
      throw new Error('--private must be the id of a private channel such as C012AB3CD.');
    if (!knownStores().includes(store))
      throw new Error(`--store must be one of ${knownStores().join(', ')}.`);
    const prefixes = only.split(',').filter(Boolean);
    const none = prefixes.find((prefix) => !CHECKS.some(({ id }) => id.startsWith(prefix)));
    if (none !== undefined) throw new Error(`--only: there is no check whose name begins with "${none}".`);
    return {
      ...{ channel, store, report, yes, only: prefixes, withoutPeople: values['without-people'] },
      ...(values.private === undefined ? {} : { private: values.private }),
    };
  } catch (error) {
    throw new ConfigError('argv', `${(error as Error).message.split('\n', 1)[0]} See --help.`);
  }
}

async function rehearsal(
  options: Options,
  env: Env,
  terminal: Terminal,
  stop: AbortController,
): Promise<number> {
  const config = loadConfig(env);
  trustCertificates(env);
  const { channel, store, only } = options;
  const question =
    'The rehearsal writes messages and small files into the channel that you named, and objects under a prefix of its own in the bucket. It deletes them at the end. It starts a bot of its own, which sees that channel alone. Go on? (yes/no)';
  if (!options.yes && !(await isAgreed(question, terminal, stop.signal))) {
    terminal.say('Nothing was done.');
    return 2;
  }
  proveWritable(options.report);
  const isWanted = ({ id }: { id: string }) =>
    only.length === 0 || only.some((prefix) => id.startsWith(prefix));
  const { outcomes, left, interrupted, values } = await rehearse({
    ...{
      config,
      channel,
      privateChannel: options.private,
      helperToken: env.REHEARSE_TOKEN || undefined,
    },
    checks: CHECKS.filter(isWanted),
    expected: expectedAt(store) ?? {},
    people: options.withoutPeople || !process.stdin.isTTY ? null : atTerminal(terminal),
    signal: stop.signal,
    onEnd: (outcome) => terminal.say(progressLine(outcome)),
  });
  const told = toTell(outcomes, values);
  const hearing = config.slack.receiver.mode === 'socket' ? 'Socket Mode' : 'nothing (HTTP)';
  const about = { version: VERSION, node: process.versions.node, store, hearing, left, interrupted };
  writeFileSync(options.report, safePage(told, about, values));
  terminal.say(summary(told, left, options.report));
  if (interrupted) return 2;
  return told.some(({ state }) => state === 'deviates' || state === 'failed') ? 1 : 0;
}

/** The report is written at the very end: ten minutes of a person's work must not be lost then. */
function proveWritable(report: string): void {
  try {
    closeSync(openSync(report, 'a'));
  } catch (error) {
    const why = errorCode(error);
    throw new ConfigError(
      'argv',
      `The report cannot be written to ${report} (${why}): name another file with --report=….`,
    );
  }
}

async function isAgreed(question: string, terminal: Terminal, signal: AbortSignal): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new ConfigError('argv', 'There is no terminal to ask at: say --yes if the rehearsal may begin.');
  terminal.say(wrapped(question, 0).join('\n'));
  return /^\s*y(es)?\s*$/i.test(await terminal.read(signal));
}

/** The terminal. The first Ctrl+C ends the rehearsal in order, the second at once. */
function openTerminal(stop: AbortController): Terminal & { close(): void } {
  const onSignal = () => {
    if (stop.signal.aborted) process.exit(2);
    process.stdout.write('\nStopping: taking away what was made… (once more ends at once)\n');
    stop.abort(new CheckFailed('interrupted'));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    say: (line) => void process.stdout.write(`${line}\n`),
    read: (signal) =>
      new Promise((resolve, reject) => {
        const lines = createInterface({ input: process.stdin });
        const end = () => {
          lines.close();
          process.stdin.pause();
        };
        lines.once('line', (line) => {
          end();
          resolve(line);
        });
        signal.addEventListener('abort', () => {
          end();
          reject(signal.reason);
        });
      }),
    close() {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
