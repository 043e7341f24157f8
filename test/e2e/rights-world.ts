/** A workspace with every kind of person, and a bot that is told who they are by a Slack in between. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Seed } from '../../sandbox/slack/types.ts';
import { moment } from '../../src/blocks/text/wording.ts';
import { signed } from '../helpers/raw-http.ts';
import { type Bot, startVault, type TestVault, until } from '../helpers/vault.ts';

type Json = Record<string, unknown>;

/** What `users.info` says of people whom the sandbox does not have. */
const SPECIAL: Record<string, Json> = {
  olga: { is_owner: true },
  sam: { is_restricted: true, is_ultra_restricted: true },
  sid: { is_restricted: true, is_ultra_restricted: true },
  max: { is_restricted: true, is_ultra_restricted: false },
  moe: { is_restricted: true, is_ultra_restricted: false },
  stan: { is_stranger: true, team_id: 'T0ELSEWHERE' },
  stu: { is_stranger: true, team_id: 'T0ELSEWHERE' },
  cora: { is_stranger: true, team_id: 'T0ELSEWHERE' },
};

const inBoth = ['uma', 'mia', 'lea', 'max', 'stan', 'dora', 'ada', 'vic', 'cora', 'rolf'];
const elsewhere = ['otto', 'moe', 'stu', 'alf', 'olga', 'audrey'];

const guests = new Set(['sam', 'sid', 'max', 'moe']);
const role = (name: string) =>
  guests.has(name) ? 'guest' : ['ada', 'alf'].includes(name) ? 'admin' : 'member';

const SEED: Seed = {
  team: { name: 'Rights', domain: 'rights' },
  people: [...inBoth, ...elsewhere, 'sam', 'sid'].map((name) => ({
    name,
    real_name: name,
    role: role(name),
    color: '#334455',
  })),
  channels: [
    { name: 'plaza', members: [...inBoth, 'sam', 'bot'] },
    { name: 'cellar', private: true, members: [...inBoth, 'sid', 'bot'] },
    { name: 'attic', private: true, members: ['uma', 'cora', 'bot'] },
    { name: 'lobby', members: [...inBoth, ...elsewhere, 'bot'] },
  ],
};

/** Less than Slack's own limit of views.open and views.update, which are of tier 4. */
const MODALS_A_MINUTE = 80;

/** What belongs to one payload, so that a late answer to another one is not mistaken for its answer. */
export interface Turn {
  responseUrl: string;
  viewId: string;
}

interface Shown {
  text: string;
  /** A modal whose content is still to come. */
  loading: boolean;
}

export interface RightsWorld {
  vault: TestVault;
  bot: Bot;
  person(name: string): string;
  channel(name: string): string;
  /** Waits until these files are in the vault. */
  stored(fileIds: string[]): Promise<void>;
  /** Opens a person's App Home as Slack would report it; returns what the bot publishes. */
  home(userId: string): Promise<string>;
  /** One value (`id`) from the bot's catalog. */
  read(query: string): string;
  /** The id of the newest export that was made for this person. */
  exportOf(userId: string): Promise<string>;
  /** Sends a command, a click, … signed as Slack signs it; returns everything that the person was shown in the end. */
  send(make: (turn: Turn) => Json | URLSearchParams): Promise<string>;
  /** How many answers the person was shown to what was sent last. */
  answers(): number;
  /** What was sent last, to be sent again, word for word, with the signature that it had. */
  recall(): (port?: number) => Promise<void>;
  /** From now on Slack says that this person's account is deactivated. */
  deactivate(name: string): void;
  close(): Promise<void>;
}

export async function openWorld(env: Record<string, string> = {}): Promise<RightsWorld> {
  const vault = await startVault({ mode: 'http', slack: { seed: SEED }, env });
  const { workspace } = vault.slack;
  const person = (name: string) => workspace.people[name] as string;
  const channel = (name: string) => workspace.channels[name] as string;
  const special = new Map(Object.entries(SPECIAL).map(([name, flags]) => [person(name), flags]));
  let shown: Shown[] = [];
  /** The calls that modals made. */
  const calls: { method: string; at: number }[] = [];
  let turns = 0;
  const published = new Map<string, string>();
  const viewId = () => `V${turns}`;

  const between = await listen(async (request) => {
    const body = await bytesOf(request);
    const method = /\/api\/([\w.]+)/.exec(request.url ?? '')?.[1] ?? '';
    if (/^views\.(open|push|update)$/.test(method)) {
      calls.push({ method, at: Date.now() });
      const { view, view_id: id } = parsed(request, body);
      if (method === 'views.update' && id !== viewId()) return { ok: true, view: { id } };
      const text = JSON.stringify(typeof view === 'string' ? JSON.parse(view) : view);
      shown.push({ text, loading: text.includes('Looking it up') });
      return { ok: true, view: { id: viewId() } };
    }
    if (method === 'views.publish') {
      const { view, user_id: id } = parsed(request, body);
      published.set(String(id), typeof view === 'string' ? view : JSON.stringify(view));
    }
    const answer = (await (
      await fetch(new URL(request.url ?? '/', vault.slack.url), {
        method: request.method ?? 'POST',
        headers: headersOf(request),
        ...(body.length > 0 ? { body: new Uint8Array(body) } : {}),
      })
    ).json()) as Json;
    const user = answer.user as { id?: string } | undefined;
    if (method === 'users.info' && user?.id) Object.assign(user, special.get(user.id));
    // For a crowd, Slack is asked about everybody at once, and says the same.
    if (method === 'users.list' && Array.isArray(answer.members))
      for (const one of answer.members as Array<{ id: string }>) Object.assign(one, special.get(one.id));
    return answer;
  });
  const inbox = await listen(async (request) => {
    const text = (await bytesOf(request)).toString();
    // On a busy machine the answer may be announced first.
    if (request.url === `/${turns}`) shown.push({ text, loading: text.includes(moment.text) });
    return { ok: true };
  });
  const bot = await vault.startBot({
    SLACK_API_URL: `http://127.0.0.1:${portOf(between)}/api/`,
    // A guest and a stranger count for nothing there.
    VAULT_ADMINS: ['vic', 'max', 'stan'].map(person).join(),
    VAULT_AUDITORS: ['audrey', 'sid', 'stu'].map(person).join(),
    VAULT_CONFIRM: 'off',
  });

  const database = new DatabaseSync(join(vault.dataDir, 'vault.db'), { readOnly: true });
  const read = (query: string) => String(database.prepare(query).get()?.id ?? '');

  /** A quick machine would open and fill more modals within a minute than Slack allows; then people wait a little. */
  async function turnOfModals(): Promise<void> {
    const ofLastMinute = (method: string) =>
      calls.filter((call) => call.method === method && call.at > Date.now() - 60_000).length;
    const isFree = () => ['views.open', 'views.update'].every((one) => ofLastMinute(one) < MODALS_A_MINUTE);
    await until('a turn of modals', isFree, 90_000);
  }

  let last: { headers: Record<string, string>; body: string };
  async function deliver(body: string, type: string): Promise<string> {
    last = { headers: { 'content-type': type, ...signed(body, { secret: 'test-signing-secret' }) }, body };
    return post(last);
  }

  async function post(sent: typeof last, port = bot.port): Promise<string> {
    const answer = await fetch(`http://127.0.0.1:${port}/slack/events`, { method: 'POST', ...sent });
    const direct = await answer.text();
    if (answer.status !== 200) throw new Error(`the bot answered ${answer.status}: ${direct}`);
    return direct;
  }

  return {
    vault,
    bot,
    person,
    channel,
    read,
    async stored(fileIds) {
      for (const id of fileIds)
        await until(
          `${id} stored`,
          () => read(`select state as id from file where file_id = '${id}'`) === 'stored',
        );
    },
    exportOf: (userId) =>
      until('the export', () =>
        read(
          `select export_id as id from export_job where requested_by = '${userId}' and object_key is not null
            order by export_job.id desc limit 1`,
        ),
      ),
    async home(userId) {
      published.delete(userId);
      const event = { type: 'app_home_opened', user: userId, channel: 'D0', tab: 'home', event_ts: '1.1' };
      const { teamId, appId } = workspace;
      await deliver(
        JSON.stringify({
          type: 'event_callback',
          team_id: teamId,
          api_app_id: appId,
          event_id: `Ev${turns}`,
          event,
        }),
        'application/json',
      );
      // Nothing is published for an account that is deactivated.
      const ms = special.get(userId)?.deleted ? 1_000 : 30_000;
      return until('the App Home', () => published.get(userId), ms).catch((error) => {
        if (ms === 1_000) return '';
        throw error;
      });
    },
    async send(make) {
      await turnOfModals();
      shown = [];
      turns += 1;
      const responseUrl = `http://127.0.0.1:${portOf(inbox)}/${turns}`;
      const payload = make({ responseUrl, viewId: viewId() });
      const body =
        payload instanceof URLSearchParams
          ? payload.toString()
          : new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
      const direct = await deliver(body, 'application/x-www-form-urlencoded');
      if (direct.includes('"errors"')) return direct;
      await until('an answer', () => shown.some(({ loading }) => !loading));
      return shown.map(({ text }) => text).join('\n');
    },
    answers: () => shown.length,
    recall() {
      const known = last;
      return async (port) => {
        await post(known, port);
      };
    },
    deactivate: (name) => special.set(person(name), { deleted: true }),
    async close() {
      database.close();
      await vault.close();
      for (const server of [between, inbox]) server.close();
    },
  };
}

async function listen(answer: (request: IncomingMessage) => Promise<Json>): Promise<Server> {
  const server = createServer((request, response) => {
    answer(request).then(
      (body) => response.setHeader('content-type', 'application/json').end(JSON.stringify(body)),
      (error) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

const portOf = (server: Server) => (server.address() as AddressInfo).port;

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  return Buffer.concat(await request.toArray());
}

function parsed(request: IncomingMessage, body: Buffer): Json {
  if (request.headers['content-type']?.includes('json')) return JSON.parse(body.toString());
  return Object.fromEntries(new URLSearchParams(body.toString()));
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const { authorization = '', 'content-type': type = 'application/x-www-form-urlencoded' } = headers;
  return { authorization, 'content-type': type };
}
