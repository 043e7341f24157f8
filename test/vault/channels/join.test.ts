import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { auditScreen } from '../../../src/blocks/audit.ts';
import { channelById, upsertChannel } from '../../../src/catalog/files/channels.ts';
import { auditPage } from '../../../src/catalog/governance/audit-list.ts';
import {
  claimDueJoins,
  joinsByItself,
  joinsWaiting,
  nextJoinDueAt,
  renewJoin,
} from '../../../src/catalog/sweep/joins.ts';
import type { ChannelPolicy } from '../../../src/config-channels.ts';
import { SlackApiError } from '../../../src/slack/api.ts';
import type { PublicChannel } from '../../../src/slack/coverage.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/time.ts';
import {
  channelMade,
  compareChannels,
  joinAllChannels,
  joinChannel,
  joinDue,
  wantByRule,
} from '../../../src/vault/channels/join.ts';
import { joinedChannel } from '../../../src/vault/channels/joined.ts';
import { botLeftChannel } from '../../../src/vault/channels/left.ts';
import type { Vault } from '../../../src/vault/context.ts';
import { TEAM } from '../../catalog/samples.ts';
import { ADMIN, ANNA, AUDITOR, BOT, openWorld, type World } from '../world.ts';

let world: World;
/** What Slack says to a join: an error, or what it answers. */
let says: (channel: string) => unknown;
/** What `conversations.info` tells of a channel besides that it is public. */
let told: Record<string, Record<string, unknown>>;
let joined: string[];
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.clear();
  joined = [];
  told = {};
  says = () => ({ channel: {} });
});

const open = (channelId: string, more: Partial<PublicChannel> = {}): PublicChannel => ({
  ...{ channelId, name: channelId.toLowerCase(), createdAt: 1_000, isShared: false, ...more },
});

function vaultWith(
  policy: Partial<ChannelPolicy> = {},
  channels: PublicChannel[] = [],
  scopes?: string[],
): Vault {
  const call = async (method: string, args: { channel: string }) => {
    if (method === 'auth.test') return { response_metadata: { scopes: scopes ?? ['channels:join'] } };
    const { channel } = args;
    if (method === 'conversations.info')
      return { channel: { id: channel, name: channel?.toLowerCase(), is_private: false, ...told[channel] } };
    if (method !== 'conversations.join') return {};
    const answer = says(args.channel);
    if (answer instanceof Error) throw answer;
    joined.push(args.channel);
    return answer;
  };
  const coverage = {
    uncovered: async () => ({ channels, channelIds: [], total: channels.length, inside: 0, atLeast: false }),
  };
  return { ...world.vault, policy: { ...world.vault.policy, ...policy }, slack: { call }, coverage } as never;
}

const claim = (vault: Vault, owner = 'a', now = vault.now()) =>
  claimDueJoins(vault.catalog, { owner, limit: 100, leaseMs: 1_000, now });
async function joinAllDue(vault: Vault, now?: number): Promise<void> {
  for (const row of await claim(vault, 'a', now)) await joinDue(vault, 'a', row);
}

describe('VAULT_JOIN', () => {
  it('off joins nothing', async () => {
    const vault = vaultWith({ join: 'off' });
    expect(await wantByRule(vault, [open('C1')], null)).toBe(0);
    await channelMade(vault, open('C2'));
    expect(await claim(vault)).toEqual([]);
  });

  it('all joins every public channel but those that are shared, named, or from which people removed the bot', async () => {
    const vault = vaultWith({ join: 'all', joinExcept: ['#random', 'legal-*'] });
    await world.channel('C4', [ANNA], { kind: 'public' });
    await botLeftChannel(vault, { channelId: 'C4' });
    const channels = [
      ...[open('C1'), open('C2', { isShared: true }), open('C3', { name: 'random' }), open('C4')],
      open('C5', { name: 'legal-2026' }),
    ];
    expect(await wantByRule(vault, channels, null)).toBe(1);
    await joinAllDue(vault);
    expect(joined).toEqual(['C1']);
    expect(await channelById(vault.catalog, TEAM, 'C1')).toMatchObject({ isMember: true, kind: 'public' });
    expect(await nextJoinDueAt(vault.catalog)).toBeNull();
  });

  it('new joins what is made from then on, also when its event was lost', async () => {
    const vault = vaultWith({ join: 'new' });
    await channelMade(vault, open('C1', { createdAt: vault.now() }));
    expect(await wantByRule(vault, [open('C2'), open('C3', { createdAt: 9_000 })], 9_500)).toBe(1);
    await joinAllDue(vault);
    expect(joined).toEqual(['C1', 'C3']);
  });

  it('a channel that somebody takes the bot out of is never joined again by itself', async () => {
    const vault = vaultWith({ join: 'all' });
    await wantByRule(vault, [open('C1')], null);
    await joinAllDue(vault);
    await botLeftChannel(vault, { channelId: 'C1' });
    expect(await wantByRule(vault, [open('C1')], null)).toBe(0);
    // An invitation ends that; when the bot is removed again, it stays out again.
    await joinedChannel(vault, { userId: BOT, channelId: 'C1', kind: 'public', at: vault.now() });
    expect((await channelById(vault.catalog, TEAM, 'C1'))?.removedAt).toBeNull();
  });

  it('nor one that it was taken out of while no bot ran', async () => {
    const vault = vaultWith({ join: 'all' });
    const member = { teamId: TEAM, kind: 'public' as const, isMember: true };
    await upsertChannel(vault.catalog, { ...member, channelId: 'C1', checkedAt: 5 });
    // Joined while Slack was asked.
    await upsertChannel(vault.catalog, { ...member, channelId: 'C2', checkedAt: vault.now() });
    const seen = [open('C1'), open('C2'), open('C3')];
    expect(await compareChannels(vault, seen, vault.now())).toEqual(['C1']);
    expect(await wantByRule(vault, seen, null)).toBe(1);
    await joinAllDue(vault);
    expect(joined).toEqual(['C3']);
    expect(await channelById(vault.catalog, TEAM, 'C1')).toMatchObject({
      ...{ isMember: false, removedAt: vault.now() },
    });
    expect((await channelById(vault.catalog, TEAM, 'C2'))?.removedAt).toBeNull();
  });

  it('an archived channel is not one that the bot was taken out of', async () => {
    const vault = vaultWith({ join: 'all' });
    await upsertChannel(vault.catalog, {
      ...{ teamId: TEAM, channelId: 'C1', kind: 'public', isMember: true, isArchived: true },
    });
    await botLeftChannel(vault, { channelId: 'C1' });
    expect(await wantByRule(vault, [open('C1')], null)).toBe(1);
  });

  it.each(['rule', 'admin'])(
    'a channel that is shared while its row waits is not joined (%s)',
    async (by) => {
      const vault = vaultWith({ join: by === 'rule' ? 'all' : 'off' }, [open('C1'), open('C2')]);
      if (by === 'rule') await wantByRule(vault, [open('C1'), open('C2')], null);
      else await joinAllChannels(vault, { userId: ADMIN });
      await compareChannels(vault, [open('C1', { isShared: true }), open('C2')], vault.now() + MINUTE_MS);
      await joinAllDue(vault);
      expect(joined).toEqual(['C2']);
    },
  );

  it.each([
    ['shared', { is_ext_shared: true }],
    ['about to be shared', { is_pending_ext_shared: true }],
    ['private', { is_private: true }],
    ['named by VAULT_JOIN_EXCEPT', { name: 'legal-1' }],
  ])(
    'a channel that became %s a moment before it is joined is left alone, for an admin too',
    async (_, now) => {
      told.C1 = now;
      const channels = [open('C1'), open('C2')];
      const vault = vaultWith({ join: 'all', joinExcept: ['legal-*'] }, channels);
      await wantByRule(vault, channels, null);
      await joinAllDue(vault);
      expect(joined).toEqual(['C2']);
      expect(await joinsWaiting(vault.catalog, TEAM)).toEqual(new Set());
      const byHand = vaultWith({ joinExcept: ['legal-*'] }, [open('C1')]);
      expect(await joinAllChannels(byHand, { userId: ADMIN })).toBe(1);
      await joinAllDue(byHand);
      expect(joined).toEqual(['C2']);
    },
  );

  it('a row is held only while its bot renews it, and a bot that joined before it was killed asks for nothing twice', async () => {
    const vault = vaultWith({ join: 'all' });
    await wantByRule(vault, [open('C1')], null);
    const [row] = await claim(vault, 'killed');
    if (row === undefined) throw new Error('there is no row');
    expect(await renewJoin(vault.catalog, row, 'killed', vault.now() + 5_000)).toBe(true);
    expect(await claim(vault, 'b', vault.now() + 4_000)).toEqual([]);
    told.C1 = { is_member: true };
    await joinAllDue(vault, vault.now() + 5_000);
    expect(await renewJoin(vault.catalog, row, 'killed', vault.now() + 9_000)).toBe(false);
    expect(joined).toEqual([]);
    expect(await channelById(vault.catalog, TEAM, 'C1')).toMatchObject({ isMember: true });
    expect(await nextJoinDueAt(vault.catalog)).toBeNull();
  });

  it('a row outlives a kill, goes to one bot alone, and counts only while the setting wants it', async () => {
    const vault = vaultWith({ join: 'all' });
    await wantByRule(vault, [open('C1'), open('C2')], null);
    expect((await claim(vault, 'killed')).length).toBe(2);
    expect(await claim(vault, 'b')).toEqual([]);
    const off = vaultWith({ join: 'all', joinExcept: ['c2'] });
    await joinAllDue(off, vault.now() + 2_000);
    expect(joined).toEqual(['C1']);
    expect(await joinsByItself(vault.catalog, TEAM, 'C2')).toBe(false);
  });

  it('being removed while the row waits counts, too', async () => {
    const vault = vaultWith({ join: 'all' });
    await wantByRule(vault, [open('C1')], null);
    const [row] = await claim(vault);
    await upsertChannel(vault.catalog, { teamId: TEAM, channelId: 'C1', removedAt: 5 });
    if (row) await joinDue(vault, 'a', row);
    expect(joined).toEqual([]);
  });
});

describe('Slack’s answers', () => {
  const refusing = (code: string, about = {}) => new SlackApiError('conversations.join', code, about);

  it('already in is success', async () => {
    says = () => ({ channel: {}, warning: 'already_in_channel' });
    const vault = vaultWith({ join: 'all' });
    await wantByRule(vault, [open('C1')], null);
    await joinAllDue(vault);
    expect(await channelById(vault.catalog, TEAM, 'C1')).toMatchObject({ isMember: true });
    expect(await nextJoinDueAt(vault.catalog)).toBeNull();
  });

  it.each(['is_archived', 'method_not_supported_for_channel_type', 'channel_not_found', 'too_many_members'])(
    '%s ends it, until a day later',
    async (code) => {
      says = () => refusing(code);
      const vault = vaultWith({ join: 'all' });
      await wantByRule(vault, [open('C1')], null);
      await joinAllDue(vault);
      expect(await nextJoinDueAt(vault.catalog)).toBeNull();
      expect(await channelById(vault.catalog, TEAM, 'C1')).toBeUndefined();
      await wantByRule(vault, [open('C1')], null);
      expect(await nextJoinDueAt(vault.catalog)).toBeNull();
      await wantByRule({ ...vault, now: () => vault.now() + 25 * HOUR_MS }, [open('C1')], null);
      expect(await nextJoinDueAt(vault.catalog)).not.toBeNull();
    },
  );

  it('a limit is waited for as long as Slack says; a missing scope an hour', async () => {
    const vault = vaultWith({ join: 'all' });
    says = () => refusing('ratelimited', { temporary: true, retryAfterMs: 40_000 });
    await wantByRule(vault, [open('C1')], null);
    await joinAllDue(vault);
    expect(await nextJoinDueAt(vault.catalog)).toBe(vault.now() + 40_000);
    says = () => refusing('missing_scope');
    await joinAllDue(vault, vault.now() + 40_000);
    expect(await nextJoinDueAt(vault.catalog)).toBe(vault.now() + HOUR_MS);
  });
});

describe('Join and Join all', () => {
  const channels = [open('C1'), open('C2', { isShared: true }), open('C3')];

  it.each([ANNA, AUDITOR])('%s, who is no admin, joins nothing', async (userId) => {
    const vault = vaultWith({}, channels);
    await expect(joinAllChannels(vault, { userId })).rejects.toMatchObject({ code: 'admins_only' });
    await expect(joinChannel(vault, { userId, channelId: 'C1' })).rejects.toMatchObject({
      code: 'admins_only',
    });
    expect([...joined, ...(await joinsWaiting(vault.catalog, TEAM))]).toEqual([]);
  });

  it('an admin joins one at once, also one that the rule leaves out', async () => {
    const vault = vaultWith({}, channels);
    await joinChannel(vault, { userId: ADMIN, channelId: 'C2' });
    expect(joined).toEqual(['C2']);
    expect(await channelById(vault.catalog, TEAM, 'C2')).toMatchObject({ isMember: true });
  });

  it('an admin joins all but those that the rule leaves out, with VAULT_JOIN off', async () => {
    const vault = vaultWith({ join: 'off' }, channels);
    expect(await joinAllChannels(vault, { userId: ADMIN })).toBe(2);
    expect(await joinAllChannels(vault, { userId: ADMIN })).toBe(0);
    await joinAllDue(vault);
    expect(joined).toEqual(['C1', 'C3']);
  });

  it('the audit log says who had the bot join what', async () => {
    const vault = vaultWith({}, channels);
    await joinChannel(vault, { userId: ADMIN, channelId: 'C2' });
    await joinAllChannels(vault, { userId: ADMIN });
    await joinAllChannels(vault, { userId: ADMIN });
    await joinAllDue(vault);
    const about = { teamId: TEAM, filter: { action: 'joined' as const }, from: null, limit: 10 };
    const { entries } = await auditPage(vault.catalog, { ...about, direction: 'older' });
    expect(entries.map(({ actorId, channelId, detail }) => [actorId, channelId, detail])).toEqual([
      [ADMIN, null, { channels: 2 }],
      [ADMIN, 'C2', {}],
    ]);
    expect(
      JSON.stringify(
        auditScreen({ ...about, page: { entries, newer: null, older: null }, channelId: 'C1', query: '' }),
      ),
    ).toMatch(/bot added to 2 public channels.*bot added to a channel/);
  });

  it('Join all counts no channel that the bot has come into since Slack was asked', async () => {
    const vault = vaultWith({}, channels);
    await joinedChannel(vault, { userId: BOT, channelId: 'C1', kind: 'public', at: vault.now() });
    expect(await joinAllChannels(vault, { userId: ADMIN })).toBe(1);
  });

  it('says what to do without the scope, and what Slack says of a channel', async () => {
    const vault = vaultWith({}, channels, ['channels:read']);
    await expect(joinAllChannels(vault, { userId: ADMIN })).rejects.toMatchObject({ code: 'cannot_join' });
    says = () => new SlackApiError('conversations.join', 'missing_scope');
    await expect(joinChannel(vault, { userId: ADMIN, channelId: 'C1' })).rejects.toMatchObject({
      code: 'cannot_join',
    });
    says = () => new SlackApiError('conversations.join', 'is_archived');
    await expect(joinChannel(vault, { userId: ADMIN, channelId: 'C1' })).rejects.toThrow(
      'nobody can post there',
    );
  });
});

describe('the hello', () => {
  const hellos = async (vault: Vault) =>
    (await vault.catalog.db.selectFrom('post').select(['channelId', 'dueAt']).orderBy('dueAt').execute()).map(
      ({ channelId, dueAt }) => [channelId, Number(dueAt) - vault.now()],
    );

  it('comes one after the other where the bot joined by itself, at once where it was invited', async () => {
    const vault = vaultWith({ join: 'all' });
    await wantByRule(vault, [open('C1'), open('C2'), open('C3')], null);
    await joinAllDue(vault);
    for (const channelId of ['C2', 'C4'])
      await joinedChannel(vault, { userId: BOT, channelId, kind: 'public', at: vault.now() });
    expect(await hellos(vault)).toEqual([
      ['C1', 1_000],
      ['C4', 1_000],
      ['C2', 16_000],
      ['C3', 31_000],
    ]);
  });

  it('can be off', async () => {
    const vault = vaultWith({ join: 'all', hello: false });
    await wantByRule(vault, [open('C1')], null);
    await joinAllDue(vault);
    await joinedChannel(vault, { userId: BOT, channelId: 'C2', kind: 'private', at: null });
    expect(await hellos(vault)).toEqual([]);
  });
});
