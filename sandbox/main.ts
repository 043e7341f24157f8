import { relative } from 'node:path';
import { LockedError } from './lock.ts';
import { SandboxOptionError, sandboxOptions } from './options.ts';
import { openSandbox, type Sandbox } from './sandbox.ts';

/** As for the bot: configuration that cannot work. */
const BAD_CONFIGURATION = 2;

/**
 * What `npm start` does without Slack credentials: starts the sandbox, prints its address, and stays until SIGTERM
 * or SIGINT, which end it cleanly with exit code 0. A second signal ends it at once.
 */
export async function startSandbox({ env }: { env: NodeJS.ProcessEnv }): Promise<void> {
  // Other users of this machine may read nothing that the sandbox or its bot writes.
  process.umask(0o077);
  let sandbox: Promise<Sandbox> | null = null;
  let stopping = false;
  const end = async (code: number) => {
    stopping = true;
    const opened = await sandbox?.catch(() => null);
    await opened?.close();
    process.exit(code);
  };
  const onSignal = () => {
    if (stopping) process.exit(1);
    process.stdout.write('\nStopping: the bot finishes what it does…\n');
    void end(0);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  const say = (line: string) => process.stderr.write(`${line}\n`);
  try {
    const options = sandboxOptions(env);
    sandbox = openSandbox(options, env, {
      problem: say,
      refusal: (sentence) => {
        say(sentence);
        void end(BAD_CONFIGURATION);
      },
    });
    const opened = await sandbox;
    if (!stopping) process.stdout.write(banner(opened));
  } catch (error) {
    const clear = error instanceof LockedError || error instanceof SandboxOptionError;
    process.stderr.write(
      `${clear ? error.message : `The sandbox cannot start: ${(error as Error).stack}`}\n`,
    );
    process.exit(clear ? BAD_CONFIGURATION : 1);
  }
}

function banner({ url, dir }: Sandbox): string {
  const place = relative('', dir);
  return `
  RIA Vault sandbox: a Slack and an S3 bucket on this computer, with the real bot between them.

      ${url}

  Open it: the line at its top takes you through the first five minutes.

  Everything is kept in ${place.startsWith('..') ? dir : `./${place}`} (the bot's log: bot.log).
  Stop with Ctrl+C. Begin anew: npm run sandbox:reset
  Your own workspace instead: set the three variables that the README names.

`;
}
