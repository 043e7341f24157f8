import http, { Agent as HttpAgent } from 'node:http';
import https, { Agent as HttpsAgent } from 'node:https';
import type { Duplex } from 'node:stream';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { type Proxies, type ProxyServer, proxyFor, readProxies } from '../proxies.ts';
import { authorityOf } from './dispatcher.ts';
import { asProxyError, openTunnel, refusedBy } from './tunnel.ts';

export interface SdkHandlerOptions {
  maxSockets: number;
  /** How long a connection may take to be made, in ms. */
  connectTimeoutMs: number;
  /** How long a connection may be silent, in ms. */
  stallMs: number;
}

/** How the AWS SDK sends requests. */
export type SdkHandler = Pick<
  NodeHttpHandler,
  'handle' | 'destroy' | 'metadata' | 'updateHttpClientConfig' | 'httpHandlerConfigs'
>;

/**
 * The AWS SDK's connections, through the proxies where these are set. The SDK hands it on to its clients for STS, so
 * roles are asked for through the proxy too. What fails at the proxy fails with `ProxyError`.
 */
export function createSdkHandler(
  options: SdkHandlerOptions,
  proxies: Proxies = readProxies(process.env),
): SdkHandler {
  const { connectTimeoutMs, stallMs, maxSockets } = options;
  const pool = { keepAlive: true, maxSockets };
  const handlerWith = (httpAgent: HttpAgent, httpsAgent: HttpsAgent) =>
    new NodeHttpHandler({
      httpAgent,
      httpsAgent,
      connectionTimeout: connectTimeoutMs,
      socketTimeout: stallMs,
    });
  // The empty `proxyEnv` says so: with NODE_USE_ENV_PROXY, later versions of Node may else choose a proxy themselves.
  const direct = handlerWith(
    new HttpAgent({ ...pool, proxyEnv: {} }),
    new HttpsAgent({ ...pool, proxyEnv: {} }),
  );
  const { http: forHttp, https: forHttps } = proxies;
  if (forHttp === undefined && forHttps === undefined) return direct;
  keepMetadataDirect();
  // A little less than the SDK's own patience, so that the error names the proxy.
  const agent = forHttps && new TunnelAgent({ ...pool, proxyEnv: {} }, forHttps, connectTimeoutMs * 0.9);
  const tunnelled = agent && handlerWith(new HttpAgent(pool), agent);
  const handlers = tunnelled ? [direct, tunnelled] : [direct];
  return {
    metadata: direct.metadata ?? { handlerProtocol: 'http/1.1' },
    async handle(request, more) {
      const address = new URL(`${request.protocol}//${authorityOf(request)}`);
      const proxy = proxyFor(proxies, address);
      if (proxy === undefined) return direct.handle(request, more);
      if (address.protocol === 'https:') return (tunnelled ?? direct).handle(request, more);
      const answer = await direct.handle(askedOf(proxy, request, address), more).catch((error) => {
        throw fromProxy(proxy, error);
      });
      if (answer.response.statusCode === 407) throw refusedBy(proxy, address.host, 407);
      return answer;
    },
    updateHttpClientConfig(...change) {
      for (const handler of handlers) handler.updateHttpClientConfig(...change);
    },
    httpHandlerConfigs: () => direct.httpHandlerConfigs(),
    destroy() {
      for (const handler of handlers) handler.destroy();
    },
  };
}

type Request = Parameters<SdkHandler['handle']>[0];

/** The same request, to a proxy: with its whole address, and the proxy's password. */
function askedOf(proxy: ProxyServer, request: Request, { origin, host }: URL): Request {
  const { protocol, hostname, port, authorization } = proxy;
  const headers = {
    host,
    ...request.headers,
    ...(authorization && { 'proxy-authorization': authorization }),
  };
  const path = `${origin}${request.path}`;
  return Object.assign(Object.create(request), { protocol, hostname, port, path, headers });
}

/**
 * The SDK asks this machine's metadata endpoints for credentials (EC2, ECS, EKS) with Node's own agents. Those go
 * straight there, even with NODE_USE_ENV_PROXY: no proxy can reach them.
 */
function keepMetadataDirect(): void {
  const standard = { keepAlive: true, timeout: 5_000, proxyEnv: {} };
  http.globalAgent = new HttpAgent(standard);
  https.globalAgent = new HttpsAgent(standard);
}

/** The connection that cannot be made is the one to the proxy. */
function fromProxy(proxy: ProxyServer, error: Error): Error {
  const { syscall } = error as NodeJS.ErrnoException;
  return syscall === 'connect' || syscall === 'getaddrinfo' ? asProxyError(proxy, error) : error;
}

type ConnectionArgs = Parameters<HttpsAgent['createConnection']>;

/** Node asks for a class. Its own agent can CONNECT too, but its errors do not name the proxy. */
class TunnelAgent extends HttpsAgent {
  readonly #proxy: ProxyServer;
  readonly #timeoutMs: number;

  constructor(options: ConstructorParameters<typeof HttpsAgent>[0], proxy: ProxyServer, timeoutMs: number) {
    super(options);
    this.#proxy = proxy;
    this.#timeoutMs = timeoutMs;
  }

  override createConnection(options: ConnectionArgs[0], done?: ConnectionArgs[1]): undefined {
    const { host, port = 443 } = options;
    const target = authorityOf({ protocol: 'https:', hostname: String(host), port });
    openTunnel(this.#proxy, target, this.#timeoutMs).then(
      (socket) => done?.(null, super.createConnection({ ...options, socket } as never) as Duplex),
      (error: Error) => done?.(error, undefined as never),
    );
    return undefined;
  }
}
