import { WebSocket } from 'undici';
import { createDispatcher } from './dispatcher.ts';

/**
 * A WebSocket that goes through the proxies. It answers pings by itself. Resolves when it is open; rejects when that
 * fails.
 */
export async function openSocket(url: string): Promise<WebSocket> {
  const failed = Promise.withResolvers<never>();
  const dispatcher = createDispatcher({ onError: failed.reject });
  const socket = new WebSocket(url, { dispatcher });
  const opened = new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve(), { once: true });
    socket.addEventListener('error', ({ error }) => reject(error ?? new Error('the WebSocket was refused')), {
      once: true,
    });
  });
  failed.promise.catch(() => {});
  await Promise.race([opened, failed.promise]);
  return socket;
}
