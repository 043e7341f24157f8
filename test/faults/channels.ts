/** A workspace of thousands of channels, and a bot that joins channels by itself: events are lost, and the process dies. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_SEED } from '../../sandbox/slack/seed.ts';
import type { Seed } from '../../sandbox/slack/types.ts';
import { until } from '../helpers/vault.ts';
import { firstStart, someFiles } from './people.ts';
import type { Scenario } from './scenario.ts';

const CHANNELS = 5_000;
const ROOMS = 40;
/** Over three kills, fewer than Slack lets a bot join in a minute: nobody waits for a limit. */
const FEW_ROOMS = 10;
const room = (n: number) => `room-${n}`;

/** The usual workspace, and so many public channels more. */
function seedOf(rooms: number, members: string[]): Seed {
  const more = Array.from({ length: rooms }, (_, n) => ({ name: room(n), members }));
  return { ...DEFAULT_SEED, channels: [...DEFAULT_SEED.channels, ...more] };
}

const thousands: Scenario = {
  name: 'channels: thousands',
  does: `events lost in ${CHANNELS.toLocaleString('en')} channels, of which a sweep reads a hundredth within its period`,
  // test/e2e/large.test.ts has as many channels in CI.
  fullOnly: true,
  slack: { seed: seedOf(CHANNELS, ['anna', 'bot']) },
  env: { VAULT_SWEEP_MINUTES: '1' },
  async run(stage) {
    const { vault, ledger, random } = stage;
    let bot = await firstStart(stage);
    for (let round = 0; round < 3; round++) {
      const dropped = vault.slack.faults.event('*', { kind: 'drop' });
      for (let files = 0; files < 5; files++)
        await ledger.share(
          'anna',
          room(random.int(0, CHANNELS - 1)),
          someFiles(random, [random.int(0, 500)]),
        );
      dropped.remove();
      await bot.kill();
      bot = await vault.startBot();
    }
  },
};

const TOKENS = { botToken: 'xoxb-test-bot', appToken: 'xapp-test-app', signingSecret: 'test-signing-secret' };
const manifest = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../manifest.join.json'), 'utf8'));

const joining = (rooms: number): Scenario => ({
  name: `channels: ${rooms === ROOMS ? 'many ' : ''}joined by itself`,
  does: 'kill -9 while the bot joins public channels, in each of which files are shared as soon as it is there',
  ...(rooms === ROOMS ? { fullOnly: true as const } : {}),
  slack: { seed: seedOf(rooms, ['anna']), app: { manifest, ...TOKENS } },
  env: { VAULT_JOIN: 'all' },
  async run(stage) {
    const { vault, ledger, random } = stage;
    vault.slack.faults.api('conversations.join', { delayMs: 100 });
    let bot = await firstStart(stage);
    const isIn = (name: string) =>
      vault.slack
        .as('anna')
        .workspace()
        .channels.some((one) => one.name === name && one.bot_is_member);
    let kills = 0;
    const left = new Set(Array.from({ length: rooms }, (_, n) => room(n)));
    while (left.size > 0) {
      await until('another channel', () => [...left].some(isIn), 240_000);
      for (const name of [...left].filter(isIn)) {
        left.delete(name);
        await ledger.share('anna', name, someFiles(random, [random.int(0, 500)]));
      }
      if (kills < 3 && random.chance(0.2)) {
        kills += 1;
        await bot.kill();
        bot = await vault.startBot();
      } else await sleep(random.int(0, 300));
    }
  },
});

export const channelFaults: Scenario[] = [thousands, joining(FEW_ROOMS), joining(ROOMS)];
