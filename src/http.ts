import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfigError } from './errors.ts';
import type { Health } from './health.ts';

export interface HttpServer {
  port: number;
  close(): Promise<void>;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/**
 * The bot's one HTTP server: Slack's deliveries where HTTP mode is on, and health and metrics for the operator.
 * Throws `ConfigError` when the port is taken or may not be used.
 */
export async function startHttp(options: {
  port: number;
  host: string;
  health: Health;
  slackEvents?: Handler;
}): Promise<HttpServer> {
  const { health } = options;
  const routes: Record<string, Handler> = {
    'GET /healthz': (_, response) => json(response, 200, { ok: true }),
    'GET /readyz': async (_, response) => {
      const ready = await health.ready();
      json(response, ready.ok ? 200 : 503, ready);
    },
    'GET /metrics': async (_, response) => {
      response.writeHead(200, { 'content-type': health.metricsType });
      response.end(await health.metrics());
    },
    ...(options.slackEvents === undefined ? {} : { 'POST /slack/events': options.slackEvents }),
  };

  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0];
    const handler = routes[`${request.method} ${path}`];
    if (handler === undefined) return json(response, 404, { ok: false, error: 'not_found' });
    Promise.resolve(handler(request, response)).catch(() => {
      if (!response.headersSent) json(response, 500, { ok: false, error: 'internal_error' });
    });
  });
  await listen(server, options.port, options.host);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const variable = error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND' ? 'HOST' : 'PORT';
      const remedy =
        variable === 'HOST'
          ? `HOST is "${host}", which is not an address of this machine: leave it out or use 0.0.0.0.`
          : `PORT ${port} cannot be used (${error.code}): set PORT to a free one.`;
      reject(new ConfigError(variable, remedy, { cause: error }));
    });
    server.listen(port, host, () => resolve());
  });
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(`${JSON.stringify(body)}\n`);
}
