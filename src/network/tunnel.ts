import { request } from 'node:http';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { connectionProblem, ProxyError } from '../connection-problem.ts';
import type { ProxyServer } from '../proxies.ts';

/**
 * Asks the proxy for a way through to `target` (`host:port`) with CONNECT, and gives the socket over which the target
 * then speaks (RFC 9110, 9.3.6). Throws `ProxyError` when the proxy cannot be reached within `timeoutMs`, or refuses.
 */
export function openTunnel(proxy: ProxyServer, target: string, timeoutMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectTo(proxy);
    const asking = request({
      method: 'CONNECT',
      path: target,
      createConnection: () => socket,
      // Without these, Node would ask the proxy to close the connection at once.
      headers: {
        host: target,
        connection: 'keep-alive',
        'proxy-connection': 'keep-alive',
        'user-agent': 'ria-vault',
        ...(proxy.authorization && { 'proxy-authorization': proxy.authorization }),
      },
    });
    const timer = setTimeout(() => {
      fail(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' }));
    }, timeoutMs);
    const fail = (error: Error) => {
      clearTimeout(timer);
      reject(asProxyError(proxy, error));
      asking.on('error', () => {});
      socket.destroy();
    };
    asking.once('error', fail);
    asking.once('connect', ({ statusCode = 0 }, _socket, head) => {
      if (statusCode < 200 || statusCode > 299) return fail(refusedBy(proxy, target, statusCode));
      clearTimeout(timer);
      asking.off('error', fail);
      if (head.length > 0) socket.unshift(head);
      socket.setTimeout(0);
      socket.setNoDelay(true);
      socket.setKeepAlive(true, 60_000);
      resolve(socket);
    });
    asking.end();
  });
}

function connectTo({ protocol, hostname: host, port }: ProxyServer): Socket {
  if (protocol === 'http:') return connectTcp({ host, port });
  const servername = isIP(host) === 0 ? { servername: host } : {};
  return connectTls({ host, port, ...servername, ALPNProtocols: ['http/1.1'] });
}

/** What a proxy's answer other than 2xx means. */
export function refusedBy(proxy: ProxyServer, target: string, status: number): ProxyError {
  const { origin, variable } = proxy;
  if (status === 407)
    return new ProxyError(
      'proxy_credentials',
      proxy.authorization
        ? `The proxy ${origin} does not accept the user or password in ${variable} (407): correct them, with special characters percent-encoded.`
        : `The proxy ${origin} wants a user and password (407): write ${variable} as http://user:password@host:port.`,
    );
  if (status === 502 || status === 503 || status === 504)
    return new ProxyError(
      'proxy_failed',
      `The proxy ${origin} (${variable}) could not reach ${target} (${status}); it will be tried again. If this lasts, ask those who run the proxy, or name the host in NO_PROXY.`,
    );
  return new ProxyError(
    'proxy_refused',
    `The proxy ${origin} (${variable}) does not let connections to ${target} through (${status}): have it allow that host, or name the host in NO_PROXY if it can be reached directly.`,
  );
}

/** Makes a sentence of what broke on the way to the proxy. */
export function asProxyError(proxy: ProxyServer, error: Error): ProxyError {
  if (error instanceof ProxyError) return error;
  const { origin, variable } = proxy;
  const untrusted = connectionProblem(error, { what: `The proxy ${origin}`, setting: variable });
  const { code } = error as NodeJS.ErrnoException;
  const sentence =
    untrusted?.sentence ??
    `The proxy ${origin} could not be reached (${code ?? 'no answer'}): check ${variable} and that the proxy runs.`;
  return new ProxyError(untrusted ? 'proxy_refused' : 'proxy_unreachable', sentence, { cause: error });
}
