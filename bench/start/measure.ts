import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { startBot } from '../bots/bot.ts';
import type { Surroundings } from '../bots/surroundings.ts';

/** One start, until `/readyz` said 200. */
export interface Start {
  ms: number;
  cpuSeconds: number;
  rssBytes: number;
  /** How the time was spent, in ms, one step after the other. */
  phases: Phases;
}

export interface Phases {
  /** Node itself, the sources and the configuration: until Slack was asked who we are. */
  sources: number;
  /** Slack's answer, the catalog, and finding the bucket: until the bucket was tried. */
  catalog: number;
  /** Trying the bucket, the workers, the port, the connection to Slack, and `/readyz` itself. */
  rest: number;
}

/** Starts a bot on the catalog in `dataDir`, lets it become ready, and ends it. */
export async function measureStart(
  { slack, sink, env }: Surroundings,
  dataDir: string,
  more: Record<string, string> = {},
): Promise<Start> {
  slack.calls.reset();
  await sink.forget();
  const began = { wall: Date.now(), steady: process.hrtime.bigint() };
  const bot = await startBot({ ...env, VAULT_DATA_DIR: dataDir, ...more });
  const used = await bot.usage();
  await bot.stop();
  const asked = slack.calls.list.find(({ method }) => method === 'auth.test')?.at ?? Number.NaN;
  const { firstBytes } = await sink.counts();
  const tries = Object.entries(firstBytes).filter(([path]) => path.includes('/.vault-probe/'));
  const tried = Math.min(...tries.map(([, at]) => Number(BigInt(at) - began.steady) / 1e6));
  const sources = asked - began.wall;
  return {
    ...{ ms: bot.readyMs, ...used },
    phases: { sources, catalog: tried - sources, rest: bot.readyMs - tried },
  };
}

/** What starting and ending Node alone takes, in ms: no bot can be quicker. */
export async function measureNode(): Promise<number> {
  const began = performance.now();
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit');
  return performance.now() - began;
}

/** An empty folder in `folder`; replaces an old one. */
export function newFolder(folder: string, name: string): string {
  const path = join(folder, name);
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path);
  return path;
}

/** A copy of a data directory that may be written to, as if it had always been this workspace's. */
export function copyOf(dataDir: string, folder: string, teamId: string): string {
  const path = join(folder, 'loaded');
  cpSync(dataDir, path, { recursive: true });
  const database = new DatabaseSync(join(path, 'vault.db'));
  database.prepare('insert into workspace (id, team_id) values (1, ?)').run(teamId);
  database.close();
  return path;
}
