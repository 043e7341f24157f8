import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { serve } from '../hosts/serve.ts';
import { type Carrier, httpCarrier, socketCarrier } from './carriers.ts';
import { type Load, sendLoad } from './load.ts';
import { CONTENT, envelope, homeOpened } from './message.ts';
import { answerTo } from './web-api.ts';

/**
 * The process that stands for Slack: its Web API, its files, and the events that it sends by HTTP (to `botUrl`, signed)
 * or, without one, over the bot's sockets. Answers at once and keeps nothing, so that it costs the machine little.
 */
const { BENCH_SIGNING_SECRET = '' } = process.env;
let calls: Record<string, number> = {};

const server = serve((request, response) => void answer(request, response).catch(() => response.destroy()), {
  calls: () => calls,
  forget() {
    calls = {};
  },
  openHomes: async (given) => {
    const { botUrl, users } = given as { botUrl: string | null; users: string[] };
    for (const [index, user] of users.entries())
      await carrierTo(botUrl).carry(envelope(homeOpened(user), -index), false);
  },
  send: (given) => {
    const { botUrl, load } = given as { botUrl: string | null; load: Load };
    return sendLoad(carrierTo(botUrl), load, urlOf());
  },
});
const sockets = socketCarrier(server);
const byHttp = new Map<string, Carrier>();

function carrierTo(botUrl: string | null): Carrier {
  if (botUrl === null) return sockets;
  const carrier = byHttp.get(botUrl) ?? httpCarrier(botUrl, BENCH_SIGNING_SECRET);
  byHttp.set(botUrl, carrier);
  return carrier;
}

function urlOf(): string {
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [path = ''] = (request.url ?? '').split('?', 1);
  if (path.startsWith('/files-pri/')) {
    response.writeHead(200, { 'content-type': 'text/csv', 'content-length': CONTENT.length });
    return void response.end(CONTENT);
  }
  const method = path.replace('/api/', '');
  calls[method] = (calls[method] ?? 0) + 1;
  const body = JSON.stringify(answerTo(method, new URLSearchParams(await text(request)), urlOf()));
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
