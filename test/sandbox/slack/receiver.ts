/** Small apps for the other end of the wire, simpler than Bolt and recording more. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { SandboxSlack } from '../../../sandbox/slack/server.ts';
import { freshSlack, webClient } from './start.ts';

// biome-ignore lint/suspicious/noExplicitAny: payloads as they come; the tests say what should be in them
export type Payload = Record<string, any>;

export interface Received {
  headers: IncomingHttpHeaders;
  raw: string;
  payload: Payload;
}

interface Reply {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
}

/** What an app does with a payload: its reply, or `hang` for no reply. */
export type Handler = (received: Received, at: number) => Reply | 'hang' | Promise<Reply | 'hang'>;

/** An app over HTTP; the sandbox is pointed at it. Answers what it has received so far. */
export async function httpApp(slack: SandboxSlack, handler: Handler = () => ({})): Promise<Received[]> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    let raw = '';
    for await (const chunk of request) raw += chunk;
    const form = request.headers['content-type']?.includes('urlencoded');
    const fields = Object.fromEntries(new URLSearchParams(form ? raw : ''));
    const payload = form ? (fields.payload ? JSON.parse(fields.payload) : fields) : JSON.parse(raw);
    const one = { headers: request.headers, raw, payload };
    const reply = await handler(one, received.push(one) - 1);
    if (reply === 'hang') return;
    response.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers });
    response.end(reply.body === undefined ? '' : JSON.stringify(reply.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });
  slack.setRequestUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`);
  return received;
}

export interface SocketApp {
  messages: Payload[];
  socket: WebSocket;
  /** Resolves when the socket is closed. */
  closed: Promise<void>;
}

/** An app over one socket. `ack` gives what to answer an envelope with; `undefined` leaves it unanswered. */
export async function socketApp(
  slack: SandboxSlack,
  ack: (envelope: Payload) => Payload | undefined = () => ({}),
): Promise<SocketApp> {
  const { url } = await webClient(slack, slack.app.appToken).apps.connections.open();
  const socket = new WebSocket(url ?? '');
  onTestFinished(() => socket.terminate());
  const messages: Payload[] = [];
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.on('message', (data) => {
      const message = JSON.parse(String(data));
      messages.push(message);
      if (message.type === 'hello' || message.type === 'disconnect') return resolve();
      const answer = ack(message);
      if (answer !== undefined) {
        socket.send(JSON.stringify({ envelope_id: message.envelope_id, ...answer }));
      }
    });
  });
  return { messages, socket, closed };
}

/** Waits until `probe` returns something. */
export async function eventually<T>(probe: () => T | undefined | false, ms = 10_000): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const found = probe();
    if (found) return found;
    if (Date.now() > end) throw new Error('Waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** An app that hears everything but events. */
export async function interactiveApp(
  handler: Handler = () => ({}),
  options: Parameters<typeof freshSlack>[0] = {},
) {
  const slack = await freshSlack(options);
  const received: Received[] = [];
  await httpApp(slack, (one, at) => {
    if (one.payload.type === 'event_callback') return {};
    received.push(one);
    return handler(one, at);
  });
  return { slack, received, anna: slack.as('anna'), web: webClient(slack) };
}

/** An app over HTTP that takes every event; `settle` answers what has come since the last time, once all is delivered. */
export async function listeningApp(options: Parameters<typeof freshSlack>[0] = {}) {
  const slack = await freshSlack(options);
  const received = await httpApp(slack);
  const settle = async () => {
    await slack.deliveries.settled();
    return received.splice(0);
  };
  return { slack, received, settle };
}
