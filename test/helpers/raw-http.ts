/** Requests byte by byte, as no normal client sends them. */
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface RawRequest {
  socket: Socket;
  /** What came back so far. */
  answer(): string;
  /** Resolves when the other side has ended the connection. */
  closed: Promise<void>;
}

/** Opens a connection and sends `head`; the test sends the rest, or not. */
export async function rawRequest(port: number, head: string): Promise<RawRequest> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('error', () => {});
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
  });
  const closed = new Promise<void>((resolve) => {
    socket.once('end', () => resolve()).once('close', () => resolve());
  });
  await Promise.race([once(socket, 'connect'), closed]);
  socket.write(head);
  return { socket, answer: () => text, closed };
}

/** The first lines of a request, with its headers and the empty line after them. */
export function head(line: string, headers: Record<string, string | number> = {}): string {
  const all = Object.entries({ host: 'vault.test', ...headers }).map(([name, value]) => `${name}: ${value}`);
  return `${[`${line} HTTP/1.1`, ...all].join('\r\n')}\r\n\r\n`;
}

/** Slack's own headers for a body. */
export function signed(body: string, o: { secret: string; at?: number }): Record<string, string> {
  const at = o.at ?? Math.floor(Date.now() / 1_000);
  const hash = createHmac('sha256', o.secret).update(`v0:${at}:${body}`).digest('hex');
  return { 'x-slack-request-timestamp': String(at), 'x-slack-signature': `v0=${hash}` };
}

/** Sends up to `total` empty bytes, as fast as the other side takes them; returns how many it took. */
export async function pour(
  { socket }: RawRequest,
  total: number,
  frame: (piece: Buffer) => Buffer,
): Promise<number> {
  const piece = frame(Buffer.alloc(1024 * 1024, 'x'));
  const over = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  let sent = 0;
  while (sent < total && !socket.destroyed && socket.writable) {
    if (!socket.write(piece)) await Promise.race([once(socket, 'drain').catch(() => {}), over]);
    sent += 1024 * 1024;
  }
  return sent;
}
