import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_SEED } from '../../sandbox/slack/seed.ts';
import { startVault, until } from '../../test/helpers/vault.ts';
import type { Part } from '../part.ts';

/** What Slack allows a minute of the methods that grow with the channels: docs.slack.dev/apis/web-api/rate-limits. */
const ALLOWED: Record<string, number> = {
  'users.conversations': 50,
  'conversations.list': 20,
  'conversations.history': 50,
  'files.list': 50,
  'conversations.info': 50,
};
const MINUTE_MS = 60_000;

export const channels: Part = {
  name: 'channels',
  title: 'Thousands of channels',
  question:
    'With 5,000 channels, how many calls of Slack do a start, App Homes, the status and the sweep take in a minute?',
  async run({ short, say }) {
    const count = short ? 300 : 5_000;
    const rooms = Array.from({ length: count }, (_, n) => ({ name: `room-${n}`, members: ['anna', 'bot'] }));
    const seed = { ...DEFAULT_SEED, channels: [...DEFAULT_SEED.channels, ...rooms] };
    const vault = await startVault({ slack: { seed } });
    try {
      const bot = await vault.startBot(short ? { VAULT_SWEEP_MINUTES: '1' } : {});
      const words = 'more channels than can be read in one period';
      const turns = await until('the first round', () =>
        bot.log.find(({ msg }) => String(msg).startsWith(words)),
      );
      say(`${turns.walked} of ${turns.channels} channels in the first sweep`);
      for (const name of ['anna', 'ben', 'carla']) vault.slack.as(name).home();
      await vault.slack.as('carla').command('general', '/vault status');
      await sleep(short ? 2_000 : 3 * MINUTE_MS);
      const { list } = vault.slack.calls;
      const refused = list.filter(({ status }) => status === 429).length;
      const most = Object.keys(ALLOWED).map((method) => ({ method, most: mostInAMinute(list, method) }));
      return {
        tables: [
          {
            title: `${count.toLocaleString('en')} channels`,
            columns: ['method', 'most in a minute', 'Slack allows', 'in all'],
            rows: most.map(({ method, most }) => [
              ...[method, String(most), String(ALLOWED[method])],
              String(vault.slack.calls.count(method)),
            ]),
          },
        ],
        notes: [
          `Counted at the sandbox’s Slack, which refuses what is over a limit; it refused ${refused}. A sweep of 60 minutes reads ${turns.walked} channels, and of the workspace’s new files the channels that lack one come first.`,
        ],
        marks: most.map(({ method, most }) => ({
          ...{ label: `${method} in a minute`, value: most, limit: ALLOWED[method] ?? 0, unit: 'calls' },
        })),
        numbers: { count, most, refused },
      };
    } finally {
      await vault.close();
    }
  },
};

function mostInAMinute(list: ReadonlyArray<{ method: string; at: number }>, method: string): number {
  const at = list.filter((call) => call.method === method).map((call) => call.at);
  return Math.max(0, ...at.map((from) => at.filter((one) => one >= from && one < from + MINUTE_MS).length));
}
