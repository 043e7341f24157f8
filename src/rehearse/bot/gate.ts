import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Call } from '../slack/web.ts';

/** A Web API for the bot's own process, which keeps it in the test channel. */
export interface Gate {
  /** For `SLACK_API_URL`. */
  apiUrl: string;
  /** Messages that the bot posted: their `ts`. */
  readonly posted: readonly string[];
  close(): Promise<void>;
}

const MOST_BYTES = 1024 * 1024;

/** What only reads, and names no channel, or is narrowed below. */
const READS = new Set(['auth.test', 'users.info', 'users.list', 'files.info', 'bots.info', 'team.info']);
/** What lists conversations: only the test channel is left in the answer. */
const LISTS = new Set(['users.conversations', 'conversations.list']);
/** What is about one channel. */
const OF_CHANNEL = new Set([
  ...['conversations.info', 'conversations.members', 'conversations.history', 'conversations.replies'],
  ...['files.list', 'chat.postMessage', 'chat.update', 'chat.delete', 'reactions.add'],
]);

/**
 * Passes the bot's calls on to Slack, as far as they are about the test channel. For all else it answers as Slack would
 * if the bot were nowhere else: the rehearsal must not capture other channels' files or write to anybody.
 */
export async function openGate(call: Call, channel: string): Promise<Gate> {
  const posted: string[] = [];
  const answer = async (method: string, args: Record<string, unknown>) => {
    if (LISTS.has(method)) {
      const { status, body } = await call(method, args);
      const channels = Array.isArray(body?.channels) ? body.channels : [];
      const ours = channels.filter((one: { id?: unknown } | null) => one?.id === channel);
      return { status, body: { ...body, ...(body?.channels === undefined ? {} : { channels: ours }) } };
    }
    if (READS.has(method)) return call(method, args);
    if (!OF_CHANNEL.has(method)) return refused('restricted_action');
    if (args.channel !== channel) return refused('channel_not_found');
    const done = await call(method, args);
    if (method === 'chat.postMessage' && done.body?.ok === true) posted.push(String(done.body.ts));
    return done;
  };
  const server = createServer((request, response) => {
    serve(request, response, answer).catch(() => {
      if (!response.headersSent) response.writeHead(503);
      response.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    apiUrl: `http://127.0.0.1:${port}/api/`,
    posted,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Answered = { status: number; headers?: Record<string, string>; body: unknown };

const refused = (error: string): Answered => ({ status: 200, body: { ok: false, error } });

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (method: string, args: Record<string, unknown>) => Promise<Answered>,
): Promise<void> {
  const method = (request.url ?? '').replace(/^\/api\//, '').replace(/\?.*$/, '');
  if (!/^[A-Za-z.]{3,60}$/.test(method)) return void response.writeHead(404).end();
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) return void response.writeHead(413).end();
    chunks.push(chunk);
  }
  const args = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
  const { token: _, ...rest } = args;
  const { status, headers = {}, body } = await answer(method, rest);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? {} : { 'content-type': 'application/json; charset=utf-8' };
  response.writeHead(status, { ...headers, ...type }).end(text);
}
