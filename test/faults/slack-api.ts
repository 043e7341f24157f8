/** Slack's Web API refuses, breaks off, falls silent, or is not there. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiFault } from '../../sandbox/slack/faults.ts';
import { until } from '../helpers/vault.ts';
import { shareSizes, someFiles, trash, undo } from './people.ts';
import type { Scenario, Stage } from './scenario.ts';

/** The Slack methods that the bot calls in these scenarios, sooner or later. */
const METHODS = [
  'apps.connections.open',
  'auth.test',
  'chat.postMessage',
  'chat.update',
  'conversations.history',
  'conversations.info',
  'conversations.replies',
  'files.info',
  'files.list',
  'users.conversations',
  'users.info',
  'views.open',
  'views.publish',
  'views.update',
] as const;

const FAULTS: Record<string, ApiFault> = {
  '429 with Retry-After': { status: 429, retryAfter: 1 },
  '429 without Retry-After': { status: 429 },
  'ratelimited in a 200': { error: 'ratelimited' },
  'internal_error in a 200': { error: 'internal_error' },
  '500': { status: 500 },
  '503': { status: 503 },
  'the connection cut': { reset: true },
  'done, but the answer lost': { reset: true, after: true },
  'no answer for ever': { hang: true },
  'a slow answer': { delayMs: 2_500 },
};

/** Uses everything once: stubs, so that files are looked up; a list, a deletion, an undo, App Home. */
async function askEverything(stage: Stage): Promise<void> {
  const { vault, ledger, random } = stage;
  vault.slack.faults.stub('*', 'check_file_info', 2);
  const shared = await ledger.share('anna', 'general', someFiles(random, [0, 500, 300_000]));
  await ledger.share('carla', 'finance', someFiles(random, [20]));
  vault.slack.as('anna').home();
  await vault.slack
    .as('anna')
    .command('general', '/vault list')
    .catch(() => {});
  // Another file of the same thread: the confirmation is edited.
  await sleep(random.int(500, 2_500));
  await ledger.share('anna', 'general', someFiles(random, [10]), { thread: shared[0]?.thread as string });
  const [first] = shared;
  const clicked = () => ledger.expect(first?.fileId as string, ['stored', 'trashed']);
  if (first && (await trash(vault, first, clicked))) await undo(vault, first);
}

const everyMethod: Scenario = {
  name: 'Slack: every method in trouble',
  does: '429 with and without Retry-After, 5xx, cuts, lost answers and silence on each method that the bot calls',
  async run(stage) {
    const { vault, random } = stage;
    await vault.startBot();
    // Without a header, Slack's `ratelimited` costs a minute: too long for the short run.
    const all = Object.keys(FAULTS).filter((kind) => stage.of(!kind.startsWith('ratelimited'), true));
    const kinds = random.shuffle(all);
    for (let round = 0; round < stage.of(1, kinds.length); round++) {
      // During the full run, every method gets every fault.
      for (const [index, method] of METHODS.entries()) {
        const kind = kinds[(round + index) % kinds.length] as string;
        vault.slack.faults.api(method, FAULTS[kind] as ApiFault, stage.of(1, 2));
      }
      await askEverything(stage);
    }
  },
};

/** What a proxy, a portal or a broken line sends instead of Slack's answer; `after`: Slack did what it was asked. */
const NO_ANSWERS: Record<string, ApiFault> = {
  'a web page': { webPage: true },
  'a web page in the place of yes': { webPage: true, after: true },
  'a web page with 403': { webPage: true, status: 403 },
  'an empty object': { body: {} },
  'yes, and nothing else': { body: { ok: true } },
  'yes, and nothing else, when it was done': { body: { ok: true }, after: true },
  'a list': { text: '[]' },
  nothing: { text: '', after: true },
  null: { text: 'null' },
  'a text': { text: '"ok"' },
  'half an answer': { text: '{"ok":true,"channel":{"id":"C', after: true },
  'a sentence for an error': { body: { ok: false, error: 'Access denied. <b>Sign in</b>' } },
};

/** Other things that the bot asks Slack for. */
const MORE_METHODS = [
  'chat.delete',
  'chat.postEphemeral',
  'conversations.list',
  'conversations.open',
] as const;

const noAnswers: Scenario = {
  name: 'Slack: answers that are none',
  does: 'web pages with 200, {}, [], null, nothing and half an answer on each method that the bot calls, and as its sockets open',
  slack: { limits: 'off' },
  async run(stage) {
    const { vault, random } = stage;
    const bot = await vault.startBot();
    const kinds = random.shuffle(Object.keys(NO_ANSWERS));
    const methods = [...METHODS, ...MORE_METHODS];
    for (let round = 0; round < stage.of(2, kinds.length); round++) {
      for (const [index, method] of methods.entries()) {
        const kind = kinds[(round + index) % kinds.length] as string;
        vault.slack.faults.api(method, NO_ANSWERS[kind] as ApiFault, stage.of(1, 2));
      }
      // The sockets are cut, and reopening them meets the same fault.
      vault.slack.faults.down = true;
      await sleep(300);
      vault.slack.faults.down = false;
      await askEverything(stage);
    }
    if (bot.process.exitCode !== null) throw new Error('the bot ended');
    const page = bot.log.find((line) => /Please wait|Sign in|doctype/i.test(JSON.stringify(line)));
    if (page !== undefined) throw new Error(`a web page in the log: ${JSON.stringify(page).slice(0, 300)}`);
  },
};

const startInTrouble: Scenario = {
  name: 'Slack: trouble at the start',
  does: 'the first calls of a start are refused for a moment: it waits, or says why it cannot start',
  async run(stage) {
    const { vault } = stage;
    for (const fault of [{ status: 429, retryAfter: 1 }, { reset: true }] as ApiFault[]) {
      for (const method of ['auth.test', 'apps.connections.open']) vault.slack.faults.api(method, fault, 1);
      const bot = await vault.startBot();
      await shareSizes(stage, [100]);
      await bot.stop();
    }
    // The bot stops even while it waits for Slack.
    const waiting = [1, 2].map(() =>
      vault.slack.faults.api('apps.connections.open', { status: 429, retryAfter: 60 }, 2),
    );
    const bot = vault.launchBot();
    await until('the start to wait', () => waiting.some(({ hits }) => hits > 0));
    const code = await bot.stop();
    if (code !== 0) throw new Error(`it ended with ${code}`);
    for (const handle of waiting) handle.remove();
    await vault.startBot();
  },
};

const outage: Scenario = {
  name: 'Slack: away',
  does: 'all of Slack out of reach for a while, again and again: Web API, file host and sockets at once',
  async run(stage) {
    const { vault, random } = stage;
    await vault.startBot();
    for (let round = 0; round < stage.of(2, 5); round++) {
      await shareSizes(stage, [0, 500, 2_000_000, 9_000_000]);
      await sleep(random.int(0, 600));
      vault.slack.faults.down = true;
      // They can still share: Slack keeps working for people.
      await shareSizes(stage, [700, 20_000]);
      await sleep(stage.of(2_000, random.int(1_000, 15_000)));
      vault.slack.faults.down = false;
      await sleep(1_000);
    }
  },
};

const webApiAway: Scenario = {
  name: 'Slack: Web API away',
  does: 'files and events come, but every call fails for a while: files are stored at once, and told of later',
  async run(stage) {
    const { vault, catalog, ledger } = stage;
    await vault.startBot();
    const fault = vault.slack.faults.api('*', { status: 503 });
    const shared = await shareSizes(stage, [0, 500, 300_000]);
    for (const file of shared) {
      for (let waited = 0; waited < 30_000; waited += 200) {
        if ((await catalog.files()).some((row) => row.file_id === file.fileId && row.state === 'stored'))
          break;
        await sleep(200);
      }
    }
    const stored = (await catalog.files()).filter(({ state }) => state === 'stored').length;
    if (stored !== ledger.files.length)
      throw new Error(`${stored} of ${ledger.files.length} stored meanwhile`);
    await sleep(stage.of(500, 20_000));
    fault.remove();
  },
};

export const slackApi: Scenario[] = [everyMethod, noAnswers, startInTrouble, outage, webApiAway];
