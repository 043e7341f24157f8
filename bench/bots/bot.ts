import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const MAIN = join(import.meta.dirname, '../../src/main.ts');
const TETHER = pathToFileURL(join(import.meta.dirname, 'tether.ts')).href;
const READY_MS = 60_000;

/** What a process has used since it began. */
export interface Usage {
  cpuSeconds: number;
  rssBytes: number;
}

/** The real `src/main.ts` in a process of its own. */
export interface Bot {
  /** From the start of the process until `/readyz` said 200, in ms. */
  readyMs: number;
  usage(): Promise<Usage>;
  /** SIGTERM; resolves when it has ended. Throws when it ended badly. */
  stop(): Promise<void>;
}

/**
 * Starts a bot with only this environment, and waits until it says that it is ready. It ends with this
 * process. If it ends instead, or is not ready within a minute, throws what it said last.
 */
export async function startBot(env: Record<string, string>): Promise<Bot> {
  const began = performance.now();
  const child = spawn(process.execPath, ['--import', TETHER, MAIN], {
    env: {
      PATH: process.env.PATH ?? '',
      VAULT_ENV_FILE: '',
      HOST: '127.0.0.1',
      PORT: '0',
      VAULT_LOG_LEVEL: 'info',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  try {
    const port = await portOf(child);
    while ((await fetch(`http://127.0.0.1:${port}/readyz`)).status !== 200) await sleep(5);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return {
    readyMs: performance.now() - began,
    async usage() {
      child.send('usage');
      const [used] = await once(child, 'message');
      return used as Usage;
    },
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const [code] = await ended;
      if (code !== 0) throw new Error(`a bot ended with ${code}`);
    },
  };
}

/** The port in its log when it is ready; keeps reading, so that the pipe never fills. */
function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let last = '';
    const late = setTimeout(() => reject(new Error(`the bot is not ready: ${last}`)), READY_MS);
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      last = line;
      if (!line.includes('"RIA Vault is ready"')) return;
      clearTimeout(late);
      resolve((JSON.parse(line) as { port: number }).port);
    });
    child.once('exit', (code) => {
      clearTimeout(late);
      reject(new Error(`the bot ended with ${code}: ${last}`));
    });
  });
}
