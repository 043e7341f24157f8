import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { openSandbox, type Sandbox } from './sandbox.ts';

/** Where the documentation's pictures are. */
export const IMAGES = fileURLToPath(new URL('../docs/images/', import.meta.url));
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** What is needed to take pictures: a new sandbox, and a real browser to look at it. */
export interface Darkroom {
  sandbox: Sandbox;
  browser: Browser;
  say(line: string): void;
  close(): Promise<void>;
}

/**
 * Opens both; `settings` are variables for the bot. `CHROMIUM_PATH` names the browser; throws where there is none.
 */
export async function openDarkroom(settings: Record<string, string> = {}): Promise<Darkroom> {
  const executablePath = process.env.CHROMIUM_PATH ?? BROWSERS.find((path) => existsSync(path));
  if (!executablePath) throw new Error('No Chromium or Chrome found: set CHROMIUM_PATH to one.');
  const dir = await mkdtemp(join(tmpdir(), 'vault-pictures-'));
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  const options = { port: 0, dir, mode: 'socket' } as const;
  const sandbox = await openSandbox(options, { ...process.env, ...settings }, { problem: say, refusal: say });
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
  });
  return {
    ...{ sandbox, browser, say },
    async close() {
      await browser.close();
      await sandbox.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
