/** Deliveries fail, repeat, overtake each other, or never come. */
import { setTimeout as sleep } from 'node:timers/promises';
import { firstStart, shareSizes, someFiles } from './people.ts';
import type { Scenario } from './scenario.ts';

const disorder: Scenario = {
  name: 'events: repeated and reordered',
  does: 'every event twice, late, or after the next one; a file never told of by its message, only by file_shared',
  async run(stage) {
    const { vault, random } = stage;
    await vault.startBot();
    for (let round = 0; round < stage.of(3, 12); round++) {
      const kind = random.pick(['duplicate', 'reorder', 'delay'] as const);
      const fault = kind === 'delay' ? { kind, ms: random.int(100, 3_000) } : { kind };
      const handle = vault.slack.faults.event(
        random.pick(['message', 'file_shared', '*']),
        fault,
        random.int(1, 6),
      );
      await shareSizes(stage, [0, 500, 20_000].slice(0, random.int(1, 3)));
      if (random.chance(0.5)) await vault.slack.deliveries.settled();
      handle.remove();
    }
    vault.slack.faults.event('message', { kind: 'drop' }, 1);
    await shareSizes(stage, [300]);
    vault.slack.faults.event('file_shared', { kind: 'drop' }, 2);
    await shareSizes(stage, [300, 400]);
  },
};

const sockets: Scenario = {
  name: 'events: sockets cut',
  does: 'both sockets cut without a word, and asked to refresh by the dozen, while files are shared',
  async run(stage) {
    const { vault, random } = stage;
    await vault.startBot();
    for (let round = 0; round < stage.of(3, 12); round++) {
      if (random.chance(0.5)) vault.slack.cutSockets();
      else
        for (let count = random.int(1, 12); count > 0; count--)
          vault.slack.refreshSockets(random.pick(['warning', 'refresh_requested']), random.int(0, 500));
      await shareSizes(stage, [random.int(0, 2_000), random.int(0, 400_000)]);
      await sleep(random.int(0, 2_500));
    }
  },
};

const overHttp: Scenario = {
  name: 'events: HTTP with kills',
  does: 'signed deliveries over HTTP, repeated and reordered, to a bot that is killed and started again',
  mode: 'http',
  async run(stage) {
    const { vault, random } = stage;
    for (let round = 0; round < stage.of(3, 12); round++) {
      const bot = await vault.startBot();
      vault.slack.faults.event('*', random.pick([{ kind: 'duplicate' }, { kind: 'reorder' }] as const), 4);
      await shareSizes(stage, [0, 500, 300_000, 2_000_000].slice(0, random.int(1, 4)));
      await sleep(random.int(0, 1_000));
      await bot.kill();
      await shareSizes(stage, [40]);
    }
    vault.slack.faults.clear();
    await vault.startBot();
  },
};

const rateLimited: Scenario = {
  name: 'events: app_rate_limited',
  does: 'Slack says that it drops events, over the socket; the bot stays alive and goes on',
  async run(stage) {
    const { vault } = stage;
    const bot = await vault.startBot();
    for (let count = 0; count < 5; count++) {
      vault.slack.sendRateLimited();
      await shareSizes(stage, [100]);
    }
    await vault.slack.deliveries.settled();
    if (bot.process.exitCode !== null) throw new Error('the bot ended');
  },
};

const missing: Scenario = {
  name: 'events: missing',
  does: 'events that never come, while the bot runs, is down, or is told that Slack drops them: swept up',
  // Slack gives up an event after three more attempts.
  slack: { retryDelaysMs: [0, 100, 200] },
  async run(stage) {
    const { vault, ledger, random } = stage;
    let bot = await firstStart(stage);
    const drop = () => vault.slack.faults.event('*', { kind: 'drop' });
    for (let round = 0; round < stage.of(1, 4); round++) {
      const dropped = drop();
      const [first] = await shareSizes(stage, [0, 500, 300_000]);
      const thread = first?.thread as string;
      await ledger.share('carla', 'general', someFiles(random, [20]), { thread });
      await ledger.share('carla', 'finance', someFiles(random, [30]));
      dropped.remove();
      vault.slack.sendRateLimited();
    }
    for (let round = 0; round < stage.of(1, 3); round++) {
      await bot.kill();
      await shareSizes(stage, [40, 300_000]);
      await vault.slack.deliveries.settled();
      bot = await vault.startBot();
    }
  },
};

export const slackEvents: Scenario[] = [disorder, sockets, overHttp, rateLimited, missing];
