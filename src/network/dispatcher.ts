import { isIP, type Socket } from 'node:net';
import { Agent, buildConnector, Dispatcher } from 'undici';
import { type Proxies, type ProxyServer, proxyFor, readProxies } from '../proxies.ts';
import { asProxyError, openTunnel, refusedBy } from './tunnel.ts';

const CONNECT_TIMEOUT_MS = 10_000;

export interface DispatcherOptions {
  /** How long a connection may take to be made, through the proxy too, in ms (10 s). */
  connectTimeoutMs?: number;
  /** How long a connection may be silent before the headers and in the body, in ms (undici's 300 s). */
  headersTimeout?: number;
  bodyTimeout?: number;
  /** Connections at once to one place (no limit). */
  connections?: number;
  /** Called with every socket that connects, and with what kept one from connecting. */
  onSocket?(socket: Socket): void;
  onError?(error: Error): void;
}

/**
 * A pool of connections that honours the proxies: every request that undici makes takes one. `https:` goes through
 * CONNECT; `http:` is asked of the proxy itself, as RFC 9112, 3.2.2 says, because proxies commonly refuse CONNECT to
 * other ports than 443; a WebSocket always takes CONNECT. No HTTP/2: one broken connection would break every transfer
 * under way. What fails at the proxy fails with `ProxyError`.
 */
export function createDispatcher(
  options: DispatcherOptions = {},
  proxies: Proxies = readProxies(process.env),
): Dispatcher {
  const { connectTimeoutMs: timeout = CONNECT_TIMEOUT_MS, onSocket, onError, ...limits } = options;
  const direct = buildConnector({ timeout, allowH2: false });
  const watched: buildConnector.connector = (target, callback) =>
    direct(target, (...[error, socket]) => {
      if (error === null) onSocket?.(socket);
      else onError?.(error);
      callback(...([error, socket] as Parameters<typeof callback>));
    });
  const through =
    (proxyOf: (target: buildConnector.Options) => ProxyServer | undefined): buildConnector.connector =>
    (target, callback) => {
      const proxy = proxyOf(target);
      if (proxy === undefined) return watched(target, callback);
      openTunnel(proxy, authorityOf(target), timeout).then(
        (httpSocket) => {
          if (target.protocol === 'https:') return watched({ ...target, httpSocket }, callback);
          onSocket?.(httpSocket);
          callback(null, httpSocket);
        },
        (error: Error) => {
          onError?.(error);
          callback(error, null);
        },
      );
    };
  const addressOf = (target: buildConnector.Options) => new URL(`${target.protocol}//${authorityOf(target)}`);
  const anyProxy = (target: buildConnector.Options) => proxyFor(proxies, addressOf(target));
  const { http } = proxies;
  const toPlace = through((target) => (target.protocol === 'https:' ? anyProxy(target) : undefined));
  const connect: buildConnector.connector = (target, callback) => {
    if (http === undefined || addressOf(target).origin !== http.origin) return toPlace(target, callback);
    // Here the proxy itself is connected to. undici would take the name for its certificate from the `Host` header.
    watched({ ...target, servername: undefined }, (...[error, socket]) => {
      const told = error === null ? [null, socket] : [asProxyError(http, error), null];
      callback(...(told as Parameters<typeof callback>));
    });
  };
  const pool = new Agent({ ...limits, connect });
  if (http === undefined) return pool;
  return new HttpProxyDispatcher(pool, new Agent({ ...limits, connect: through(anyProxy) }), proxies);
}

/** `host:port`, with brackets around an IPv6 address. */
export function authorityOf(o: {
  protocol: string;
  hostname: string;
  port?: string | number | null;
}): string {
  const hostname = isIP(o.hostname) === 6 ? `[${o.hostname}]` : o.hostname;
  return `${hostname}:${o.port || (o.protocol === 'https:' ? 443 : 80)}`;
}

/** Sends `http:` requests to their proxy; undici asks for a class. */
class HttpProxyDispatcher extends Dispatcher {
  readonly #pool: Agent;
  readonly #tunnels: Agent;
  readonly #proxies: Proxies;

  constructor(pool: Agent, tunnels: Agent, proxies: Proxies) {
    super();
    this.#pool = pool;
    this.#tunnels = tunnels;
    this.#proxies = proxies;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const origin = new URL(options.origin as string | URL);
    const proxy = origin.protocol === 'http:' ? proxyFor(this.#proxies, origin) : undefined;
    if (proxy === undefined) return this.#pool.dispatch(options, handler);
    if (options.upgrade) return this.#tunnels.dispatch(options, handler);
    const asked = {
      ...options,
      origin: proxy.origin,
      path: `${origin.origin}${options.path}`,
      headers: headersFor(options.headers, origin.host, proxy),
      ...(proxy.protocol === 'https:' && { servername: proxy.hostname }),
    };
    return this.#pool.dispatch(asked, watch407(handler, proxy, origin.host));
  }

  override close(callback?: () => void): Promise<void> & undefined {
    const closing = Promise.all([this.#pool.close(), this.#tunnels.close()]).then(() => callback?.());
    return closing as Promise<void> & undefined;
  }

  override destroy(error?: unknown, callback?: () => void): Promise<void> & undefined {
    const reason = error instanceof Error ? error : null;
    const both = [this.#pool.destroy(reason), this.#tunnels.destroy(reason)];
    return Promise.all(both).then(() => callback?.()) as Promise<void> & undefined;
  }
}

/** The caller's headers in undici's flat form, with the host that is meant and the proxy's password. */
function headersFor(
  given: Dispatcher.DispatchOptions['headers'],
  host: string,
  proxy: ProxyServer,
): string[] {
  const flat: string[] = [];
  const add = (name: string, value: unknown) => {
    if (value === undefined || /^proxy-authorization$/i.test(name)) return;
    for (const one of Array.isArray(value) ? value : [value]) flat.push(name, String(one));
  };
  if (Array.isArray(given))
    for (let at = 0; at < given.length; at += 2) add(String(given[at]), given[at + 1]);
  else if (given && Symbol.iterator in given)
    for (const [name, value] of given as Iterable<[string, unknown]>) add(name, value);
  else for (const [name, value] of Object.entries(given ?? {})) add(name, value);
  if (!flat.some((name, at) => at % 2 === 0 && /^host$/i.test(name))) flat.push('host', host);
  if (proxy.authorization) flat.push('proxy-authorization', proxy.authorization);
  return flat;
}

/** Only proxies answer with 407. The other side must not get to see it as its server's answer. */
function watch407(
  handler: Dispatcher.DispatchHandler,
  proxy: ProxyServer,
  host: string,
): Dispatcher.DispatchHandler {
  const { onResponseStart } = handler;
  const start: typeof onResponseStart = (controller, status, ...more) => {
    if (status === 407) controller.abort(refusedBy(proxy, host, status));
    else onResponseStart?.call(handler, controller, status, ...more);
  };
  // The handler keeps its state in itself, so everything else is called on it.
  return new Proxy(handler, {
    get(_, name) {
      if (name === 'onResponseStart') return start;
      const value = Reflect.get(handler, name);
      return typeof value === 'function' ? value.bind(handler) : value;
    },
  });
}
