import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, renameSync, writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { BotState } from './bucket-types.ts';

/** The bot's contract allows 25 s for an orderly stop. */
const STOP_MS = 27_000;
/** A bot that ran this long did not fail at its start. */
const HEALTHY_MS = 20_000;
const MAX_WAIT_MS = 30_000;
const BAD_CONFIGURATION = 2;
const ENTRY = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const TETHER = new URL('./bot-tether.ts', import.meta.url).href;

export interface BotOptions {
  /** The whole environment of the process. */
  env: Record<string, string | undefined>;
  /** Where its output goes; the previous file is kept once, as `….1`. */
  logFile: string;
  /** The wait before the first restart, in ms; doubled while the bot keeps dying. Default 1000. */
  restartMs?: number;
  /** The bot's entry file; another one in tests. */
  entry?: string;
  /** Told what went wrong, in one line. */
  onProblem?(line: string): void;
  /** Told the bot's sentence when its first start refuses its configuration; it is not started again. */
  onRefusal?(sentence: string): void;
}

export interface Bot {
  state(): BotState;
  /** Ends the process at once, as a power cut would. It is restarted. */
  kill(): void;
  /** The same as `stop`, until `resume`: a command line can have its catalog meanwhile. */
  pause(): Promise<void>;
  resume(): void;
  /** Lets it finish its work, for up to 27 s, and does not restart it. */
  stop(): Promise<void>;
}

/** Runs the bot as its own process, and restarts it when it dies. */
export function startBot(options: BotOptions): Bot {
  const {
    env,
    logFile,
    restartMs = 1000,
    entry = ENTRY,
    onProblem = () => {},
    onRefusal = onProblem,
  } = options;
  if (existsSync(logFile)) renameSync(logFile, `${logFile}.1`);
  const log = openSync(logFile, 'a', 0o600);
  const state: BotState = { phase: 'running', pid: null, restarts: 0, lastEnd: null };
  let child: ChildProcess | null = null;
  let ended: Promise<void> = Promise.resolve();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = restartMs;

  const start = () => {
    const startedAt = Date.now();
    // Detached: Ctrl+C in the terminal goes to the sandbox, which then stops the bot cleanly.
    const process = spawn(globalThis.process.execPath, ['--import', TETHER, entry], {
      env,
      detached: true,
      stdio: ['ignore', log, 'pipe', 'ipc'],
    });
    let said = '';
    process.stderr?.on('data', (chunk: Buffer) => {
      writeSync(log, chunk);
      said = (said + chunk.toString()).slice(-4000);
    });
    child = process;
    Object.assign(state, { phase: 'running', pid: process.pid ?? null });
    ended = new Promise((resolve) => {
      process.once('error', (error) => onProblem(`The bot cannot be started: ${error.message}`));
      process.once('close', (code, signal) => {
        resolve();
        child = null;
        Object.assign(state, { pid: null, lastEnd: signal ?? `exit code ${code}` });
        if (state.phase === 'stopping') return;
        // After a restart the configuration is the same: something that the bot needs is away for a while.
        if (code === BAD_CONFIGURATION && state.restarts === 0) {
          state.phase = 'misconfigured';
          return onRefusal(said.trim() || `The bot refuses its configuration; see ${logFile}`);
        }
        wait = Date.now() - startedAt > HEALTHY_MS ? restartMs : wait;
        onProblem(`The bot ended (${state.lastEnd}); it starts again in ${wait / 1000} s. Log: ${logFile}`);
        state.phase = 'restarting';
        timer = setTimeout(() => {
          state.restarts += 1;
          start();
        }, wait);
        // After one kill the restart is quick; a bot that keeps dying waits longer.
        wait = Math.min(wait * 2, MAX_WAIT_MS);
      });
    });
  };
  start();

  let isOver = false;
  const pause = async () => {
    clearTimeout(timer);
    state.phase = 'stopping';
    child?.kill('SIGTERM');
    const last = setTimeout(() => child?.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(last);
    state.phase = 'stopped';
  };
  return {
    state: () => ({ ...state }),
    kill: () => void child?.kill('SIGKILL'),
    pause,
    resume: () => {
      if (!isOver && state.phase === 'stopped') start();
    },
    stop: async () => {
      isOver = true;
      await pause();
      closeSync(log);
    },
  };
}
