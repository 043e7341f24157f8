import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { backfill } from '../../../src/capture/backfill.ts';
import { type SweepOptions, startRound, sweep } from '../../../src/capture/sweep.ts';
import { UnreadableError, type WalkSource } from '../../../src/capture/walk.ts';
import { openAlerts } from '../../../src/catalog/alerts/alerts.ts';
import { channelById, upsertChannel } from '../../../src/catalog/files/channels.ts';
import { claimDueBackfills, startBackfill } from '../../../src/catalog/sweep/backfills.ts';
import { claimDueSweeps, wantRound, wantSweep } from '../../../src/catalog/sweep/sweeps.ts';
import { SlackApiError } from '../../../src/slack/api-error.ts';
import { botLeftChannel } from '../../../src/vault/channels/left.ts';
import { isTakenOut } from '../../../src/vault/channels/taken-out.ts';
import type { Vault } from '../../../src/vault/context.ts';
import { T0, TEAM } from '../../catalog/samples.ts';
import { openWorld, type World } from '../world.ts';

const G = 'G1';
const NOW = T0 + 1_000;
const claim = { owner: 'w', limit: 9, leaseMs: 1_000, now: NOW };

let world: World;
/** The workspaces with the app; the list that the vault has is `stale` until it asks anew. */
let granted: string[];
let stale: string[] | null;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.clear();
  [granted, stale] = [['T1'], null];
  await upsertChannel(world.catalog, { teamId: TEAM, channelId: G, isMember: true, workspaces: 'T2' });
});

const vault = (): Vault => {
  const changed = () => {
    stale = null;
  };
  const workspaces = { isOrganisation: true, ids: async () => stale ?? granted, changed };
  return { ...world.vault, slack: { ...world.vault.slack, workspaces } } as unknown as Vault;
};
const channel = () => channelById(world.catalog, TEAM, G);
const alerts = async () => (await openAlerts(world.catalog, TEAM)).length;

describe('the app was taken out of the only workspace of a channel, so nobody removed the bot from it', () => {
  const walks = (): SweepOptions => {
    const history = async () => {
      throw new UnreadableError('not_in_channel', true, null);
    };
    const { catalog, policy, log, now } = vault();
    return {
      ...{ catalog, policy, log, now, owner: 'w', botUserId: 'U0BOT' },
      source: { history } as unknown as WalkSource,
      isTakenOut: (channelId) => isTakenOut(vault(), channelId),
    };
  };

  const losses: Array<[string, () => Promise<void>]> = [
    ['Slack says that the bot left', () => botLeftChannel(vault(), { channelId: G })],
    [
      'a sweep cannot read it',
      async () => {
        await wantSweep(world.catalog, { teamId: TEAM, channelId: G, since: T0, now: NOW });
        for (const row of await claimDueSweeps(world.catalog, claim)) await sweep(walks(), row);
      },
    ],
    [
      'a backfill cannot read it',
      async () => {
        const asked = { teamId: TEAM, channelId: G, requestedBy: 'U3', channelCreatedAt: T0, now: NOW };
        await startBackfill(world.catalog, asked);
        for (const row of await claimDueBackfills(world.catalog, claim)) await backfill(walks(), row);
      },
    ],
  ];

  it.each(losses)('%s', async (_, lose) => {
    // The list of workspaces is a little old.
    stale = ['T1', 'T2'];
    await lose();
    expect(await channel()).toMatchObject({ isMember: false, removedAt: null });
    expect(await alerts()).toBe(0);
  });

  it.each(losses)('if the app is still there, somebody did: %s', async (_, lose) => {
    granted = ['T1', 'T2'];
    await lose();
    expect(await channel()).toMatchObject({ isMember: false, removedAt: NOW });
  });
});

it('while Slack does not say it, the bot counts as removed', async () => {
  const away = vault();
  const ids = async () => {
    throw new SlackApiError('auth.teams.list', 'unreachable');
  };
  Object.assign(away.slack.workspaces ?? {}, { ids });
  await botLeftChannel(away, { channelId: G });
  expect(await channel()).toMatchObject({ isMember: false, removedAt: NOW });
});

it('a workspace that is taken away while the channels are listed is none of ours', async () => {
  granted = ['T1', 'T2'];
  await wantRound(world.catalog, { teamId: TEAM, now: NOW });
  const { catalog, log } = vault();
  const conversations = async () => {
    granted = ['T1'];
    return [];
  };
  const rounds = { catalog, log, owner: 'w', everyMs: null, conversations, workspaces: async () => granted };
  for (const row of await claimDueSweeps(catalog, claim))
    await startRound({ ...rounds, now: () => NOW }, row);
  expect(await channel()).toMatchObject({ isMember: false, removedAt: null });
});
