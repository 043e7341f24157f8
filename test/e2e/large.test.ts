import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEFAULT_SEED } from '../../sandbox/slack/seed.ts';
import { startVault, type TestVault, until } from '../helpers/vault.ts';

/** Slack of the sandbox with 5,000 channels that the bot is in, and its limits: what is asked is counted, not timed. */
const CHANNELS = 5_000;
const rooms = Array.from({ length: CHANNELS }, (_, n) => ({ name: `room-${n}`, members: ['anna', 'bot'] }));

let vault: TestVault;
beforeAll(async () => {
  const seed = { ...DEFAULT_SEED, channels: [...DEFAULT_SEED.channels, ...rooms] };
  vault = await startVault({ slack: { seed } });
});
afterAll(() => vault.close());

const calls = (method: string) => vault.slack.calls.list.filter((call) => call.method === method);

it('a start, App Homes and the status keep to Slack’s limits, and a missed file is found in the next sweep', async () => {
  const dropped = vault.slack.faults.event('*', { kind: 'drop' });
  const bot = await vault.startBot();
  const turns = await until('the first round', () =>
    bot.log.find(({ msg }) => String(msg).startsWith('more channels than can be read in one period')),
  );
  // Three more are in the seed, and four people have a direct message with the bot.
  expect(turns).toMatchObject({ channels: CHANNELS + 7, walked: 2_400 });
  dropped.remove();

  for (const name of ['anna', 'carla']) vault.slack.as(name).home();
  await until('App Home', () => vault.slack.as('carla').homeView());
  await vault.slack.as('carla').command('general', '/vault status');
  await until('the status', () =>
    vault.slack
      .as('carla')
      .messages('general')
      .find((one) => JSON.stringify(one).includes('5,002 of 5,003 public channels saved')),
  );
  // Six pages for each look: the round's own, the one that rights share, and one that a join of the status may add.
  expect(calls('users.conversations').length).toBeLessThanOrEqual(30);
  expect(calls('conversations.list').length).toBeLessThanOrEqual(18);
  expect(vault.slack.calls.list.filter(({ status }) => status === 429)).toEqual([]);
});
