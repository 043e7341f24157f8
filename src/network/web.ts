import { type Dispatcher, fetch as undiciFetch } from 'undici';
import { type Proxies, readProxies } from '../proxies.ts';
import { createDispatcher } from './dispatcher.ts';
import { notingRequestIds } from './request-id.ts';

let shared: Dispatcher | undefined;

/** The connections that everything shares which has no limits of its own. Made at the first use. */
export function sharedDispatcher(): Dispatcher {
  shared ??= createDispatcher();
  return shared;
}

type Fetch = typeof globalThis.fetch;

/** Less than the 10 s of Slack's clients, so that the error says what kept the connection from being made. */
const CONNECT_TIMEOUT_MS = 8_000;

/**
 * `fetch` that honours the proxies. Where there are none it is Node's own. Otherwise it is undici's, because Node's may
 * be of another version than the dispatcher. Its answers are then `Response`s of undici, not of Node. What is called
 * within `withRequestId` learns Slack's name for its request.
 */
export function createFetch(
  proxies: Proxies = readProxies(process.env),
  connectTimeoutMs = CONNECT_TIMEOUT_MS,
): Fetch {
  if (proxies.https === undefined && proxies.http === undefined)
    return notingRequestIds((input, init) => globalThis.fetch(input, init));
  const dispatcher = createDispatcher({ connectTimeoutMs }, proxies);
  const through = (input: string | URL, init?: object) => undiciFetch(input, { ...init, dispatcher });
  return notingRequestIds(through as unknown as Fetch);
}
