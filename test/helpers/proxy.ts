/**
 * A proxy as companies have them: CONNECT for `https:` (RFC 9110, 9.3.6), whole addresses for `http:` (RFC 9112, 3.2.2),
 * a password if one is set (RFC 9110, 11.7). And a front that speaks TLS for a plain server, and sees who connects.
 */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer as createTlsHttp } from 'node:https';
import { type AddressInfo, connect, type Server, type Socket } from 'node:net';
import { createServer as createTls } from 'node:tls';
import type { Certificate } from './certificates.ts';

export interface TestProxy {
  url: string;
  port: number;
  /** What it was asked for: `CONNECT host:port`, or `http://host:port` for a request that it passed on. */
  asked: string[];
  /** The ports from which it connected to others. */
  ports: Set<number>;
  /** While set, it refuses with this status, or closes the connection (0), or never answers (-1). */
  refuse: number | undefined;
  close(): Promise<void>;
}

/** Any name ending with `.test` leads to this machine, for the proxy alone: whoever does not ask it finds nothing. */
const resolve = (host: string) => (host.endsWith('.test') ? '127.0.0.1' : host.replace(/^\[(.+)\]$/, '$1'));

export async function startProxy(
  options: { user?: string; password?: string; tls?: Certificate; host?: '127.0.0.1' | '::1' } = {},
): Promise<TestProxy> {
  const { user, password, tls, host: own = '127.0.0.1' } = options;
  const wanted = user === undefined ? undefined : `Basic ${btoa(`${user}:${password ?? ''}`)}`;
  const open = new Set<Socket>();
  const refusal = (asker: IncomingMessage): number | undefined =>
    proxy.refuse ?? (wanted !== asker.headers['proxy-authorization'] ? 407 : undefined);
  const onRequest = (asker: IncomingMessage, answer: ServerResponse) => {
    const status = refusal(asker);
    if (status === -1) return;
    if (status === 0) return void asker.socket.destroy();
    if (status !== undefined) return void answer.writeHead(status).end('<html>the proxy says no</html>');
    const url = new URL(asker.url as string);
    proxy.asked.push(url.origin);
    const { 'proxy-authorization': _, 'proxy-connection': __, ...headers } = asker.headers;
    const target = { host: resolve(url.hostname), port: url.port || 80, path: url.pathname + url.search };
    const onward = request({ ...target, method: asker.method ?? 'GET', headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    onward.on('socket', (socket) => {
      const note = () => proxy.ports.add(socket.localPort as number);
      if (socket.connecting) socket.once('connect', note);
    });
    onward.on('error', () => answer.writeHead(502).end());
    asker.pipe(onward);
  };
  const server = tls ? createTlsHttp(tls, onRequest) : createServer(onRequest);
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => open.delete(socket));
  });
  server.on('connect', (asker: IncomingMessage, client: Socket, head: Buffer) => {
    client.on('error', () => {});
    const status = refusal(asker);
    if (status === -1) return;
    if (status === 0) return void client.destroy();
    if (status !== undefined) return void client.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`);
    proxy.asked.push(`CONNECT ${asker.url}`);
    const [, host = '', port] = /^(.*):(\d+)$/.exec(asker.url ?? '') ?? [];
    const onward = connect({ host: resolve(host), port: Number(port) });
    open.add(onward);
    onward.on('error', () => client.destroy());
    onward.once('connect', () => {
      proxy.ports.add(onward.localPort as number);
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.write(head);
      client.pipe(onward).pipe(client);
    });
    onward.once('close', () => client.destroy());
    client.once('close', () => onward.destroy());
  });
  const port = await listening(server, own);
  const proxy: TestProxy = {
    ...{ port, asked: [], ports: new Set(), refuse: undefined },
    url: `${tls ? 'https' : 'http'}://${wanted ? `${user}:${encodeURIComponent(password ?? '')}@` : ''}${own === '::1' ? '[::1]' : own}:${port}`,
    close: () => closing(server, open),
  };
  return proxy;
}

export interface TlsFront {
  port: number;
  /** The ports from which it was connected to. */
  ports: Set<number>;
  /** The first line of each request that came, without its query. */
  lines: string[];
  /** Where it leads from now on. */
  to(port: number): void;
  close(): Promise<void>;
}

/** Speaks TLS for a plain server on this machine. */
export async function startTlsFront(
  certificate: Certificate,
  options: { host?: string } = {},
): Promise<TlsFront> {
  const open = new Set<Socket>();
  let target = 0;
  const front = createTls(certificate, (socket) => {
    const onward = connect({ host: '127.0.0.1', port: target });
    for (const one of [socket, onward]) {
      open.add(one);
      one.on('error', () => {});
    }
    socket.on('data', (chunk: Buffer) => {
      const [, line] = /^((?:GET|POST|PUT|HEAD|DELETE) [^\s?]*)/.exec(chunk.toString('latin1')) ?? [];
      if (line) lines.push(line);
    });
    socket.pipe(onward).pipe(socket);
    socket.once('close', () => onward.destroy());
    onward.once('close', () => socket.destroy());
  });
  const [ports, lines]: [Set<number>, string[]] = [new Set(), []];
  front.on('connection', (socket: Socket) => ports.add(socket.remotePort as number));
  const port = await listening(front, options.host);
  const to = (next: number) => {
    target = next;
  };
  return { port, ports, lines, to, close: () => closing(front, open) };
}

async function listening(server: Server, host = '127.0.0.1'): Promise<number> {
  await new Promise<void>((done) => server.listen(0, host, done));
  return (server.address() as AddressInfo).port;
}

async function closing(server: Server, open: Set<Socket>): Promise<void> {
  const closed = new Promise((done) => server.close(done));
  for (const socket of open) socket.destroy();
  await closed;
}
