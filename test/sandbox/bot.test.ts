import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Bot, type BotOptions, startBot } from '../../sandbox/bot.ts';

const entry = (name: string) => fileURLToPath(new URL(`./bots/${name}.ts`, import.meta.url));

let dir: string;
let bots: Bot[];
const log = () => readFile(join(dir, 'bot.log'), 'utf8');

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vault-bot-'));
  bots = [];
});
afterEach(async () => {
  for (const bot of bots) await bot.stop().catch(() => {});
  await rm(dir, { recursive: true, force: true });
});

function start(name: string, more: Partial<BotOptions> = {}): Bot {
  const options = { env: { PATH: process.env.PATH, VAULT_BUCKET: 'b1' }, logFile: join(dir, 'bot.log') };
  const bot = startBot({ ...options, entry: entry(name), restartMs: 50, ...more });
  bots.push(bot);
  return bot;
}

/** True once the process is no longer there. */
function gone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

test('runs with the environment it was given, and stops in good order', async () => {
  const bot = start('echo');
  await expect.poll(log, { timeout: 20_000 }).toContain('bucket b1');
  const { pid } = bot.state();
  await bot.stop();
  bots = [];
  expect(bot.state()).toMatchObject({ phase: 'stopped', pid: null, restarts: 0 });
  expect(gone(pid as number)).toBe(true);
  expect(await log()).toContain('stopped in good order');
});

test('is restarted after a kill', async () => {
  const said: string[] = [];
  const bot = start('echo', { onProblem: (line) => said.push(line) });
  await expect.poll(log, { timeout: 20_000 }).toContain('bucket b1');
  const before = bot.state().pid;
  bot.kill();
  await expect
    .poll(() => bot.state(), { timeout: 20_000 })
    .toMatchObject({ phase: 'running', restarts: 1, lastEnd: 'SIGKILL' });
  expect(bot.state().pid).not.toBe(before);
  expect(said).toEqual([expect.stringContaining('SIGKILL')]);
});

test('is stopped for a while, and started again by hand', async () => {
  const bot = start('echo');
  await expect.poll(log, { timeout: 20_000 }).toContain('bucket b1');
  const before = bot.state().pid;
  await bot.pause();
  expect(bot.state()).toMatchObject({ phase: 'stopped', pid: null });
  expect(await log()).toContain('stopped in good order');
  bot.resume();
  await expect.poll(async () => (await log()).match(/bucket b1/g)?.length, { timeout: 20_000 }).toBe(2);
  expect(bot.state().phase).toBe('running');
  expect(bot.state().pid).not.toBe(before);
});

test('a stop while it waits to restart is final', async () => {
  const bot = start('echo', { restartMs: 60_000 });
  await expect.poll(log, { timeout: 20_000 }).toContain('bucket b1');
  bot.kill();
  await expect.poll(() => bot.state().phase, { timeout: 20_000 }).toBe('restarting');
  await bot.stop();
  bots = [];
  expect(bot.state().phase).toBe('stopped');
});

test('a refusal of its configuration is passed on in its own words, and not tried again', async () => {
  const refusal = new Promise<string>((resolve) => start('refuses', { onRefusal: resolve }));
  expect(await refusal).toBe('VAULT_BUCKET is not set: name the bucket.');
  expect(bots[0]?.state()).toMatchObject({ phase: 'misconfigured', restarts: 0, lastEnd: 'exit code 2' });
  expect(await log()).toContain('VAULT_BUCKET is not set');
});

test('a refusal after a successful start is an outage: the bot is restarted', async () => {
  const refusals: string[] = [];
  const env = { PATH: process.env.PATH, STARTS: join(dir, 'starts') };
  const bot = start('wavers', { env, onRefusal: (sentence) => refusals.push(sentence) });
  await expect.poll(log, { timeout: 20_000 }).toContain('here');
  bot.kill();
  await expect
    .poll(() => bot.state(), { timeout: 20_000 })
    .toMatchObject({ phase: 'running', restarts: 2, lastEnd: 'exit code 2' });
  expect(refusals).toEqual([]);
});

test('keeps the log of the run before', async () => {
  await writeFile(join(dir, 'bot.log'), 'yesterday\n');
  start('echo');
  await expect.poll(log, { timeout: 20_000 }).toContain('bucket b1');
  expect(await readFile(join(dir, 'bot.log.1'), 'utf8')).toBe('yesterday\n');
  expect(await log()).not.toContain('yesterday');
});

test('ends when the sandbox is killed', async () => {
  const keeper = spawn(process.execPath, [entry('keeper'), entry('echo'), join(dir, 'bot.log')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const pid = Number(
      await new Promise<string>((resolve) => keeper.stdout.once('data', (data) => resolve(String(data)))),
    );
    await expect.poll(log, { timeout: 20_000 }).toContain(`pid ${pid}`);
    expect(gone(pid)).toBe(false);
    keeper.kill('SIGKILL');
    await expect.poll(() => gone(pid), { timeout: 20_000 }).toBe(true);
  } finally {
    keeper.kill('SIGKILL');
  }
});
