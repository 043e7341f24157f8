import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { Pool } from 'undici';
import { type WebSocket, WebSocketServer } from 'ws';
import { signed } from '../../test/helpers/raw-http.ts';

/** An app has this long for an acknowledgement. Source: docs.slack.dev/apis/events-api. */
const ACK_MS = 3_000;
const CONNECTIONS = 8;
/** After half a minute without a ping, the SDK considers a socket dead. */
const PING_MS = 10_000;

/** Brings one delivery to the app; false when it was not acknowledged in time, or refused. */
export interface Carrier {
  carry(body: object, repeat: boolean): Promise<boolean>;
  close(): Promise<void>;
}

/** Deliveries by HTTP, signed, over a few connections that stay open. */
export function httpCarrier(botUrl: string, signingSecret: string): Carrier {
  const pool = new Pool(botUrl, { connections: CONNECTIONS, headersTimeout: ACK_MS, bodyTimeout: ACK_MS });
  return {
    async carry(delivery, repeat) {
      const body = JSON.stringify(delivery);
      const headers = {
        'content-type': 'application/json',
        ...signed(body, { secret: signingSecret }),
        ...(repeat ? { 'x-slack-retry-num': '1', 'x-slack-retry-reason': 'http_timeout' } : {}),
      };
      try {
        const answer = await pool.request({ path: '/slack/events', method: 'POST', headers, body });
        await answer.body.dump();
        return answer.statusCode === 200;
      } catch {
        return false;
      }
    },
    close: () => pool.close(),
  };
}

/** Deliveries in Socket Mode: the app's sockets take turns. */
export function socketCarrier(server: Server): Carrier {
  const sockets: WebSocket[] = [];
  const waiting = new Map<string, (acknowledged: boolean) => void>();
  let turn = 0;

  const host = new WebSocketServer({ server, path: '/link' });
  host.on('connection', (socket) => {
    sockets.push(socket);
    socket.on('error', () => socket.terminate());
    socket.on('close', () => sockets.splice(sockets.indexOf(socket), 1));
    socket.on('message', (data) => waiting.get(JSON.parse(String(data)).envelope_id)?.(true));
    socket.send(JSON.stringify({ type: 'hello', num_connections: sockets.length, debug_info: {} }));
  });
  const pings = setInterval(() => {
    for (const socket of sockets) socket.ping();
  }, PING_MS);

  return {
    carry(payload, repeat) {
      turn += 1;
      const socket = sockets[turn % sockets.length];
      if (socket === undefined) return Promise.resolve(false);
      const envelope_id = randomUUID();
      const about = { type: 'events_api', accepts_response_payload: false };
      const retry = { retry_attempt: repeat ? 1 : 0, retry_reason: repeat ? 'timeout' : '' };
      return new Promise((resolve) => {
        const end = (acknowledged: boolean) => {
          clearTimeout(timer);
          waiting.delete(envelope_id);
          resolve(acknowledged);
        };
        const timer = setTimeout(() => end(false), ACK_MS);
        waiting.set(envelope_id, end);
        socket.send(JSON.stringify({ envelope_id, payload, ...about, ...retry }));
      });
    },
    async close() {
      clearInterval(pings);
      host.close();
    },
  };
}
