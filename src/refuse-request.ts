import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';

/** How long a client that is still sending has to read the answer. */
const LAST_WORD_MS = 250;

/** True when a request says that it has a body. */
export function bringsBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/**
 * Answers a request without reading its body, and ends the connection. Node's own answer would read the whole
 * body, even a very long one.
 */
export function refuseRequest(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  error: string,
): void {
  const { socket } = request;
  request.on('error', () => {});
  request.pause();
  // Without a socket, the response waits for an earlier answer on the same connection.
  if (response.socket === null || response.headersSent || socket.destroyed) return void socket.destroy();
  const body = `${JSON.stringify({ ok: false, error })}\n`;
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'connection: close',
      'content-type: application/json; charset=utf-8',
      `content-length: ${body.length}`,
      '',
      body,
    ].join('\r\n'),
  );
  setTimeout(() => socket.destroy(), LAST_WORD_MS).unref();
}
