import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { App } from '@slack/bolt';
import { registerActions } from '../../src/actions/index.ts';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { COMMANDS, registerCommands } from '../../src/commands/index.ts';
import { loadConfig } from '../../src/config.ts';
import { createReplies } from '../../src/export/replies.ts';
import type { Log } from '../../src/log.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';
import type { SlackApi } from '../../src/slack/api.ts';
import { createCoverage } from '../../src/slack/coverage.ts';
import { createPeople } from '../../src/slack/people.ts';
import type { Bucket } from '../../src/storage/bucket.ts';
import { makeClients } from '../../src/storage/client.ts';
import type { TextMode } from '../../src/text-modes.ts';
import type { Vault } from '../../src/vault/context.ts';
import { createRedraws } from '../../src/vault/redraws.ts';
import { createRights } from '../../src/vault/rights.ts';
import { CHANNELS, OBJECT, TEAM } from '../sample.ts';

/** An admin, a member with files of their own, and a guest in three small channels. */
export const PEOPLE = { admin: 'U0ADMIN', member: 'U4', guest: 'U0GUEST' };
const GUEST_CHANNELS = ['C1', 'C3', 'C5'];

type Body = Record<string, unknown>;
type Listener = (delivery: Body) => Promise<void>;

export interface World {
  vault: Vault;
  /** Sends what Slack would: a command, a click, a submission or a shortcut. Returns what was shown last. */
  deliver(kind: 'command' | 'action' | 'view' | 'shortcut', body: Body): Promise<unknown>;
  /** The codes of refusals and errors since the last call. */
  problems(): string[];
  close(): void;
}

/** The real vault over a catalog, with a Slack that answers at once and a bucket that only gets links signed. */
export async function makeWorld(
  catalog: Catalog,
  now: number,
  // Most parts ask for names alone.
  { text = 'off', document = () => '' }: { text?: TextMode; document?: (fileId: string) => string } = {},
): Promise<World> {
  let shown: unknown;
  const problems: string[] = [];
  const show = async (what: unknown) => {
    // Sending is also the bot's own work, up to the network.
    JSON.stringify(what);
    shown = what;
  };
  const slack: SlackApi = {
    async call<T>(method: string, args: Body = {}) {
      if (/^(views|chat)\./.test(method)) await show(args.view ?? args);
      return answerOf(method, args) as T;
    },
    async close() {},
  };
  const { bucket, close } = await pretendBucket(document);
  const people = createPeople({ api: slack, teamId: TEAM });
  const { policy } = loadConfig({
    ...{ SLACK_BOT_TOKEN: 'xoxb-bench', SLACK_APP_TOKEN: 'xapp-bench', VAULT_BUCKET: bucket.name },
    VAULT_TEXT: text,
  });
  const vault: Vault = {
    ...{
      catalog,
      bucket,
      slack,
      people,
      policy,
      objectLock: false,
      replies: createReplies(),
      redraws: createRedraws(),
    },
    commands: COMMANDS,
    examine: async () => [],
    identity: {
      teamId: TEAM,
      team: 'Bench',
      botUserId: 'U0BOT',
      botId: 'B0BOT',
      url: 'https://bench.slack.com/',
    },
    rights: createRights({ catalog, people, teamId: TEAM, admins: policy.admins }),
    coverage: createCoverage({ api: slack }),
    // Drawing takes the same time for any catalog, and the picture is kept for ten minutes.
    charts: { growth: async () => 'https://bucket.example/picture.png', clear: async () => 0 },
    meters: createMetrics().meters,
    log: listeningLog(problems),
    wake() {},
    now: () => now,
  };
  const listeners = listenersOf(vault);
  return {
    vault,
    async deliver(kind, body) {
      shown = undefined;
      await listeners[kind]?.({ [kind]: body, body, ack: async () => {}, respond: show });
      return shown;
    },
    problems: () => problems.splice(0),
    close,
  };
}

/** What `registerCommands` and `registerActions` would listen with in Bolt. */
function listenersOf(vault: Vault): Record<string, Listener> {
  const listeners: Record<string, Listener> = {};
  const kept = (kind: string) => (on: unknown, listener: Listener) => {
    if ((on as { type?: string }).type !== 'view_closed') listeners[kind] = listener;
  };
  const app = Object.fromEntries(
    ['command', 'action', 'view', 'options', 'shortcut'].map((kind) => [kind, kept(kind)]),
  ) as unknown as App;
  registerCommands(app, vault);
  registerActions(app, vault, COMMANDS);
  return listeners;
}

let messages = 0;

function answerOf(method: string, args: Body): Body {
  switch (method) {
    case 'users.info':
      return {
        user: {
          ...{ id: args.user, team_id: TEAM, tz_offset: 3_600 },
          is_admin: args.user === PEOPLE.admin,
          is_restricted: args.user === PEOPLE.guest,
        },
      };
    case 'users.conversations': {
      const ids = args.user === PEOPLE.guest ? GUEST_CHANNELS : CHANNELS;
      return { channels: ids.map((id) => ({ id, is_private: false })) };
    }
    case 'conversations.info':
      return { channel: { id: args.channel, is_private: false, is_member: true, created: 1_577_836_800 } };
    case 'conversations.list':
      return { channels: CHANNELS.map((id) => ({ id, is_member: true })) };
    case 'conversations.open':
      return { channel: { id: 'D1' } };
    default:
      // No two messages of a channel have the same time.
      return { view: { id: 'V1' }, ts: `${++messages}.000000`, channel: 'C1' };
  }
}

/** A bucket that only says at once that an object can be read, as a link needs no more, and has the texts of documents. */
async function pretendBucket(
  document: (fileId: string) => string,
): Promise<{ bucket: Bucket; close: () => void }> {
  process.env.AWS_ACCESS_KEY_ID ??= 'BENCH';
  process.env.AWS_SECRET_ACCESS_KEY ??= 'bench';
  process.env.AWS_REGION ??= 'us-east-1';
  const clients = await makeClients({ bucket: 'bench', prefix: '', pathStyle: false });
  const kept = (fileId: string) => {
    const parts = [{ text: document(fileId), page: 1 }];
    // Packing it is none of the bot's work here.
    return gzipSync(JSON.stringify({ sha256: OBJECT.sha256, parts, stopped: null }), { level: 0 });
  };
  const given = (body: Buffer[]) => ({ output: { $metadata: {}, Body: Readable.from(body) }, response: {} });
  // Only the look at the first byte, and texts; links are signed by the same command.
  clients.client.middlewareStack.add(
    (next) => async (args) => {
      const { Range, Key = '' } = args.input as { Range?: string; Key?: string };
      const [, fileId] = /\.ria-vault\/text\/[^/]+\/([^/]+)\//.exec(Key) ?? [];
      if (fileId !== undefined) return given([kept(fileId)]);
      return Range === undefined ? next(args) : given([]);
    },
    { step: 'initialize', name: 'answerFirstByte' },
  );
  const all = { trailers: true, conditionalPut: true, checksums: true, etagIsMd5: true };
  const capabilities = { ...all, versioning: 'off', proof: 'crc32' } as unknown as Bucket['capabilities'];
  return { bucket: { name: 'bench', capabilities, ...clients }, close: clients.close };
}

/** Notes the code of every warning: a refusal is answered quickly, and would look like a good result. */
function listeningLog(problems: string[]): Log {
  const note = (about: { code?: string; err?: unknown }) => {
    problems.push(about.code ?? 'unknown');
    if (process.env.BENCH_DEBUG !== undefined) console.error(about.err);
  };
  const log = { warn: note, error: note, info() {}, debug() {}, child: () => log };
  return log as unknown as Log;
}
