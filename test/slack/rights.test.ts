import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { upsertChannel } from '../../src/catalog/channels.ts';
import { type Catalog, openCatalog } from '../../src/catalog/open.ts';
import { type SlackApi, SlackApiError } from '../../src/slack/api.ts';
import { createPeople } from '../../src/slack/people.ts';
import { createRights, type Rights } from '../../src/slack/rights.ts';

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
  U0GUEST: { is_restricted: true },
  U0STRANGER: { is_stranger: true },
  U0GONE: { deleted: true },
};

let dataDir: string;
let catalog: Catalog;
let asked: string[];
let memberOf: string[];
let rights: Rights;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'ria-vault-rights-'));
  catalog = await openCatalog({ dataDir });
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
  const people = createPeople({ api: slack, teamId: TEAM, now: () => 0 });
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
  if (method === 'users.conversations') return { channels: memberOf.map((id) => ({ id })) };
  const { isPrivate } = CHANNELS[channel as keyof typeof CHANNELS];
  if (isPrivate === undefined) throw new SlackApiError(method, 'channel_not_found');
  return { channel: { is_private: isPrivate } };
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
