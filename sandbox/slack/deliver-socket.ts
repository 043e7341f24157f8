/** Socket Mode: the sockets of an app, and payloads spread over them. */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { type WebSocket, WebSocketServer } from 'ws';
import type { AttemptResult } from './deliver.ts';
import type { Json } from './types.ts';
import type { Ack } from './world.ts';

/** An app may hold this many sockets; further ones are refused. */
const MOST_SOCKETS = 10;

/** Slack's own pings; after thirty seconds of silence the SDK considers a socket dead. */
const PING_MS = 10_000;

/** A URL from `apps.connections.open` must be used within this time. */
const TICKET_MS = 30_000;

export interface Sockets {
  readonly count: number;
  /** A one-time ticket for a new socket, as part of the URL that `apps.connections.open` gives. */
  ticket(): string;
  /** Takes over an HTTP upgrade request for `/link/`. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Sends an event to one socket. */
  deliver(body: Json, retry: { num: number; reason?: string }): Promise<AttemptResult>;
  /** Sends a command or an interaction to one socket and waits for what the app answers. */
  ask(kind: 'interactive' | 'slash_commands', payload: Json): Promise<Ack>;
  /** Asks every socket to reconnect, as Slack does every few hours, and closes it after `graceMs`. */
  refresh(reason?: 'warning' | 'refresh_requested' | 'link_disabled', graceMs?: number): void;
  /** Cuts every socket without warning. */
  cut(): void;
  close(): Promise<void>;
}

interface SocketOptions {
  appId: string;
  ackMs: number;
  onChange(count: number): void;
}

/** The sockets of one app. */
export function createSockets({ appId, ackMs, onChange }: SocketOptions): Sockets {
  const server = new WebSocketServer({ noServer: true });
  const tickets = new Map<string, number>();
  const sockets: WebSocket[] = [];
  const acks = new Map<string, (payload: unknown) => void>();
  const ignoredBy = new WeakMap<Json, WebSocket>();
  let turn = 0;

  const pings = setInterval(() => {
    for (const socket of sockets) socket.ping(`Ping from Slack ${Date.now()}`);
  }, PING_MS);
  pings.unref();

  const say = (socket: WebSocket, message: Json) => socket.send(JSON.stringify(message));

  const welcome = (socket: WebSocket) => {
    socket.on('error', () => socket.terminate());
    if (sockets.length >= MOST_SOCKETS) {
      say(socket, { type: 'disconnect', reason: 'too_many_websockets', debug_info: DEBUG });
      return socket.close(1000);
    }
    sockets.push(socket);
    socket.on('close', () => {
      const at = sockets.indexOf(socket);
      if (at < 0) return;
      sockets.splice(at, 1);
      onChange(sockets.length);
    });
    socket.on('message', (data) => onMessage(String(data)));
    say(socket, {
      type: 'hello',
      num_connections: sockets.length,
      debug_info: { ...DEBUG, approximate_connection_time: 18_060 },
      connection_info: { app_id: appId },
    });
    onChange(sockets.length);
  };

  const onMessage = (text: string) => {
    let message: Json;
    try {
      message = JSON.parse(text);
    } catch {
      return;
    }
    acks.get(message.envelope_id)?.(message.payload);
  };

  /** Round robin over the sockets that are open; a payload does not return to the one that ignored it. */
  const next = (payload: Json): WebSocket | undefined => {
    const open = sockets.filter((socket) => socket.readyState === socket.OPEN);
    const others = open.filter((socket) => socket !== ignoredBy.get(payload));
    const choice = others.length > 0 ? others : open;
    turn += 1;
    return choice[turn % Math.max(choice.length, 1)];
  };

  const send = (type: string, payload: Json, extra: Json): Promise<Ack> => {
    const socket = next(payload);
    if (socket === undefined) return Promise.resolve({ ok: false, reason: 'connection_failed' });
    const envelope_id = [4, 2, 2, 2, 6].map((bytes) => randomBytes(bytes).toString('hex')).join('-');
    return new Promise((resolve) => {
      const finish = (ack: Ack) => {
        clearTimeout(timer);
        acks.delete(envelope_id);
        resolve(ack);
      };
      const timer = setTimeout(() => {
        ignoredBy.set(payload, socket);
        finish({ ok: false, reason: 'timeout' });
      }, ackMs);
      acks.set(envelope_id, (answer) => finish({ ok: true, payload: answer }));
      say(socket, { envelope_id, payload, type, ...extra });
    });
  };

  return {
    get count() {
      return sockets.length;
    },
    ticket() {
      const ticket = randomBytes(16).toString('hex');
      tickets.set(ticket, Date.now() + TICKET_MS);
      return ticket;
    },
    upgrade(request, socket, head) {
      const ticket = new URL(request.url ?? '/', 'http://localhost').searchParams.get('ticket') ?? '';
      const expires = tickets.get(ticket);
      tickets.delete(ticket);
      if (expires === undefined || expires < Date.now()) {
        socket.end('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n');
        return;
      }
      server.handleUpgrade(request, socket, head, welcome);
    },
    async deliver(body, retry) {
      const ack = await send('events_api', body, {
        accepts_response_payload: false,
        retry_attempt: retry.num,
        retry_reason: retry.reason ?? '',
      });
      return ack.ok ? { ok: true } : ack;
    },
    async ask(kind, payload) {
      const ack = await send(kind, payload, { accepts_response_payload: true });
      if (ack.ok) return ack;
      return { ok: false, reason: ack.reason === 'timeout' ? 'operation_timeout' : 'dispatch_failed' };
    },
    refresh(reason = 'refresh_requested', graceMs = 0) {
      for (const socket of [...sockets]) {
        say(socket, { type: 'disconnect', reason, debug_info: DEBUG });
        setTimeout(() => socket.close(1000), graceMs).unref();
      }
    },
    cut() {
      for (const socket of [...sockets]) socket.terminate();
    },
    async close() {
      clearInterval(pings);
      const left = sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
      for (const socket of [...sockets]) socket.close(1001);
      // Nobody waits for a client that does not answer the close frame.
      await Promise.race([Promise.all(left), sleep(200)]);
      for (const socket of sockets) socket.terminate();
      server.close();
    },
  };
}

const DEBUG = { host: 'applink-sandbox', build_number: 1 };
