/** The process dies while what people edit is stored again and again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../helpers/vault.ts';
import { type BotClock, botClock } from './clock.ts';
import { firstStart } from './people.ts';
import type { Scenario, Stage } from './scenario.ts';

/** An edit is looked at ten minutes after it. */
const QUIET_MS = 11 * 60_000;

const slack = { limits: 'off' as const };

/** What Slack serves of a canvas with this content. */
const served = (html: string) => Buffer.from(`<div class="quip-canvas-content">${html}</div>`);

/** Makes canvases, small ones and one larger than the buffer, and a function that changes one of them. */
function canvases({ vault, ledger, random }: Stage, count: number): { edit(): void } {
  const anna = vault.slack.as('anna');
  const ids = Array.from({ length: count }, (_, index) => {
    const title = `Canvas ${index} ${random.int(0, 2 ** 40).toString(36)}`;
    const html = `<p>${title}, first</p>`;
    const { ts, fileId } = anna.canvas('general', { title, html });
    ledger.addShared({ fileId, name: title, content: served(html) }, 'general', ts);
    return fileId;
  });
  let edits = 0;
  return {
    edit() {
      const fileId = ids[edits % ids.length] as string;
      const html = `<p>Edit ${++edits} ${'x'.repeat(edits % 3 === 0 ? 200_000 : 10)}</p>`;
      ledger.edited(fileId, served(html));
      anna.edit(fileId, { content: html });
    },
  };
}

/** Lets time go on until every change has been looked at. */
async function atRest({ vault, catalog }: Stage, clock: BotClock, from: number): Promise<void> {
  let offset = from;
  const bot = await vault.startBot(clock.env);
  await until(
    'every change to be looked at',
    async () => {
      const events = vault.slack.deliveries.list.filter(({ over }) => !over);
      // A clock leap makes the bot reconnect: on a busy machine, one leap right after another lets no event through.
      if (events.length > 0) return false;
      if ((await catalog.changes()) === 0) return true;
      offset += QUIET_MS;
      clock.step(bot, offset);
      await sleep(2_000);
      return false;
    },
    120_000,
  );
}

const whileEditing: Scenario = {
  name: 'kills during versions',
  slack,
  does: 'kill -9 at random moments while canvases are edited and stored again, version by version',
  async run(stage) {
    const { vault, random, catalog } = stage;
    const clock = botClock(vault);
    const first = await firstStart(stage, clock.env);
    const { edit } = canvases(stage, stage.of(2, 5));
    // They are confirmed while the clock is right: other scenarios test what a kill does to a confirmation.
    await until('the first versions', async () => {
      const files = await catalog.files();
      const all = files.length === stage.ledger.files.length;
      return all && files.every(({ state }) => state === 'stored') && (await catalog.postsDue()) === 0;
    });
    await first.kill();
    let offset = 0;
    for (let count = 0; count < stage.of(6, 60); count++) {
      const bot = vault.launchBot(clock.env);
      await bot.ready;
      for (let edits = random.int(1, 4); edits > 0; edits--) edit();
      // Slack's events about them take a moment to arrive; then ten minutes pass.
      await sleep(random.int(100, 600));
      offset += QUIET_MS;
      clock.step(bot, offset);
      await sleep(random.int(0, 700));
      await bot.kill();
    }
    await atRest(stage, clock, offset);
  },
};

export const versionKills: Scenario[] = [whileEditing];
