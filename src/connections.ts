import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { bringsBody } from './refuse-request.ts';

/**
 * Limits a server to `most` connections. When one more comes, the one that has waited longest is closed: it has sent
 * no request yet, only half of one, or none since its last. So half-sent requests never keep others out.
 */
export function capConnections(server: Server, most: number): void {
  const all = new Set<Socket>();
  /** Connections without a complete request, the longest waiting first. */
  const waiting = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    all.add(socket);
    waiting.add(socket);
    socket.once('close', () => {
      all.delete(socket);
      waiting.delete(socket);
    });
    if (all.size <= most) return;
    const [longest] = waiting;
    (longest ?? socket).destroy();
  });
  server.on('request', (request, response) => {
    const { socket } = request;
    if (!bringsBody(request)) waiting.delete(socket);
    else request.once('end', () => waiting.delete(socket));
    response.once('close', () => {
      if (all.has(socket)) waiting.add(socket);
    });
  });
}
