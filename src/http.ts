import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { capConnections } from './connections.ts';
import { ConfigError } from './errors.ts';
import type { Health } from './health.ts';
import type { MetricsPage } from './observed.ts';
import { bringsBody, refuseRequest } from './refuse-request.ts';

export interface HttpServer {
  port: number;
  /** The port of `/metrics` and `/readyz`. */
  metricsPort: number;
  /** Takes no more connections; after `graceMs`, ends those that are left. */
  close(graceMs: number): Promise<void>;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;
type Routes = Record<string, Handler>;

/** Where a server listens, and the variables that set it. */
interface Place {
  port: number;
  host: string;
  names: { port: string; host: string };
}

/** Slack and load balancers send a request within milliseconds; a later one never comes. */
const HEADERS_MS = 10_000;
const REQUEST_MS = 15_000;
const LOOK_MS = 1_000;
/** For a connection on which no byte moves while it is answered. */
const IDLE_MS = 30_000;
/** Load balancers keep a connection for 60 s; if we ended it first, somebody's request would fail. */
const KEEP_ALIVE_MS = 65_000;
const MOST_CONNECTIONS = 1_000;
/** New connections that may wait to be accepted; Node's own number is too small for a burst. */
const BACKLOG = 4_096;

/**
 * The bot's HTTP server: Slack's deliveries in HTTP mode, and health and metrics for the operator, on a separate
 * port if one is set. Throws `ConfigError` when a port is taken or may not be used.
 */
export async function startHttp(options: {
  port: number;
  host: string;
  metrics?: { port: number; host: string } | undefined;
  health: Health;
  metricsPage: MetricsPage;
  slackEvents?: Handler;
}): Promise<HttpServer> {
  const { port, host, metrics, health, metricsPage, slackEvents } = options;
  const life: Routes = { 'GET /healthz': (_, response) => json(response, 200, { ok: true }) };
  const operators: Routes = {
    'GET /readyz': async (_, response) => {
      const ready = await health.ready();
      json(response, ready.ok ? 200 : 503, ready);
    },
    'GET /metrics': async (_, response) => {
      const text = await metricsPage.text();
      response.writeHead(200, { 'content-type': metricsPage.contentType });
      response.end(text);
    },
  };
  const ofSlack: Routes = slackEvents === undefined ? {} : { 'POST /slack/events': slackEvents };
  const here = { port, host, names: { port: 'PORT', host: 'HOST' } };
  const open = await startServer(here, { ...life, ...ofSlack, ...(metrics === undefined ? operators : {}) });
  if (metrics === undefined) return { ...open, metricsPort: open.port };
  const there = { ...metrics, names: { port: 'VAULT_METRICS_PORT', host: 'VAULT_METRICS_HOST' } };
  const inside = await startServer(there, { ...life, ...operators }).catch(async (error) => {
    await open.close(0);
    throw error;
  });
  return {
    port: open.port,
    metricsPort: inside.port,
    close: async (graceMs) => void (await Promise.all([open.close(graceMs), inside.close(graceMs)])),
  };
}

async function startServer(place: Place, routes: Routes): Promise<Pick<HttpServer, 'port' | 'close'>> {
  const server = createServer(
    { headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS, connectionsCheckingInterval: LOOK_MS },
    (request, response) => {
      const path = (request.url ?? '/').split('?', 1)[0] ?? '';
      const handler = routes[`${request.method} ${withoutPrefix(path)}`];
      // Only the bodies of Slack's requests are read.
      if (handler === undefined)
        return bringsBody(request)
          ? refuseRequest(request, response, 404, 'not_found')
          : json(response, 404, { ok: false, error: 'not_found' });
      if (request.method === 'GET' && bringsBody(request))
        return refuseRequest(request, response, 413, 'no_body_wanted');
      Promise.resolve(handler(request, response)).catch(() => {
        if (!response.headersSent) json(response, 500, { ok: false, error: 'internal_error' });
      });
    },
  );
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.timeout = IDLE_MS;
  capConnections(server, MOST_CONNECTIONS);
  await listen(server, place);
  return {
    port: (server.address() as AddressInfo).port,
    close: (graceMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

/** Served also below any other path. What else there is could be closed to strangers by its path. */
const BELOW_ANY = ['/slack/events', '/healthz'];

/** The path as it is here, where a reverse proxy hands on its own path with it (`/vault/slack/events`). */
function withoutPrefix(path: string): string {
  const bare = path.replace(/\/+$/, '');
  return BELOW_ANY.find((known) => bare.endsWith(known)) ?? path;
}

function listen(server: Server, { port, host, names }: Place): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isHost = error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND';
      const remedy = isHost
        ? `${names.host} is "${host}", which is not an address of this machine: leave it out or use 0.0.0.0.`
        : `${names.port} ${port} cannot be used (${error.code}): set ${names.port} to a free one.`;
      reject(new ConfigError(isHost ? names.host : names.port, remedy, { cause: error }));
    });
    server.listen({ port, host, backlog: BACKLOG }, () => resolve());
  });
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(`${JSON.stringify(body)}\n`);
}
