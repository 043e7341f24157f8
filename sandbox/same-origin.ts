import type { IncomingMessage } from 'node:http';

/**
 * Whether a request may change something: a POST that the page itself sent. Another site open in the same browser
 * can send requests here too, but not as this page. Programs, which name no site, may change things.
 */
export function isFromThePage({ method, headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  return method === 'POST' && (site === undefined || site === 'same-origin');
}
