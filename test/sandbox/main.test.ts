import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

let dir: string;
let running: ChildProcess[];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vault-main-'));
  running = [];
});
afterEach(async () => {
  for (const child of running) child.kill('SIGKILL');
  await rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});

interface Run {
  child: ChildProcess;
  out(): string;
  /** The exit code. */
  ended: Promise<number | null>;
  /** The page's address, once it is printed. */
  url: Promise<string>;
}

/** What `npm start` runs where no Slack variable is set. */
function start(env: Record<string, string> = {}): Run {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [MAIN], {
    cwd: dir,
    env: { PATH, HOME, SANDBOX_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  let out = '';
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const url = new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      out += chunk;
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(out);
      if (found) resolve(found[0]);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    ended.then(() => reject(new Error(`It ended:\n${out}`)));
  });
  url.catch(() => {});
  return { child, out: () => out, ended, url };
}

async function json(url: string, init?: RequestInit) {
  const response = await fetch(url, init);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('npm start without Slack', { timeout: 90_000 }, () => {
  test('prints one address, which shows the page, and stops cleanly', async () => {
    const run = start();
    const url = await run.url;
    const page = await fetch(url);
    expect(page.status).toBe(200);
    const html = await page.text();
    expect(html).toContain('RIA Vault sandbox');
    // Everything that the page loads comes from here.
    for (const [, address] of html.matchAll(/(?:src|href)="([^"]+)"/g))
      expect(address).toMatch(/^(\/|data:)/);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect((await fetch(`${url}/no/such`)).status).toBe(404);
    expect((await fetch(`${url}/assets/..%2f..%2ftokens.json`)).status).toBe(404);

    await expect
      .poll(async () => (await json(`${url}/sandbox/workspace`)).body, { timeout: 30_000 })
      .toMatchObject({
        bot: { connected: true },
      });
    const { body } = await json(`${url}/sandbox/bucket`);
    expect(body).toMatchObject({
      objects: [],
      totalBytes: 0,
      bot: { phase: 'running', pid: expect.any(Number) },
    });
    await expect
      .poll(() => readFile(join(dir, 'data/sandbox/bot.log'), 'utf8'), { timeout: 30_000 })
      .toContain('RIA Vault is ready');
    run.child.kill('SIGTERM');
    expect(await run.ended).toBe(0);
    expect(run.out()).toContain('./data/sandbox');
  });

  test('in HTTP mode the bot answers signed requests', async () => {
    const run = start({ SANDBOX_MODE: 'http' });
    const url = await run.url;
    const { body } = await json(`${url}/sandbox/workspace`);
    expect(body).toMatchObject({ bot: { mode: 'http' } });
    const [{ id: channel }] = body.channels as [{ id: string }];
    const help = { method: 'POST', body: JSON.stringify({ user: 'anna', channel, text: '/vault help' }) };
    await expect
      .poll(async () => (await json(`${url}/sandbox/command`, help)).status, { timeout: 30_000 })
      .toBe(200);
    run.child.kill('SIGTERM');
    expect(await run.ended).toBe(0);
  });

  test('a second one on the same folder is refused, and another site may not kill the bot', async () => {
    const url = await start().url;
    const second = start();
    expect(await second.ended).toBe(2);
    expect(second.out()).toContain('stop it first');
    const forged = { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } };
    expect((await fetch(`${url}/sandbox/bot/kill`, forged)).status).toBe(403);
  });

  test('what a person did is there again after a restart', async () => {
    const first = start();
    const before = await first.url;
    const { body } = await json(`${before}/sandbox/workspace`);
    const [{ id: channel }] = body.channels as [{ id: string }];
    await json(`${before}/sandbox/post`, {
      method: 'POST',
      body: JSON.stringify({ user: 'anna', channel, text: 'Kept' }),
    });
    first.child.kill('SIGINT');
    expect(await first.ended).toBe(0);
    const after = await start().url;
    const { body: kept } = await json(`${after}/sandbox/messages?user=anna&channel=${channel}`);
    expect((kept.messages as Array<{ text: string }>).map((one) => one.text)).toContain('Kept');
  });

  test("policy that cannot work ends the start with the bot's own sentence", async () => {
    const run = start({ VAULT_TRASH_DAYS: 'soon' });
    expect(await run.ended).toBe(2);
    expect(run.out()).toMatch(/VAULT_TRASH_DAYS/);
  });

  test("so does a mistake in the sandbox's own variables", async () => {
    const run = start({ SANDBOX_MODE: 'rtm' });
    expect(await run.ended).toBe(2);
    expect(run.out()).toContain('SANDBOX_MODE must be');
  });
});
