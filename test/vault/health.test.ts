import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Vault } from '../../src/vault/context.ts';
import { vaultHealth } from '../../src/vault/health.ts';
import { ANNA, openWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(() => world.clear());

const health = (uncovered: Vault['coverage']['uncovered']) =>
  vaultHealth({ ...world.vault, coverage: { uncovered } as Vault['coverage'] });
const NONE = { channelIds: [], channels: [], total: 0, inside: 0, atLeast: false };

it('a vault that has just begun has swept and compared nothing yet', async () => {
  expect(await health(async () => NONE)).toMatchObject({
    sweep: { lastAt: null, unreadable: [] },
    verified: null,
    covered: 0,
    left: [],
    channels: { saved: 0, total: 0, notSaved: [], joinable: 0 },
  });
});

it('counts the channels that the bot is in, and names those that it left with files', async () => {
  await world.channel('C1', [ANNA]);
  await world.channel('C2', [ANNA], { bot: false });
  await world.channel('C3', [ANNA], { bot: false });
  await world.share('F1', 'C2');
  expect(await health(async () => NONE)).toMatchObject({ covered: 1, left: ['C2'] });
});

it('what Slack does not say is unknown, and everything else is told all the same', async () => {
  await world.channel('C1', [ANNA]);
  const away = () => Promise.reject(new Error('away'));
  expect(await health(away)).toMatchObject({ covered: 1, channels: null });
});
