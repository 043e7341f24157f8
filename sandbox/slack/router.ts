/** Passes requests to handlers by the beginning of the path. Only this machine's pages and programs are served. */
import http, { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { sendText } from './http.ts';
import type { World } from './world.ts';

export type Route = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

export interface Router {
  server: Server;
  /** Serves everything under a path with a handler; the longest prefix wins. */
  add(prefix: string, route: Route): void;
  /** Stops taking requests and ends those that run. */
  close(): Promise<void>;
}

/** A server that is not listening yet. While `faults.down` is set it cuts every connection. */
export function createRouter(world: World): Router {
  const routes = new Map<string, Route>();
  const open = new Set<Socket>();
  const find = (path: string) => {
    const [prefix] = [...routes.keys()]
      .filter((one) => path.startsWith(one))
      .sort((a, b) => b.length - a.length);
    return prefix === undefined ? undefined : routes.get(prefix);
  };
  const server = http.createServer((request, response) => {
    if (world.faults.down) return void request.socket.resetAndDestroy();
    if (!isLocal(request)) return sendText(response, 403, 'This sandbox serves its own machine only');
    const route = find(pathOf(request));
    if (route === undefined) return sendText(response, 404, 'Not found');
    Promise.resolve(route(request, response)).catch((error) => {
      // The path may hold a ticket or a response_url, so only its first part is shown.
      const [, first] = pathOf(request).split('/');
      world.log(`${request.method} /${first}/ broke: ${error instanceof Error ? error.message : error}`);
      if (response.headersSent) response.destroy();
      else sendText(response, 500, 'internal_error');
    });
  });
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    if (world.faults.down) socket.resetAndDestroy();
  });
  server.on('upgrade', (request, socket, head) => {
    const isLink = pathOf(request).startsWith('/link/');
    if (world.faults.down || !isLink || !isLocal(request)) return void socket.destroy();
    world.sockets.upgrade(request, socket, head);
  });
  world.faults.onDown((down) => {
    if (down) for (const socket of open) socket.resetAndDestroy();
  });
  return {
    server,
    add: (prefix, route) => void routes.set(prefix, route),
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

const LOCAL = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Whether a request was addressed to this machine by name, and not sent by a page from elsewhere: any website
 * open in the same browser could otherwise reach the sandbox, through a name that resolves to 127.0.0.1 too. A page
 * on another port of this machine is elsewhere as well. Programs, which name no site, are served.
 */
function isLocal(request: IncomingMessage): boolean {
  const { host = '', origin, 'sec-fetch-site': site, 'sec-fetch-mode': mode } = request.headers;
  const here = localUrl(`http://${host}`);
  if (here === undefined) return false;
  // Either of our names, at our port.
  if (origin !== undefined && localUrl(origin)?.port !== here.port) return false;
  if (site === undefined || site === 'same-origin') return true;
  // People may follow a link to here, or a page may show a picture; this changes and reveals nothing.
  return request.method === 'GET' && (mode === 'navigate' || !pathOf(request).startsWith('/sandbox/'));
}

function localUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === 'http:' && LOCAL.has(url.hostname) ? url : undefined;
}

/** The path of a request, without its query. */
export function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').replace(/[?#].*$/, '');
}
