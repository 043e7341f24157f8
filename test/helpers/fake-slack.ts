import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BucketAnswer } from '../../sandbox/bucket-types.ts';
import { servePage } from '../../sandbox/page-server.ts';
import type {
  Block,
  PageChannel,
  PageEvent,
  PageFile,
  PageMessage,
  Person,
  View,
  Workspace,
} from '../../sandbox/slack/page-api.ts';

export const ANNA = 'U0ANNA';
export const GENERAL = 'C0GENERAL';
const BOT = 'U0BOT';
const DIRECT = 'D0BOT';

const PEOPLE: Person[] = [
  { id: ANNA, name: 'anna', real_name: 'Anna Keller', color: '#2f7d6b', role: 'member', is_bot: false },
  { id: 'U0BEN', name: 'ben', real_name: 'Ben Okafor', color: '#b3541e', role: 'member', is_bot: false },
  { id: 'U0GUS', name: 'gus', real_name: 'Gus Lind', color: '#5a6b7b', role: 'guest', is_bot: false },
  { id: BOT, name: 'ria-vault', real_name: 'RIA Vault', color: '#1d3557', role: 'member', is_bot: true },
];

/** A request that the page made, without the person that it was for. */
export interface Asked {
  path: string;
  // biome-ignore lint/suspicious/noExplicitAny: JSON as it came; the tests look into it
  body: any;
}

export interface FakeSlack {
  url: string;
  asked: Asked[];
  /** The next answers by path, e.g. `action`: a status and a body. Used up one by one. */
  answers: Map<string, Array<{ status?: number; body: unknown; delayMs?: number }>>;
  messages: PageMessage[];
  bucket: BucketAnswer;
  send(event: PageEvent): void;
  say(message: Partial<PageMessage>): PageMessage;
  show(view: Partial<View> & { blocks: Block[] }, how?: 'open' | 'push' | 'update'): View;
  /** Ends all live streams, as a restart of the server would. */
  dropStreams(): void;
  close(): Promise<void>;
}

/** Just enough of the page API to test the page alone: it stores, it streams, and it answers what it is told to. */
export async function startFakeSlack(pageFolder: string): Promise<FakeSlack> {
  const streams = new Set<ServerResponse>();
  const files = new Map<string, { file: PageFile; bytes: Buffer }>();
  const page = servePage(pageFolder);
  let clock = Date.UTC(2026, 10, 23, 9, 30) / 1000;
  let count = 0;

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (!url.pathname.startsWith('/sandbox/')) return page(request, response);
    const path = url.pathname.slice('/sandbox/'.length);
    if (path === 'stream') return openStream(response);
    if (path.startsWith('file/')) {
      const found = files.get(path.slice(5));
      response.writeHead(200, { 'content-type': found?.file.mimetype }).end(found?.bytes);
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks);
    const isBytes = path === 'upload' || path === 'clip';
    const body = isBytes || raw.length === 0 ? {} : JSON.parse(raw.toString());
    if (request.method === 'POST') fake.asked.push({ path, body: isBytes ? raw.length : body });
    const planned = fake.answers.get(path)?.shift();
    if (planned?.delayMs) await new Promise((resolve) => setTimeout(resolve, planned.delayMs));
    const answer = planned?.body ?? answerTo(path, url, body, raw);
    response.writeHead(planned?.status ?? 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer));
  }

  function openStream(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(': hello\n\n');
    streams.add(response);
    response.on('close', () => streams.delete(response));
  }

  // biome-ignore lint/suspicious/noExplicitAny: JSON as it came
  function answerTo(path: string, url: URL, body: any, raw: Buffer): unknown {
    const user = url.searchParams.get('user') || ANNA;
    switch (path) {
      case 'workspace':
        return workspaceFor(user);
      case 'messages':
        return { messages: fake.messages.filter((one) => one.channel === url.searchParams.get('channel')) };
      case 'bucket':
        return fake.bucket;
      case 'trouble':
        return Object.assign(fake.bucket.trouble, body);
      case 'steps':
        if (body.done) fake.bucket.steps.done.push(body.done);
        return Object.assign(fake.bucket.steps, body.done ? {} : body);
      case 'upload': {
        const name = url.searchParams.get('name') ?? 'file';
        return { file: keep(user, name, raw) };
      }
      case 'post': {
        const shared = (body.file_ids ?? []).map((id: string) => files.get(id)?.file);
        const message = { ...body, files: shared };
        return { ts: fake.say(message).ts };
      }
      case 'submit':
        fake.send({ type: 'view_closed', view_id: body.view_id });
        return {};
      default:
        return {};
    }
  }

  function keep(user: string, name: string, bytes: Buffer): PageFile {
    count += 1;
    const filetype = name.split('.').at(-1) ?? '';
    const mimetype =
      { png: 'image/png', svg: 'image/svg+xml', pdf: 'application/pdf' }[filetype] ?? 'text/plain';
    const file = {
      id: `F${count}`,
      name,
      title: name,
      mimetype,
      filetype,
      size: bytes.length,
      user,
      mode: 'hosted',
    };
    files.set(file.id, { file, bytes });
    return file;
  }

  const fake: FakeSlack = {
    url: '',
    asked: [],
    answers: new Map(),
    messages: [],
    bucket: {
      bucket: 'vault',
      endpoint: 'http://127.0.0.1:1',
      objects: [],
      totalBytes: 0,
      bot: { phase: 'running', pid: 4711, restarts: 0, lastEnd: null },
      trouble: { s3Down: false, slackDown: false, slowNetwork: false, eventsLost: false },
      steps: { done: [], hidden: false },
    },
    send: (event) => {
      for (const stream of streams) stream.write(`data: ${JSON.stringify(event)}\n\n`);
    },
    say: (partial) => {
      clock += 30;
      const message = { channel: GENERAL, user: BOT, text: '', ts: clock.toFixed(6), ...partial };
      fake.messages.push(message);
      fake.send({ type: 'message', message });
      return message;
    },
    show: (partial, how = 'open') => {
      count += 1;
      const view: View = { id: `V${count}`, type: 'modal', hash: String(count), ...partial };
      fake.send({ type: 'view', view, how });
      return view;
    },
    dropStreams: () => {
      for (const stream of streams) stream.destroy();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  fake.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return fake;
}

function workspaceFor(user: string): Workspace {
  const me = PEOPLE.find((one) => one.id === user || one.name === user) ?? (PEOPLE[0] as Person);
  const all = PEOPLE.map((one) => one.id);
  const channel = (id: string, name: string, rest: Partial<PageChannel> = {}): PageChannel => ({
    ...{ id, name, kind: 'public', is_member: true, bot_is_member: true, members: all, topic: '', tabs: [] },
    ...rest,
  });
  return {
    team: { id: 'T0', name: 'Sandbox Inc' },
    me,
    people: PEOPLE,
    channels: [
      channel(GENERAL, 'general', { topic: 'Everything that concerns all' }),
      channel('C0FINANCE', 'finance', { kind: 'private', members: [ANNA, BOT] }),
      channel('C0RANDOM', 'random', { is_member: false, bot_is_member: false, members: ['U0BEN'] }),
      channel(DIRECT, '', { kind: 'im', members: [me.id, BOT] }),
    ],
    bot: { id: BOT, name: 'RIA Vault', connected: true, mode: 'socket' },
    commands: [
      { command: '/vault', description: 'Files of this channel', usage_hint: 'list | delete | help' },
    ],
    own_commands: [{ command: '/invite', description: 'Bring somebody in', usage_hint: '@someone' }],
    shortcuts: [{ name: 'Archive this file', type: 'message', callback_id: 'archive' }],
    home: null,
  };
}
