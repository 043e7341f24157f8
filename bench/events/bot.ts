import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { questionsTo } from '../hosts/start.ts';
import type { Watched } from './watch.ts';

const READY_MS = 120_000;
/** The bot's contract allows 25 s for an orderly stop. */
const STOP_MS = 27_000;

/** The real bot, in a process of its own. */
export interface Bot {
  /** Of health and, in HTTP mode, of Slack's deliveries. */
  url: string;
  /** Warnings and errors that it logged, by their code. */
  warnings: Map<string, number>;
  /** Begins to watch. */
  begin(): Promise<void>;
  read(): Promise<Watched>;
  /** Ends the process: at once, since nothing of it is kept, but cleanly if it writes a profile. */
  stop(): Promise<void>;
}

/**
 * Starts `src/main.ts` as it is and waits until it is ready. To profile it, `BENCH_BOT_FLAGS` gives node more options,
 * separated by spaces. If it ends instead, throws what it said.
 */
export async function startBot(env: Record<string, string>): Promise<Bot> {
  const flags = (process.env.BENCH_BOT_FLAGS ?? '').split(' ').filter(Boolean);
  const child = fork(join(import.meta.dirname, '../../src/main.ts'), {
    env: { PATH: process.env.PATH, VAULT_ENV_FILE: '', ...env },
    execArgv: ['--import', join(import.meta.dirname, 'watch-bot.ts'), ...flags],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const warnings = new Map<string, number>();
  const port = await ready(child, warnings);
  const ask = questionsTo(child);
  return {
    url: `http://127.0.0.1:${port}`,
    warnings,
    begin: async () => void (await ask('begin')),
    read: async () => (await ask('read')) as Watched,
    stop: () => stop(child, flags.length > 0 ? 'SIGTERM' : 'SIGKILL'),
  };
}

interface LogLine {
  level: string;
  msg: string;
  code?: string;
  port?: number;
}

/** Resolves to the port when the bot says that it is ready. Its warnings are counted from then on, too. */
function ready(child: ChildProcess, warnings: Map<string, number>): Promise<number> {
  const said: string[] = [];
  child.stderr?.on('data', (chunk) => said.push(String(chunk)));
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => child.kill('SIGKILL'), READY_MS);
    child.once('exit', () => {
      clearTimeout(late);
      reject(new Error(`the bot did not become ready: ${said.join('')}`));
    });
    if (child.stdout === null) return;
    createInterface(child.stdout).on('line', (text) => {
      const line = JSON.parse(text) as LogLine;
      if (line.level === 'warn' || line.level === 'error') {
        const name = line.code ?? line.msg;
        warnings.set(name, (warnings.get(name) ?? 0) + 1);
      }
      if (line.level === 'fatal') said.push(text);
      if (line.msg !== 'RIA Vault is ready') return;
      clearTimeout(late);
      resolve(line.port ?? 0);
    });
  });
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(late);
}
