import { Readable } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { upsertChannel } from '../../src/catalog/files/channels.ts';
import { recordShares } from '../../src/catalog/files/shares.ts';
import type { ChannelKind } from '../../src/catalog/model.ts';
import type { SlackApi } from '../../src/slack/api.ts';
import type { People } from '../../src/slack/people.ts';
import type { Vault } from '../../src/vault/context.ts';
import { createRedraws } from '../../src/vault/redraws.ts';
import { createRights } from '../../src/vault/rights.ts';
import { databases, empty } from '../catalog/databases.ts';
import { found, storeFile, T0, TEAM } from '../catalog/samples.ts';

/** People of tests. Anna uploads what `share` records. */
export const ANNA = 'U1';
export const BEN = 'U2';
export const ADMIN = 'U3';
export const AUDITOR = 'U4';
export const BOT = 'U0BOT';

export interface World {
  catalog: Catalog;
  vault: Vault;
  /** What was asked of Slack itself. */
  asked: Array<{ method: string; args: Record<string, unknown> }>;
  /** What Slack answers, by method; an error is thrown. */
  answers: Map<string, unknown>;
  /** What the bucket answers to everything. */
  bucketSays: { status: number; body: string };
  /** Which workers were woken: `all`, or their names. */
  woken: string[];
  /** What the record of people was told, such as `sawIn U1 C1`. */
  told: string[];
  /** A private channel of these people, and of the bot unless it says otherwise. */
  channel(id: string, people: string[], o?: { kind?: ChannelKind; bot?: boolean }): Promise<void>;
  /** A file that Anna shared in a channel, stored by default. */
  share(fileId: string, channelId: string, o?: Shared): Promise<void>;
  /** Resets everything to the beginning. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

interface Shared {
  name?: string;
  at?: number;
  stored?: boolean;
  type?: string;
  skip?: 'too_large' | 'external';
  /** The message that brought it. */
  said?: string;
}

/**
 * A vault for tests of its use cases. The catalog and the rights are the real ones; who is where, and
 * what Slack answers, comes from the test.
 */
export async function openWorld(): Promise<World> {
  const catalog = await (databases[0] as (typeof databases)[number]).fresh();
  const members = new Map<string, Set<string>>();
  const ours = new Map<string, boolean>();
  const world = {
    ...{ asked: [] as World['asked'], answers: new Map<string, unknown>(), woken: [] as string[] },
    bucketSays: { status: 206, body: '' },
  };
  const told: string[] = [];

  const isIn = (userId: string) => [...members].filter(([, people]) => people.has(userId)).map(([id]) => id);
  const tell =
    (what: string) =>
    (...about: string[]) =>
      void told.push([what, ...about].join(' '));
  const people = {
    person: async (id: string) => ({
      ...{
        id,
        name: `Name of ${id}`,
        isAdmin: id === ADMIN,
        isOurs: true,
        isFullMember: true,
        timeZoneOffset: 0,
      },
    }),
    memberships: async (userId: string) => new Set(isIn(userId)),
    among: async (userId: string, ids: readonly string[]) =>
      new Set(ids.filter((id) => isIn(userId).includes(id))),
    botChannels: async () => ours,
    publicAmong: async (ids: readonly string[]) => new Set(ids.filter((id) => ours.get(id) === true)),
    ...{ joined: tell('joined'), left: tell('left'), sawIn: tell('sawIn') },
    ...{ forgetPerson: tell('forgetPerson'), forgetChannel: tell('forgetChannel') },
    ...{ forgetMemberships: tell('forgetMemberships'), botJoinedPublic: tell('botJoinedPublic') },
  } as unknown as People;
  const slack = {
    call: async (method: string, args: Record<string, unknown>) => {
      world.asked.push({ method, args });
      const answer = world.answers.get(method) ?? {};
      if (answer instanceof Error) throw answer;
      return answer;
    },
  } as unknown as SlackApi;
  const requestHandler = {
    handle: async () => ({
      response: {
        statusCode: world.bucketSays.status,
        headers: {},
        body: Readable.from([Buffer.from(world.bucketSays.body)]),
      },
    }),
  };
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const vault = {
    ...{ catalog, people, slack },
    rights: createRights({ catalog, people, teamId: TEAM, admins: new Set(), auditors: new Set([AUDITOR]) }),
    identity: { teamId: TEAM, botUserId: BOT, url: 'https://acme.slack.com/' },
    bucket: {
      name: 'the-bucket',
      client: new S3Client({ region: 'us-east-1', credentials, requestHandler }),
    },
    policy: {
      ...{ linkMinutes: 5, trashDays: 30, maxFileBytes: 1_000_000, excludeTypes: new Set(), confirm: 'off' },
      ...{ join: 'off', joinExcept: [], hello: true, external: 'keep' },
      ...{ onSlackDelete: 'keep', onUnshare: 'hide', retentionDays: 0, versions: 'all', versionQuietMs: 0 },
    },
    log: { info: () => {}, warn: () => {} },
    wake: (...kinds: string[]) => void world.woken.push(...(kinds.length === 0 ? ['all'] : kinds)),
    now: () => T0 + 1_000,
    redraws: createRedraws(),
  } as unknown as Vault;

  return {
    ...{ ...world, catalog, vault, told },
    async channel(channelId, who, { kind = 'private', bot = true } = {}) {
      members.set(channelId, new Set(who));
      if (bot) ours.set(channelId, kind === 'public');
      await upsertChannel(catalog, { teamId: TEAM, channelId, kind, isMember: bot });
    },
    async share(fileId, channelId, { name, at = T0, stored = true, type, skip, said } = {}) {
      const one = found(fileId, channelId, at, {
        ...(name === undefined ? {} : { name }),
        ...(type === undefined ? {} : { mimetype: type }),
      });
      // The channel keeps the kind that it already has.
      const words = said === undefined ? {} : { said: { author: one.share.userId, text: said, at } };
      const share = { ...one.share, channelKind: null, ...words };
      await recordShares(catalog, TEAM, [{ ...one, share, ...(skip === undefined ? {} : { skip }) }], at);
      if (stored && skip === undefined) await storeFile(catalog, fileId, { now: at });
    },
    async clear() {
      await empty(catalog);
      await catalog.db.deleteFrom('trouble').execute();
      for (const list of [world.asked, world.woken, told]) list.length = 0;
      for (const map of [members, ours, world.answers]) map.clear();
      Object.assign(world.bucketSays, { status: 206, body: '' });
    },
    close: () => catalog.close(),
  };
}
