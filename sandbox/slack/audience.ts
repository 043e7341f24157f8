/** The listeners to what happens: pages over server-sent events, and tests by a function. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PageEvent } from './page-api.ts';

export interface Audience {
  notify(event: PageEvent, sees: (userId: string) => boolean): void;
  listen(user: string, listener: (event: PageEvent) => void): () => void;
  /** Opens a stream for a page. */
  stream(user: string, request: IncomingMessage, response: ServerResponse): void;
  close(): void;
}

/** An empty audience. */
export function createAudience(): Audience {
  const listeners = new Set<{ user: string; tell: (event: PageEvent) => void }>();
  const streams = new Set<ServerResponse>();
  const listen = (user: string, tell: (event: PageEvent) => void) => {
    const entry = { user, tell };
    listeners.add(entry);
    return () => void listeners.delete(entry);
  };
  return {
    notify(event, sees) {
      for (const { user, tell } of [...listeners]) if (sees(user)) tell(event);
    },
    listen,
    stream(user, request, response) {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
      response.write(': welcome\n\n');
      streams.add(response);
      const stop = listen(user, (event) => response.write(`data: ${JSON.stringify(event)}\n\n`));
      // An occasional comment shows both sides that the other is still there.
      const beat = setInterval(() => response.write(': still here\n\n'), 20_000);
      request.on('close', () => {
        clearInterval(beat);
        stop();
        streams.delete(response);
      });
    },
    close() {
      for (const response of streams) response.end();
    },
  };
}
