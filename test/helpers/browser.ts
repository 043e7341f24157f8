import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** The browser to test with, or null: `CHROMIUM_PATH`, else where Chromium and Chrome usually are. */
function findBrowser(env: NodeJS.ProcessEnv = process.env): string | null {
  if (env.CHROMIUM_PATH) return existsSync(env.CHROMIUM_PATH) ? env.CHROMIUM_PATH : null;
  return PLACES.find((path) => existsSync(path)) ?? null;
}

/**
 * True when browser tests cannot run here; says why, once. On CI they are not skipped without a browser: the tests
 * run and fail at `openBrowser`.
 */
export function noBrowser(env: NodeJS.ProcessEnv = process.env): boolean {
  if (findBrowser(env) !== null || env.CI === 'true') return false;
  process.stderr.write('Browser tests are skipped: no Chromium or Chrome found (set CHROMIUM_PATH).\n');
  return true;
}

export interface OpenBrowser {
  context: BrowserContext;
  /** A new tab. What goes wrong inside the page ends up in `problems`. */
  newPage(): Promise<Page>;
  /** Uncaught errors and console errors of all pages. */
  problems: string[];
  close(): Promise<void>;
}

/** Starts a headless browser with a new profile, which `close` removes. */
export async function openBrowser(size = { width: 1280, height: 800 }): Promise<OpenBrowser> {
  const executablePath = findBrowser();
  if (executablePath === null) throw new Error('No Chromium or Chrome found: set CHROMIUM_PATH to one.');
  const profile = await mkdtemp(join(tmpdir(), 'vault-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    viewport: size,
    acceptDownloads: true,
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-dev-shm-usage'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ],
  });
  const problems: string[] = [];
  return {
    context,
    problems,
    newPage: async () => {
      const page = await context.newPage();
      page.on('pageerror', (error) => problems.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') problems.push(message.text());
      });
      return page;
    },
    close: async () => {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}
