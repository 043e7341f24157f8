import { get, request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../src/config.ts';
import { createHealth } from '../src/health.ts';
import { type HttpServer, startHttp } from '../src/http.ts';
import { createMetrics } from '../src/metrics/metrics.ts';

let server: HttpServer | undefined;
afterEach(() => server?.close(0));

const health = createHealth({ checks: {} });

async function start(host = '127.0.0.1'): Promise<number> {
  const slackEvents = (_: unknown, response: { end(text: string): void }) => response.end('from Slack');
  server = await startHttp({ port: 0, host, health, metricsPage: createMetrics(), slackEvents });
  return server.port;
}

const statusOf = async (url: string, init?: RequestInit) => {
  const answer = await fetch(url, init);
  await answer.text();
  return answer.status;
};

describe('behind a reverse proxy', () => {
  it.each([
    ['POST', '/slack/events', 200],
    ['POST', '/vault/slack/events', 200],
    ['POST', '/a/b/c/slack/events?x=1', 200],
    ['POST', '/vault/slack/events/', 200],
    ['POST', '//slack/events', 200],
    ['GET', '/vault/healthz', 200],
    ['GET', '/healthz', 200],
    ['GET', '/readyz', 200],
    ['GET', '/metrics', 200],
    ['GET', '/vault/slack/events', 404],
    ['POST', '/vault/healthz', 404],
    ['POST', '/vault/slack/eventsx', 404],
    ['POST', '/vaultslack/events', 404],
    ['POST', '/slack/events/more', 404],
    // What is closed to strangers by its path must not open below another one.
    ['GET', '/vault/metrics', 404],
    ['GET', '/vault/readyz', 404],
    ['GET', '/', 404],
  ])('%s %s: %s', async (method, path, status) => {
    const port = await start();
    expect(await statusOf(`http://127.0.0.1:${port}${path}`, { method })).toBe(status);
  });

  it('keeps a connection for longer than the 60 s of load balancers, and says so', async () => {
    const port = await start();
    const said = await new Promise<unknown>((resolve) => {
      get(
        { port, host: '127.0.0.1', path: '/healthz', agent: false, headers: { connection: 'keep-alive' } },
        (answer) => {
          answer.resume();
          resolve(answer.headers['keep-alive']);
        },
      );
    });
    expect(said).toBe('timeout=65');
  });

  it('does not end a connection that is idle between two requests', async () => {
    const port = await start();
    const { Agent } = await import('node:http');
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ports = new Set<number | undefined>();
    for (let n = 0; n < 2; n += 1) {
      await new Promise<void>((resolve) => {
        const asking = request({ port, host: '127.0.0.1', path: '/healthz', agent }, (answer) => {
          ports.add(asking.socket?.localPort);
          answer.resume().once('end', resolve);
        });
        asking.end();
      });
    }
    expect(ports.size).toBe(1);
    agent.destroy();
  });
});

describe('with IPv6', () => {
  it.each(['::', '::1', '[::]', '[::1]'])('HOST=%s is reached at [::1]', async (written) => {
    const env = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1', VAULT_BUCKET: 'b', HOST: written };
    const port = await start(loadConfig(env).http.host);
    expect(await statusOf(`http://[::1]:${port}/healthz`)).toBe(200);
  });

  it('HOST=:: is reached over IPv4 as well', async () => {
    const port = await start('::');
    expect(await statusOf(`http://127.0.0.1:${port}/healthz`)).toBe(200);
  });
});
