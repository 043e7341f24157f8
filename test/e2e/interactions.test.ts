import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Hand } from '../../sandbox/interactions/hand.ts';
import { JOBS } from '../../sandbox/interactions/jobs.ts';
import { count, pageOf, type Result } from '../../sandbox/interactions/measure.ts';
import { openSandbox, type Sandbox } from '../../sandbox/sandbox.ts';
import { COMMANDS } from '../../src/commands/index.ts';
import { noBrowser, type OpenBrowser, openBrowser } from '../helpers/browser.ts';

const PHONE = { width: 390, height: 844 };
const DESK = { width: 1280, height: 800 };

let dir: string;
let sandbox: Sandbox;
let browser: OpenBrowser;
let results: Result[];
const said: string[] = [];

describe.skipIf(noBrowser())(
  'what people do most, on the page with the real bot',
  { timeout: 240_000 },
  () => {
    beforeAll(async () => {
      dir = await mkdtemp(join(tmpdir(), 'vault-e2e-interactions-'));
      const say = (line: string) => void said.push(line);
      sandbox = await openSandbox({ port: 0, dir, mode: 'socket' }, process.env, {
        problem: say,
        refusal: say,
      });
      browser = await openBrowser(DESK);
      results = await count(sandbox, () => browser.newPage());
    }, 300_000);
    afterAll(async () => {
      await browser?.close();
      await sandbox?.close();
      await rm(dir, { recursive: true, force: true });
    });

    test.each(JOBS.map(({ name, limit }) => ({ name, limit })))(
      '$name takes $limit at most',
      ({ name, limit }) => {
        const { took, problem } = results.find(({ job }) => job.name === name) as Result;
        expect({ problem, tooMany: took > limit ? took : null }).toEqual({ problem: null, tooMany: null });
      },
    );

    /** What axe-core calls serious or critical: the rule, and the first elements that break it. */
    async function findings(page: Page): Promise<string[]> {
      await page.evaluate(axe.source);
      const { violations } = (await page.evaluate(`axe.run(document, { resultTypes: ['violations'] })`)) as {
        violations: Array<{
          id: string;
          impact: string;
          nodes: Array<{ html: string; failureSummary: string }>;
        }>;
      };
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(
          ({ id, nodes }) =>
            `${id}: ${nodes
              .slice(0, 3)
              .map((node) => `${node.html} ${node.failureSummary}`)
              .join(' | ')}`,
        );
    }

    /** Looks at the page as it is: on a desk and on a phone, light and dark. No colour depends on the width. */
    async function lookAt(page: Page, what: string): Promise<string[]> {
      const found: string[] = [];
      for (const [viewport, colorScheme] of [
        [DESK, 'light'],
        [PHONE, 'dark'],
      ] as const) {
        await page.setViewportSize(viewport);
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        const where = `${what}, ${viewport.width} wide, ${colorScheme}`;
        found.push(...(await findings(page)).map((one) => `${where}: ${one}`));
      }
      await page.setViewportSize(DESK);
      return found;
    }

    test('axe-core finds nothing serious: channel, thread, menu, window, App Home', async () => {
      const page = await pageOf(sandbox, 'anna', () => browser.newPage());
      const found = await lookAt(page, 'the channel');
      const main = page.getByRole('main');
      const type = async (line: string) => {
        await main.getByLabel('Message #general').fill(line);
        await main.getByLabel('Message #general').press('Enter');
      };
      await type('/vault list');
      await main.getByText('Release plan.pptx').last().waitFor();
      found.push(...(await lookAt(page, 'a list')));
      // One that is on the screen already: a menu closes when the list scrolls under it.
      // A list that is redrawn meanwhile closes its menu.
      await vi.waitFor(
        async () => {
          if (!(await page.getByRole('menu').isVisible()))
            await main.getByRole('button', { name: 'More options' }).last().click({ timeout: 5_000 });
          await page.getByRole('menu').waitFor({ timeout: 3_000 });
        },
        { timeout: 40_000, interval: 200 },
      );
      found.push(...(await findings(page)).map((one) => `a menu: ${one}`));
      await page.getByRole('menuitem', { name: /Details/ }).click();
      await page
        .getByRole('dialog')
        .getByText(/can open this/)
        .waitFor();
      found.push(...(await lookAt(page, 'a window')));
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page
        .getByRole('button', { name: /repl(y|ies)/, exact: false })
        .last()
        .click();
      await page.getByRole('complementary', { name: 'Thread' }).waitFor();
      found.push(...(await lookAt(page, 'a thread')));
      await page.goto(`${sandbox.url}/#/anna/app/home`);
      await page.reload();
      await page.getByTestId('home').waitFor();
      found.push(...(await lookAt(page, 'App Home')));
      await page.close();
      expect(found).toEqual([]);
    });

    const A_FILE = /\.(txt|pptx|xlsx|docx|pdf|jpg)/;
    const FIRST: Array<[line: string, first: string | RegExp, who: 'anna' | 'carla']> = [
      ['/vault', 'Find files', 'anna'],
      ['/vault budget', 'Budget 2026.xlsx', 'anna'],
      ['/vault list', A_FILE, 'anna'],
      ['/vault find photo', 'Photo', 'anna'],
      ['/vault mine', A_FILE, 'anna'],
      ['/vault get Budget 2026.xlsx', 'Budget 2026.xlsx', 'anna'],
      ['/vault upload', 'Up to ten files', 'anna'],
      ['/vault delete', A_FILE, 'anna'],
      ['/vault trash', 'Old draft.txt', 'anna'],
      ['/vault channel', /Saved since/, 'anna'],
      ['/vault export', /list of all files/, 'anna'],
      ['/vault stats', 'files', 'anna'],
      ['/vault status', /saved/, 'anna'],
      ['/vault backfill', /older files/, 'carla'],
      ['/vault hold', /For the auditor/, 'carla'],
      ['/vault audit', 'Carla', 'carla'],
      ['/vault help', 'Just search', 'anna'],
    ];

    test('on a phone, the first result of every command is looked at', () => {
      const named = FIRST.map(([line]) => line.split(' ')[1] ?? '');
      expect(COMMANDS.filter(({ name }) => !named.includes(name))).toEqual([]);
    });

    /** Windows, and how people come to each. */
    const WINDOWS: Array<
      [name: string, who: 'anna' | 'carla', way: (hand: Hand) => Promise<unknown>, first: string | RegExp]
    > = [
      ['Find', 'anna', (hand) => fromAnswer(hand, '/vault', 'Find files'), A_FILE],
      ['Details', 'anna', (hand) => fromMenu(hand, /Details/), /can open this/],
      ['Share', 'anna', (hand) => fromMenu(hand, /Share/), 'Channel'],
      ['the question before a deletion', 'anna', (hand) => fromMenu(hand, /Delete/), /trash/],
      ['Hold', 'carla', (hand) => fromMenu(hand, /Hold/), /Why/],
      ['History', 'carla', history, /Carla Nunes ·/],
      [
        'the settings of a channel',
        'carla',
        (hand) => fromAnswer(hand, '/vault channel', /Change/),
        /saved/i,
      ],
    ];

    const fromAnswer = async (hand: Hand, line: string, name: string | RegExp) =>
      hand.clicks((await hand.sends(line)).getByRole('button', { name }).first());
    const fromMenu = async (hand: Hand, line: RegExp) => {
      await hand.sends('/vault list Release');
      await hand.menu('Release plan.pptx', line);
    };
    async function history(hand: Hand) {
      await fromMenu(hand, /Details/);
      await hand.clicks((await hand.filled()).getByRole('button', { name: /who did what/ }));
    }

    test.each(['anna', 'carla'] as const)(
      'on a phone, every command and window shows %s its first result without scrolling',
      async (who) => {
        const page = await pageOf(sandbox, who, async () => {
          const fresh = await browser.newPage();
          await fresh.setViewportSize(PHONE);
          return fresh;
        });
        const hand = new Hand(page);
        const messages = page.getByRole('region', { name: 'Messages' });
        const late: string[] = [];
        const look = async (name: string, first: string | RegExp, frame: Locator, within = frame) => {
          const isShown = () => isInside(within.getByText(first).first(), frame);
          const isSoon = await vi
            .waitFor(async () => (await isShown()) || Promise.reject(new Error(name)), {
              timeout: 10_000,
              interval: 50,
            })
            .catch(() => false);
          if (isSoon === false) late.push(name);
        };
        for (const [line, first, whose] of FIRST) {
          if (whose !== who) continue;
          if (line === '/vault upload') await look(line, first, await hand.opens(line, /Upload/));
          else await look(line, first, messages, await hand.sends(line));
          await hand.rest();
        }
        for (const [name, whose, way, first] of WINDOWS) {
          if (whose !== who) continue;
          await way(hand);
          await look(name, first, await hand.filled());
          await hand.rest();
        }
        await page.goto(`${sandbox.url}/#/${who}/app/home`);
        await page.reload();
        const home = page.getByTestId('home');
        await look('App Home', who === 'carla' ? /private channels count/ : A_FILE, home);
        await page.close();
        expect(late).toEqual([]);
      },
    );

    /** Whether an element is wholly on the screen and in the list of messages or the window, as it is scrolled now. */
    async function isInside(element: Locator, frame: Locator): Promise<boolean> {
      const [box, list] = await Promise.all([element.boundingBox(), frame.boundingBox()]);
      if (box === null || list === null) return false;
      const bottom = Math.min(list.y + list.height, PHONE.height);
      return box.y >= Math.max(list.y, 0) && box.y + box.height <= bottom;
    }
  },
);
