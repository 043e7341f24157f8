/** What stands between the rehearsal and the sandbox, and may change whatever passes. */
import { request as ask, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import type { Surroundings } from '../../tools/rehearsal/sandbox.ts';

// biome-ignore lint/suspicious/noExplicitAny: payloads as they travel
export type Json = Record<string, any>;

/** An answer on its way back. What is changed in it is what arrives. */
export interface Passing {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

export interface Changes {
  /** `what` is the Web API's method, or the path at the file host. */
  slack?(what: string, answer: Passing): unknown;
  /** What arrives instead of an envelope: it, several, or none. */
  socket?(envelope: Json): Json[];
  /** `what` is the HTTP method and the object's name in the rehearsal's prefix, such as `PUT put`. */
  s3?(what: string, answer: Passing, query: URLSearchParams): void;
}

/** Puts itself between; the surroundings' `env` then leads through it. */
export async function crooked(there: Surroundings, changes: () => Changes): Promise<{ close(): void }> {
  const slackUrl = new URL(there.env.SLACK_API_URL as string);
  const s3Url = new URL(there.env.AWS_ENDPOINT_URL_S3 as string);
  let slackBase = '';

  const slack = await listening(async (request, response) => {
    const answer = await passOn(request, slackUrl, { host: slackUrl.host });
    const isText = /json|text|html/.test(answer.headers['content-type'] ?? '');
    if (isText) replaceIn(answer, slackUrl.host, slackBase);
    changes().slack?.((request.url ?? '').replace(/^\/api\/|\?.*$/g, ''), answer);
    send(response, answer);
  });
  slackBase = new URL(slack.url).host;
  const sockets = new WebSocketServer({ noServer: true });
  slack.server.on('upgrade', (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, (near) => {
      const far = new WebSocket(`ws://${slackUrl.host}${request.url}`);
      far.on('message', (data) => {
        const envelope = JSON.parse(String(data).replaceAll(slackUrl.host, slackBase));
        for (const one of changes().socket?.(envelope) ?? [envelope]) near.send(JSON.stringify(one));
      });
      near.on('message', (data) => far.send(String(data)));
      near.on('close', () => far.close());
      far.on('close', () => near.close());
    });
  });

  const s3 = await listening(async (request, response) => {
    // The signature holds the host that the client asked for.
    const answer = await passOn(request, s3Url, {});
    const url = new URL(request.url ?? '/', 'http://s3');
    const name = url.pathname.replace(/^.*\/rehearsal-[^/]+\/|\/$/g, '');
    changes().s3?.(`${request.method} ${name}`, answer, url.searchParams);
    send(response, answer, request.method === 'HEAD');
  });
  there.env.SLACK_API_URL = `${slack.url}/api/`;
  there.env.AWS_ENDPOINT_URL_S3 = s3.url;
  return {
    close() {
      for (const socket of sockets.clients) socket.terminate();
      for (const { server } of [slack, s3]) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

async function listening(serve: (request: IncomingMessage, response: ServerResponse) => Promise<void>) {
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function passOn(request: IncomingMessage, to: URL, headers: Record<string, string>): Promise<Passing> {
  return new Promise((resolve, reject) => {
    const { method, url: path } = request;
    const asked = ask(
      { hostname: to.hostname, port: to.port, method, path, headers: { ...request.headers, ...headers } },
      async (answer) => {
        const chunks: Buffer[] = [];
        for await (const chunk of answer) chunks.push(chunk);
        const named = Object.entries(answer.headers).map(([name, value]) => [name, String(value)]);
        resolve({
          status: answer.statusCode ?? 0,
          headers: Object.fromEntries(named),
          body: Buffer.concat(chunks),
        });
      },
    );
    asked.on('error', reject);
    request.pipe(asked);
  });
}

function replaceIn(answer: Passing, from: string, to: string): void {
  answer.body = Buffer.from(answer.body.toString().replaceAll(from, to));
}

function send(response: ServerResponse, { status, headers, body }: Passing, isHead = false): void {
  const { 'transfer-encoding': _, connection: __, ...rest } = headers;
  // An answer to HEAD says how long the body would be.
  const length = isHead || status === 204 ? {} : { 'content-length': String(body.length) };
  response.writeHead(status, { ...rest, ...length }).end(body);
}

/** Changes the JSON of an answer. */
export function json(answer: Passing, change: (body: Json) => unknown): void {
  const body = JSON.parse(answer.body.toString());
  const changed = change(body);
  answer.body = Buffer.from(JSON.stringify(changed === undefined ? body : changed));
}

/** Changes the text of an answer. */
export function text(answer: Passing, change: (body: string) => string): void {
  answer.body = Buffer.from(change(answer.body.toString()));
}
