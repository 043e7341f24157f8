/** A vault for tests of its use cases: real catalog, real rights, and people and channels that the test makes up. */

import type { Catalog } from '../../src/catalog/db/open.ts';
import { upsertChannel } from '../../src/catalog/files/channels.ts';
import type { Policy } from '../../src/config.ts';
import type { SlackApi } from '../../src/slack/api.ts';
import type { People } from '../../src/slack/people.ts';
import type { Vault } from '../../src/vault/context.ts';
import { createRights } from '../../src/vault/rights.ts';
import { databases, type TestDatabase } from '../catalog/databases.ts';
import { T0, TEAM } from '../catalog/samples.ts';

/** SQLite alone: a use case asks the catalog, whose own tests run on every database. */
const [sqlite] = databases as [TestDatabase];
export const freshCatalog = () => sqlite.fresh();

/** Ann and Ben are in the private channel C1, Ben alone in C2; the others are in neither. */
const MEMBERS: Record<string, readonly string[]> = {
  C1: ['U0ANN', 'U0BEN', 'U0ADMIN', 'U0AUDITOR', 'U0GUEST'],
  C2: ['U0BEN', 'U0ADMIN'],
};
export const [ANN, BEN, EVE] = ['U0ANN', 'U0BEN', 'U0EVE'] as const;
/** A guest, in C1 alone. */
export const GUEST = 'U0GUEST';
/** An admin of the workspace. */
export const ADMIN = 'U0ADMIN';
/** In VAULT_AUDITORS. */
export const AUDITOR = 'U0AUDITOR';

/** Everybody's clock is two hours ahead of UTC. */
export const TIME_ZONE_OFFSET = 2 * 3_600_000;

export interface World {
  vault: Vault;
  /** The workers that were told to look, `any` for all of them. */
  woken: string[];
  /** Channels that the bot is in; the test may take one away. */
  botIn: Set<string>;
}

const POLICY = {
  ...{ join: 'off', joinExcept: [], hello: true, external: 'keep' },
  trashDays: 30,
  linkMinutes: 15,
  confirm: 'thread',
  maxFileBytes: 1_000_000_000,
  excludeTypes: new Set<string>(),
  onSlackDelete: 'keep',
  retentionDays: 0,
  verifyHours: 24,
  pricePerGb: 0,
} satisfies Partial<Policy>;

export async function worldOf(
  catalog: Catalog,
  o: { policy?: Partial<Policy>; slack?: (method: string) => unknown } & Omit<
    Partial<Vault>,
    'policy' | 'slack'
  > = {},
): Promise<World> {
  const { policy, slack, ...more } = o;
  for (const channelId of Object.keys(MEMBERS))
    await upsertChannel(catalog, { teamId: TEAM, channelId, kind: 'private', isMember: true, checkedAt: 0 });
  const botIn = new Set(Object.keys(MEMBERS));
  const people = {
    person: async (id: string) => ({
      ...{ id, name: `Name of ${id}`, isAdmin: id === ADMIN, isOurs: true, isFullMember: id !== GUEST },
      timeZoneOffset: TIME_ZONE_OFFSET,
    }),
    among: async (userId: string, channelIds: readonly string[]) =>
      new Set(channelIds.filter((id) => botIn.has(id) && MEMBERS[id]?.includes(userId))),
    publicAmong: async () => new Set<string>(),
    botChannels: async () => new Map([...botIn].map((id) => [id, false])),
  } as unknown as People;
  const auditors = new Set([AUDITOR]);
  const woken: string[] = [];
  const vault = {
    catalog,
    identity: { teamId: TEAM },
    people,
    rights: createRights({ catalog, people, teamId: TEAM, admins: new Set(), auditors }),
    policy: { ...POLICY, admins: new Set(), auditors, ...policy },
    objectLock: false,
    slack: { call: async (method: string) => slack?.(method) } as unknown as SlackApi,
    wake: (...kinds: string[]) => void woken.push(...(kinds.length > 0 ? kinds : ['all'])),
    now: () => T0,
    ...more,
  } as unknown as Vault;
  return { vault, woken, botIn };
}
