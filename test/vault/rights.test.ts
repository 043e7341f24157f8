import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { inTransaction } from '../../src/catalog/db/transaction.ts';
import { upsertChannel } from '../../src/catalog/files/channels.ts';
import { type SlackApi, SlackApiError } from '../../src/slack/api.ts';
import { createPeople, type People, RENEW_NO_MS } from '../../src/slack/people.ts';
import { createRights, type Rights } from '../../src/vault/rights.ts';
import { openNewCatalog } from '../catalog/databases.ts';

const TEAM = 'T1';
/** What the catalog knows of each channel, and whether it is private in Slack now; undefined: Slack does not show it. */
const CHANNELS = {
  C0PUBLIC: { known: 'public', isPrivate: false },
  C0NEWLYPRIVATE: { known: 'public', isPrivate: true },
  G0PRIVATE: { known: 'private', isPrivate: true },
  C0UNKNOWN: { known: null, isPrivate: false },
  C0HIDDEN: { known: null, isPrivate: undefined },
} as const;
const PEOPLE = {
  U0MEMBER: {},
  U0ADMIN: { is_admin: true },
  U0GUEST: { is_restricted: true },
  U0STRANGER: { is_stranger: true },
  U0GONE: { deleted: true },
};

let dataDir: string;
let catalog: Catalog;
let asked: string[];
let memberOf: string[];
let ours: string[];
let people: People;
let rights: Rights;
let now: number;
/** Channels that the bot has left and that were made private since. */
let isPrivateLeft: (channelId: string) => boolean;
/** What Slack says whenever it is asked about a channel. */
let refuseAll: SlackApiError | undefined;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'ria-vault-rights-'));
  catalog = await openNewCatalog(dataDir);
  for (const [channelId, { known }] of Object.entries(CHANNELS)) {
    if (known !== null)
      await upsertChannel(catalog, { teamId: TEAM, channelId, kind: known, isMember: true, checkedAt: 0 });
  }
});
afterAll(async () => {
  await catalog.close();
  rmSync(dataDir, { recursive: true, force: true });
});
beforeEach(() => {
  asked = [];
  memberOf = [];
  ours = [];
  now = 0;
  isPrivateLeft = () => false;
  refuseAll = undefined;
  people = createPeople({ api: slack, teamId: TEAM, now: () => now });
  rights = createRights({ catalog, people, teamId: TEAM, admins: new Set() });
});

const slack: SlackApi = {
  async call<T>(method: string, args: Record<string, unknown> = {}) {
    asked.push(method);
    return answer(method, args) as T;
  },
  async close() {},
};

function answer(method: string, { user, channel }: Record<string, unknown>): unknown {
  if (method === 'users.info')
    return { user: { id: user, team_id: TEAM, ...PEOPLE[user as keyof typeof PEOPLE] } };
  if (method === 'conversations.members' && typeof channel === 'string')
    return { members: memberOf.includes(channel) ? Object.keys(PEOPLE) : [] };
  if (method === 'users.conversations')
    return { channels: (user === undefined ? ours : memberOf).map((id) => ({ id })) };
  if (refuseAll !== undefined) throw refuseAll;
  if (method === 'conversations.list') return { channels: publicOnes() };
  if (String(channel).startsWith('C0LEFT')) {
    if (isPrivateLeft(String(channel))) throw new SlackApiError(method, 'channel_not_found');
    return { channel: { is_private: false } };
  }
  const { isPrivate } = CHANNELS[channel as keyof typeof CHANNELS];
  if (isPrivate === undefined) throw new SlackApiError(method, 'channel_not_found');
  return { channel: { is_private: isPrivate } };
}

/** Slack lists private channels to nobody who is not in them. */
function publicOnes(): object[] {
  const left = Array.from({ length: 2_000 }, (_, i) => `C0LEFT${i}`).filter((id) => !isPrivateLeft(id));
  const others = Object.entries(CHANNELS).flatMap(([id, { isPrivate }]) => (isPrivate === false ? [id] : []));
  return [...left, ...others].map((id) => ({ id, is_private: false }));
}

const ids = Object.keys(CHANNELS);
const seenBy = async (userId: string) => {
  const seen = await Promise.all(ids.map((id) => rights.maySeeChannel(userId, id)));
  return ids.filter((_, i) => seen[i]);
};

describe('which channels somebody may see', () => {
  it('a full member: those that are public now', async () => {
    expect(await seenBy('U0MEMBER')).toEqual(['C0PUBLIC', 'C0UNKNOWN']);
  });

  it.each(['U0GUEST', 'U0STRANGER'])('%s: none without being in it', async (userId) => {
    expect(await seenBy(userId)).toEqual([]);
  });

  it.each(['U0MEMBER', 'U0GUEST', 'U0STRANGER'])('%s: whatever they are in', async (userId) => {
    memberOf = ids;
    expect(await seenBy(userId)).toEqual(ids);
  });

  it('a deactivated account: none is told', async () => {
    memberOf = ids;
    await expect(rights.maySeeChannel('U0GONE', 'C0PUBLIC')).rejects.toMatchObject({
      code: 'account_inactive',
    });
  });

  it('for a public channel nobody’s list of channels is asked for, of which Slack tells 20 a minute', async () => {
    memberOf = ['C0PUBLIC'];
    expect(await rights.maySeeChannel('U0MEMBER', 'C0PUBLIC')).toBe(true);
    expect(asked.sort()).toEqual(['conversations.info', 'users.info']);
  });

  it('for a private channel nothing else is asked', async () => {
    memberOf = ['G0PRIVATE'];
    expect(await rights.maySeeChannel('U0MEMBER', 'G0PRIVATE')).toBe(true);
    expect(asked).toEqual(['conversations.members']);
  });
});

describe('the one rule: what lists show is exactly what may be opened', () => {
  const LEFT = Array.from({ length: 2_000 }, (_, i) => `C0LEFT${i}`);

  beforeAll(async () => {
    const about = { teamId: TEAM, kind: 'public' as const, isMember: false, checkedAt: 0 };
    await inTransaction(catalog, async (scope) => {
      for (const channelId of LEFT) await upsertChannel(scope, { ...about, channelId });
    });
  });

  it.each(['U0MEMBER', 'U0GUEST', 'U0STRANGER'])('%s', async (userId) => {
    isPrivateLeft = (channelId) => channelId.endsWith('7');
    const known = Object.entries(CHANNELS).flatMap(([id, { known }]) => (known === null ? [] : id));
    const everywhere = new Set(await rights.visibleChannels(userId));
    for (const id of [...known, ...LEFT.slice(0, 20)])
      expect([id, everywhere.has(id)]).toEqual([id, await rights.maySeeChannel(userId, id)]);
    expect(everywhere.has('C0LEFT1')).toBe(userId === 'U0MEMBER');
    expect(everywhere.has('C0LEFT7')).toBe(false);
  });

  it('for two thousand channels that the bot has left, only a few questions are asked', async () => {
    expect((await rights.visibleChannels('U0MEMBER')).length).toBeGreaterThan(1_900);
    expect(asked.length).toBeLessThan(10);
    asked = [];
    await rights.visibleChannels('U0MEMBER');
    expect(asked).toEqual([]);
  });

  it('what Slack refuses to show is private', async () => {
    refuseAll = new SlackApiError('conversations.list', 'missing_scope');
    expect(await rights.visibleChannels('U0MEMBER')).toEqual([]);
    expect(await rights.maySeeChannel('U0MEMBER', 'C0LEFT1')).toBe(false);
  });

  it('when Slack does not answer, the person is refused and sees nothing', async () => {
    refuseAll = new SlackApiError('conversations.list', 'ratelimited', { temporary: true });
    await expect(rights.visibleChannels('U0MEMBER')).rejects.toMatchObject({ code: 'ratelimited' });
  });
});

describe('a no that is kept', () => {
  it('is asked for again after a few seconds, but not at every refusal', async () => {
    expect(await rights.maySeeChannel('U0GUEST', 'G0PRIVATE')).toBe(false);
    memberOf = ['G0PRIVATE'];
    now = 1_000;
    expect(await rights.maySeeChannel('U0GUEST', 'G0PRIVATE')).toBe(false);
    now = RENEW_NO_MS;
    expect(await rights.maySeeChannel('U0GUEST', 'G0PRIVATE')).toBe(true);
    expect(asked.filter((method) => method === 'conversations.members').length).toBe(2);
  });

  it('ends when an event shows the person there', async () => {
    await rights.maySeeChannel('U0GUEST', 'G0PRIVATE');
    memberOf = ['G0PRIVATE'];
    people.sawIn('U0GUEST', 'G0PRIVATE');
    await Promise.resolve();
    expect(await rights.maySeeChannel('U0GUEST', 'G0PRIVATE')).toBe(true);
    asked = [];
    people.sawIn('U0GUEST', 'G0PRIVATE');
    await Promise.resolve();
    await rights.maySeeChannel('U0GUEST', 'G0PRIVATE');
    expect(asked).toEqual([]);
  });
});

describe('who governs', () => {
  const roles = async (userId: string) => {
    const answers = await Promise.all([
      rights.isAdmin(userId),
      rights.mayAudit(userId),
      rights.oversees(userId),
      rights.mayDelete(userId, { uploaderId: 'U0OTHER' }),
      rights.mayDelete(userId, { uploaderId: userId }),
    ]);
    return answers.map((yes) => (yes ? '+' : '-')).join('');
  };

  // Admin, may audit, oversees, deletes others' files, deletes their own.
  it.each([
    ['a member', 'U0MEMBER', [], [], '----+'],
    ['a workspace admin', 'U0ADMIN', [], [], '++-++'],
    ['a member in VAULT_ADMINS', 'U0MEMBER', ['U0MEMBER'], [], '+++++'],
    ['a member in VAULT_AUDITORS', 'U0MEMBER', [], ['U0MEMBER'], '-++-+'],
    ['a workspace admin in VAULT_AUDITORS', 'U0ADMIN', [], ['U0ADMIN'], '+++++'],
    ['a guest in both', 'U0GUEST', ['U0GUEST'], ['U0GUEST'], '----+'],
    ['a stranger in both', 'U0STRANGER', ['U0STRANGER'], ['U0STRANGER'], '-----'],
  ])('%s', async (_, userId, admins, auditors, expected) => {
    rights = createRights({
      catalog,
      people,
      teamId: TEAM,
      admins: new Set(admins),
      auditors: new Set(auditors),
    });
    expect(await roles(userId)).toBe(expected);
  });
});

describe('a channel that the bot was removed from', () => {
  it('is lost; one that it is in, and one that nobody knows, are not', async () => {
    ours = ['C0PUBLIC'];
    expect(await rights.isLost('C0PUBLIC')).toBe(false);
    expect(await rights.isLost('G0PRIVATE')).toBe(true);
    expect(await rights.isLost('C0UNKNOWN')).toBe(false);
  });
});
