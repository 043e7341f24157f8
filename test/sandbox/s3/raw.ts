import { createHash, createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { credentials } from './identity.ts';

/**
 * A hand-made client for requests that no SDK would send. It has its own signing, so it checks the server's too.
 */
export interface RawRequest {
  method?: string;
  /** Already percent-encoded, no query. */
  path: string;
  /** `x-amz-content-sha256`: a payload mode, or the SHA-256 of the body by default. */
  payload?: string;
  headers?: Record<string, string>;
  body?: Buffer | string;
  /** Is called with the chain's first signature; for bodies with signed chunks. */
  signedBody?: (seed: string, stamp: string) => Buffer;
  /** Ends the sending side after the body: for bodies cut short. */
  hangUp?: boolean;
  /** Sends the headers, then the body only once the server says so. */
  expect100?: boolean;
  /** Runs when all but the last byte of the body have been sent. */
  beforeLast?: () => Promise<unknown>;
}

export interface RawAnswer {
  status: number;
  code: string | null;
  headers: string;
  body: string;
  /** Whether `100 Continue` came before the answer. */
  continued: boolean;
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(data: Buffer | string): string {
  return createHash('sha256').update(data).digest('hex');
}

function signingKey(day: string): Buffer {
  const parts = [day, 'us-east-1', 's3', 'aws4_request'];
  return parts.reduce<Buffer | string>(hmac, `AWS4${credentials.secretAccessKey}`) as Buffer;
}

function stampNow(): string {
  return new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
}

function signedHeaders(port: number, request: RawRequest, stamp: string, payload: string) {
  const headers: Record<string, string> = {
    host: `127.0.0.1:${port}`,
    'x-amz-date': stamp,
    'x-amz-content-sha256': payload,
    ...request.headers,
  };
  const names = Object.keys(headers).sort();
  const canonical = names.map((name) => `${name}:${headers[name]}\n`).join('');
  const text = `${request.method ?? 'PUT'}\n${request.path}\n\n${canonical}\n${names.join(';')}\n${payload}`;
  const scope = `${stamp.slice(0, 8)}/us-east-1/s3/aws4_request`;
  const signature = hmac(
    signingKey(stamp.slice(0, 8)),
    `AWS4-HMAC-SHA256\n${stamp}\n${scope}\n${sha256(text)}`,
  ).toString('hex');
  headers.authorization = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return { headers, signature };
}

/** Signs chunks and the trailer as a client does. */
export function chunkSigner(seed: string, stamp: string) {
  const scope = `${stamp.slice(0, 8)}/us-east-1/s3/aws4_request`;
  let previous = seed;
  const next = (kind: string, rest: string): string => {
    const text = `AWS4-HMAC-SHA256-${kind}\n${stamp}\n${scope}\n${previous}\n${rest}`;
    previous = hmac(signingKey(stamp.slice(0, 8)), text).toString('hex');
    return previous;
  };
  return {
    chunk(data: Buffer): Buffer {
      const signature = next('PAYLOAD', `${sha256('')}\n${sha256(data)}`);
      const head = `${data.length.toString(16)};chunk-signature=${signature}\r\n`;
      return data.length === 0
        ? Buffer.from(head)
        : Buffer.concat([Buffer.from(head), data, Buffer.from('\r\n')]);
    },
    trailer(line: string): Buffer {
      const signature = next('TRAILER', sha256(`${line}\n`));
      return Buffer.from(`${line}\r\nx-amz-trailer-signature:${signature}\r\n\r\n`);
    },
  };
}

/** Sends one request over its own socket and reads the answer to its end. */
export function sendRaw(port: number, request: RawRequest): Promise<RawAnswer> {
  const stamp = stampNow();
  const payload = request.payload ?? sha256(request.body ?? '');
  const { headers, signature } = signedHeaders(port, request, stamp, payload);
  const body = request.signedBody?.(signature, stamp) ?? Buffer.from(request.body ?? '');
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  if (!('content-length' in headers) && !('transfer-encoding' in headers))
    lines.push(`content-length: ${body.length}\r\n`);
  if (request.expect100) lines.push('expect: 100-continue\r\n');
  const head = `${request.method ?? 'PUT'} ${request.path} HTTP/1.1\r\n${lines.join('')}connection: close\r\n\r\n`;

  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let received = '';
    let sent = !request.expect100;
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      received += text;
      if (sent || !/^HTTP\/1\.1 100 .*\r\n\r\n/.test(received)) return;
      sent = true;
      socket.write(body);
    });
    socket.on('error', (error) => (received === '' ? reject(error) : undefined));
    socket.on('close', () => resolve(parse(received)));
    socket.write(head);
    if (request.beforeLast) {
      socket.write(body.subarray(0, -1));
      request.beforeLast().then(() => socket.write(body.subarray(-1)), reject);
    } else if (sent) socket.write(body);
    if (request.hangUp) socket.end();
  });
}

function parse(received: string): RawAnswer {
  const continued = /^HTTP\/1\.1 100 /.test(received);
  const answer = continued ? received.slice(received.indexOf('\r\n\r\n') + 4) : received;
  const end = answer.indexOf('\r\n\r\n');
  const body = answer.slice(end + 4);
  return {
    status: Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0),
    code: /<Code>([^<]*)<\/Code>/.exec(body)?.[1] ?? null,
    headers: answer.slice(0, end),
    body,
    continued,
  };
}
