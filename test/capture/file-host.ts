import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent, type Dispatcher } from 'undici';

export interface FileHost {
  port: number;
  /** Where the next files are served; one handler for each path. */
  url: (path: string) => string;
  serve: (path: string, handler: (request: IncomingMessage, response: ServerResponse) => void) => string;
  /** What was asked, in order: `host path authorization`. */
  asked: string[];
  /** Sends every request, for any host and scheme, to this server: names without DNS and TLS. */
  dispatcher: Dispatcher;
  close: () => Promise<void>;
}

/** A small HTTP server that plays Slack's file host, and any other host. */
export async function startFileHost(): Promise<FileHost> {
  const handlers = new Map<string, (request: IncomingMessage, response: ServerResponse) => void>();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname;
    asked.push([request.headers.host, path, request.headers.authorization].join(' '));
    response.on('error', () => {});
    const handler = handlers.get(path);
    if (handler) handler(request, response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  const agent = new Agent();
  const dispatcher = agent.compose((dispatch) => (options, handler) => {
    const host = new URL(String(options.origin)).host;
    return dispatch({ ...options, origin, headers: { ...(options.headers as object), host } }, handler);
  });
  const url = (path: string) => `${origin}${path}`;
  return {
    port,
    url,
    asked,
    dispatcher,
    serve(path, handler) {
      handlers.set(path, handler);
      return url(path);
    },
    async close() {
      await agent.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}
