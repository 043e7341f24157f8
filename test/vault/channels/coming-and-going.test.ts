import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openAlerts, raiseAlert } from '../../../src/catalog/alerts/alerts.ts';
import { channelById } from '../../../src/catalog/files/channels.ts';
import { channelsOfFile } from '../../../src/catalog/files/lookup.ts';
import { nextSweepDueAt } from '../../../src/catalog/sweep/sweeps.ts';
import { joinedChannel } from '../../../src/vault/channels/joined.ts';
import { botLeftChannel, leftChannel } from '../../../src/vault/channels/left.ts';
import { channelGotNewId } from '../../../src/vault/channels/new-id.ts';
import { followChannel } from '../../../src/vault/channels/same.ts';
import { T0, TEAM } from '../../catalog/samples.ts';
import { ADMIN, ANNA, BEN, BOT, openWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(() => world.clear());

const NOW = T0 + 1_000;
const channel = (id: string) => channelById(world.catalog, TEAM, id);
const alerts = async () => (await openAlerts(world.catalog, TEAM)).map(({ alert }) => alert);
const join = (userId: string, at: number | null) =>
  joinedChannel(world.vault, { userId, channelId: 'G1', kind: 'private', at });

describe('somebody joins a channel', () => {
  it.each([
    ['just now: is believed to be there', NOW - 9_000, 'joined U2 G1'],
    ['a minute ago: Slack is asked', NOW - 60_000, 'sawIn U2 G1'],
    ['at a time that nobody says: Slack is asked', null, 'sawIn U2 G1'],
  ])('%s', async (_, at, heard) => {
    await join(BEN, at);
    expect(world.told).toEqual(['forgetPerson U2', heard]);
    expect(await channel('G1')).toBeUndefined();
  });
});

describe('the bot', () => {
  it('joins: the channel is kept and swept, and its alert ends', async () => {
    await raiseAlert(world.catalog, TEAM, { kind: 'removed', channelId: 'G1' }, T0);
    await join(BOT, NOW - 500);
    expect(await channel('G1')).toMatchObject({ kind: 'private', isMember: true });
    expect([await alerts(), (await nextSweepDueAt(world.catalog)) !== null]).toEqual([[], true]);
    expect(world.told).toContain('forgetMemberships');
  });

  it('leaves: what is kept stays kept, and admins hear of it once', async () => {
    await world.channel('G1', [ANNA]);
    await world.share('F1', 'G1');
    await leftChannel(world.vault, { userId: BOT, channelId: 'G1' });
    await botLeftChannel(world.vault, { channelId: 'G1' });
    expect(await channel('G1')).toMatchObject({ isMember: false });
    expect(await channelsOfFile(world.catalog, { teamId: TEAM, fileId: 'F1' })).toEqual(['G1']);
    expect([await alerts(), world.woken]).toEqual([[{ kind: 'removed', channelId: 'G1' }], ['all']]);
  });
});

it('somebody leaves a channel: what is kept of them is forgotten, and their App Home is renewed', async () => {
  await leftChannel(world.vault, { userId: BEN, channelId: 'G1' });
  expect([world.told, world.woken]).toEqual([['forgetPerson U2', 'left U2 G1'], ['all']]);
  expect(await alerts()).toEqual([]);
});

it('a channel gets a new id: its files follow', async () => {
  await world.channel('G1', [ANNA]);
  await world.share('F1', 'G1');
  await channelGotNewId(world.vault, { from: 'G1', to: 'C9' });
  expect(await channelsOfFile(world.catalog, { teamId: TEAM, fileId: 'F1' })).toEqual(['C9']);
});

it('only an admin says that two channels are the same, and only of those that the vault asked about', async () => {
  await world.channel('G1', [ANNA]);
  await world.share('F1', 'G1');
  const follow = (userId: string, from: string | null, to: string | null) =>
    followChannel(world.vault, { userId, from, to });
  await expect(follow(ADMIN, 'G1', 'C9')).rejects.toMatchObject({ code: 'not_asked' });
  await raiseAlert(world.catalog, TEAM, { kind: 'renewed', from: 'G1', to: 'C9', name: 'x' }, T0);
  await expect(follow(BEN, 'G1', 'C9')).rejects.toMatchObject({ code: 'admins_only' });
  await expect(follow(ADMIN, 'G1', null)).rejects.toMatchObject({ code: 'not_asked' });
  expect(await follow(ADMIN, 'G1', 'C9')).toEqual({ channelId: 'C9' });
  expect(await channelsOfFile(world.catalog, { teamId: TEAM, fileId: 'F1' })).toEqual(['C9']);
});
