import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  claimDuePeriodicJobs,
  memoOf,
  setUpPeriodicJob,
  writeMemo,
} from '../../../src/catalog/alerts/periodic-jobs.ts';
import { upsertChannel } from '../../../src/catalog/files/channels.ts';
import { joinsWaiting } from '../../../src/catalog/sweep/joins.ts';
import { countOfChannels } from '../../../src/jobs/periodic/channels.ts';
import type { Coverage } from '../../../src/slack/coverage.ts';
import { HOUR_MS } from '../../../src/time.ts';
import type { Vault } from '../../../src/vault/context.ts';
import { isAwayFrom, ownChannels, publicChannels } from '../../../src/vault/home/channel-count.ts';
import { TEAM } from '../../catalog/samples.ts';
import { ANNA, openWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.clear();
  await writeMemo(world.catalog, 'channels', {});
});

const asking = (coverage: Partial<Coverage>): Vault => ({ ...world.vault, coverage: coverage as Coverage });
const away = () => Promise.reject(new Error('away'));

describe('how many public channels are saved', () => {
  it('is not made up before Slack has said it', async () => {
    await world.channel('C1', [ANNA], { kind: 'public' });
    expect(await publicChannels(world.vault)).toMatchObject({ saved: 1, total: null, since: null });
  });

  it('is what Slack said, and follows the bot at once', async () => {
    const at = world.vault.now();
    await writeMemo(world.catalog, 'channels', {
      at,
      total: 4,
      inside: 1,
      atLeast: false,
      others: ['C2', 'C3'],
    });
    await world.channel('C1', [ANNA], { kind: 'public' });
    await world.channel('C9', [ANNA]);
    expect(await publicChannels(world.vault)).toMatchObject({ saved: 1, total: 4, others: ['C2', 'C3'] });
    await world.channel('C2', [ANNA], { kind: 'public' });
    expect(await publicChannels(world.vault)).toMatchObject({ saved: 2, total: 4, others: ['C3'] });
    await upsertChannel(world.catalog, { teamId: TEAM, channelId: 'C1', isArchived: true });
    expect(await publicChannels(world.vault)).toMatchObject({ saved: 1 });
  });

  it('never says more of less, and gives an old answer its date', async () => {
    const at = world.vault.now() - 2 * HOUR_MS;
    await writeMemo(world.catalog, 'channels', { at, total: 1, inside: 1, atLeast: false, others: [] });
    for (const id of ['C1', 'C2']) await world.channel(id, [ANNA], { kind: 'public' });
    expect(await publicChannels(world.vault)).toMatchObject({ saved: 2, total: 2, since: at });
  });

  it('is asked by the clock, and what Slack does not answer is asked again', async () => {
    const claim = async (now: number) => {
      const [row] = await claimDuePeriodicJobs(world.catalog, { owner: 'a', limit: 1, leaseMs: 1_000, now });
      if (row === undefined) throw new Error('it is not due');
      return row;
    };
    const now = world.vault.now();
    await setUpPeriodicJob(world.catalog, 'channels', now);
    const signal = new AbortController().signal;
    await countOfChannels.work(asking({ count: away }), 'a', await claim(now), signal);
    expect(await memoOf(world.catalog, 'channels')).toEqual({});
    const count = async () => ({
      ...{ inside: 3, total: 1, atLeast: false, channelIds: ['C7'] },
      channels: [{ channelId: 'C7', name: 'seven', createdAt: null, isShared: false }],
    });
    await countOfChannels.work(asking({ count }), 'a', await claim(now + 5 * 60_000), signal);
    expect(await memoOf(world.catalog, 'channels')).toMatchObject({
      ...{ total: 4, inside: 3, others: ['C7'], joinable: 1 },
    });
  });

  it('what people removed the bot from while no bot ran is not wanted by the rule, nor offered', async () => {
    const now = world.vault.now();
    await upsertChannel(world.catalog, {
      ...{ teamId: TEAM, channelId: 'C7', kind: 'public', isMember: true, checkedAt: now - HOUR_MS },
    });
    await setUpPeriodicJob(world.catalog, 'channels', now, now);
    const [row] = await claimDuePeriodicJobs(world.catalog, {
      ...{ owner: 'a', limit: 1, leaseMs: 1_000, now: now + HOUR_MS },
    });
    if (row === undefined) throw new Error('it is not due');
    const count = async () => ({
      ...{ inside: 3, total: 1, atLeast: false, channelIds: ['C7'] },
      channels: [{ channelId: 'C7', name: 'seven', createdAt: null, isShared: false }],
    });
    const vault = asking({ count });
    const all = { ...vault, policy: { ...vault.policy, join: 'all' as const } };
    await countOfChannels.work(all, 'a', row, new AbortController().signal);
    expect(await memoOf(world.catalog, 'channels')).toMatchObject({ joinable: 0 });
    expect(await joinsWaiting(world.catalog, TEAM)).toEqual(new Set());
  });
});

describe('where the bot is not', () => {
  const ofAnna = (ids: string[]) => asking({ publicChannelsOf: async () => ids });

  it('a person is warned of their own channels alone', async () => {
    await world.channel('C1', [ANNA], { kind: 'public' });
    expect(await ownChannels(ofAnna(['C1', 'C2']), ANNA)).toEqual({ saved: ['C1'], notSaved: ['C2'] });
    await world.channel('C2', [ANNA], { kind: 'public' });
    expect(await ownChannels(ofAnna(['C1', 'C2']), ANNA)).toEqual({ saved: ['C1', 'C2'], notSaved: [] });
  });

  it.each([
    ['is asked about too many people', async () => null],
    ['does not answer', away],
  ])('nobody is warned while Slack %s', async (_, publicChannelsOf) => {
    expect(await ownChannels(asking({ publicChannelsOf }), ANNA)).toEqual({ saved: [], notSaved: [] });
  });

  it('a command in such a channel says so; elsewhere, and when it is not certain, it does not', async () => {
    await world.channel('C1', [ANNA]);
    expect(await isAwayFrom(world.vault, 'C1')).toBe(false);
    expect(await isAwayFrom(world.vault, 'C2')).toBe(true);
    expect(await isAwayFrom(world.vault, 'D2')).toBe(false);
    const people = { ...world.vault.people, botChannels: away };
    expect(await isAwayFrom({ ...world.vault, people }, 'C2')).toBe(false);
  });
});
