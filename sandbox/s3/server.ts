import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorAnswer, sendAnswer } from './answer.ts';
import { receiveBody } from './body.ts';
import type { Answer, Call } from './call.ts';
import { bodyOf, cut, untilClosed } from './connection.ts';
import { S3Error } from './errors.ts';
import { createFaults, type FaultAction, type S3Faults } from './faults.ts';
import { createRequestLog, type LoggedRequest, type RequestLog } from './log.ts';
import { HANDLERS } from './operations/index.ts';
import { routeOf } from './route.ts';
import { type Credentials, verifySignature } from './sigv4.ts';
import { openStore, type Store } from './store.ts';
import { address, readWire, type Wire } from './wire.ts';

export interface S3Options {
  /** Everything is kept here; what an earlier run left is found again. */
  dir: string;
  /** Default 0, any free port. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** Default us-east-1. */
  region?: string;
  credentials: Credentials;
  /** Created when they are not there yet. */
  buckets: string[];
  /** True switches versioning on for these buckets. */
  versioning?: boolean;
  /** Faults to begin with; an empty set by default. */
  faults?: S3Faults;
}

/** An object as the bucket really holds it. */
export interface ListedObject {
  key: string;
  /** Bytes. */
  size: number;
  /** Without quotes. */
  etag: string;
  /** Base64, over the whole object, whatever the client sent. */
  crc32: string;
  /** Milliseconds since 1970. */
  lastModified: number;
  versionId?: string;
}

export interface S3Server {
  endpoint: string;
  port: number;
  faults: S3Faults;
  requests: RequestLog;
  /** The current objects, in key order, read past the protocol. @throws S3Error `NoSuchBucket`. */
  list(bucket: string): Promise<ListedObject[]>;
  /** The bytes of a current object. @throws S3Error `NoSuchKey`. */
  read(bucket: string, key: string): Promise<Buffer>;
  /** Multipart uploads that were neither completed nor aborted. */
  uploads(bucket: string): Promise<{ key: string; uploadId: string }[]>;
  /** Ends all connections; resolves when the port is free. */
  close(): Promise<void>;
}

interface Context {
  store: Store;
  region: string;
  credentials: Credentials;
  faults: S3Faults;
  record(request: LoggedRequest): void;
}

/** Starts an S3 server on loopback. It takes one set of credentials, which may do everything. */
export async function startS3(options: S3Options): Promise<S3Server> {
  const store = await openStore(options.dir);
  for (const name of options.buckets) {
    const bucket = store.has(name) ? store.bucket(name) : await store.create(name);
    if (options.versioning && bucket.versioning() !== 'Enabled') await bucket.setVersioning('Enabled');
  }
  const { log, add } = createRequestLog();
  const faults = options.faults ?? createFaults();
  const { region = 'us-east-1', credentials, host = '127.0.0.1' } = options;
  const context: Context = { store, region, credentials, faults, record: add };

  // A large body may take as long as it likes, as long as it moves (see connection.ts).
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 60_000 });
  server.on('request', (request, response) => void serve(context, request, response, false));
  server.on('checkContinue', (request, response) => void serve(context, request, response, true));
  server.on('connection', (socket) => {
    if (faults.down) socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;

  return {
    endpoint: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    faults,
    requests: log,
    list: async (name) => listObjects(store, name),
    read: (name, key) => readObject(store, name, key),
    uploads: async (name) =>
      store
        .bucket(name)
        .uploads.all()
        .map(({ key, id }) => ({ key, uploadId: id })),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listObjects(store: Store, name: string): ListedObject[] {
  const bucket = store.bucket(name);
  const objects: ListedObject[] = [];
  for (let position = 0; position < bucket.keys.size; position++) {
    const key = bucket.keys.at(position) as string;
    const version = bucket.current(key);
    if (!version) continue;
    const { size, etag, crc32, lastModified, id } = version;
    objects.push({ key, size, etag, crc32, lastModified, ...(id === 'null' ? {} : { versionId: id }) });
  }
  return objects;
}

async function readObject(store: Store, name: string, key: string): Promise<Buffer> {
  const bucket = store.bucket(name);
  const version = bucket.current(key);
  if (!version)
    throw new S3Error('NoSuchKey', 'The specified key does not exist.', { elements: { Key: key } });
  const parts: Buffer[] = [];
  for await (const chunk of await bucket.data.read(version.file)) parts.push(chunk);
  return Buffer.concat(parts);
}

/** Takes one request from the wire to its answer. Never rejects. */
async function serve(
  context: Context,
  request: IncomingMessage,
  response: ServerResponse,
  expectsContinue: boolean,
): Promise<void> {
  if (context.faults.down) return void request.socket.destroy();
  const entry: LoggedRequest = {
    at: Date.now(),
    operation: 'Unknown',
    bucket: '',
    key: '',
    status: 0,
    code: null,
  };
  let bodyUnasked = expectsContinue;
  let fault: FaultAction | null = null;
  let answer: Answer | null;
  try {
    const wire = readWire(request);
    const { call, begin } = judge(context, request, wire, entry, () => {
      if (bodyUnasked) response.writeContinue();
      bodyUnasked = false;
    });
    fault = context.faults.take(call.operation, call.key);
    if (fault && 'delayMs' in fault) await sleep(fault.delayMs);
    if (fault && 'stall' in fault) return await untilClosed(response);
    answer = await begin(fault);
    if (fault && 'resetBeforeAnswer' in fault) {
      if (typeof answer.body === 'object') answer.body.destroy();
      return cut(request);
    }
  } catch (error) {
    const told = toS3Error(error);
    answer = errorAnswer(told, request.url?.split('?')[0] ?? '/');
    if (entry.operation === 'Unknown') context.record(entry);
    entry.code = told.code;
    if (told.code === 'RequestTimeout') bodyUnasked = true;
  }
  if (response.destroyed || request.socket.destroyed) {
    if (typeof answer.body === 'object') answer.body.destroy();
    return;
  }
  entry.status = answer.status;
  const bytesPerSecond = fault && 'bytesPerSecond' in fault ? fault.bytesPerSecond : undefined;
  try {
    await sendAnswer(request, response, answer, { bodyUnasked, bytesPerSecond });
  } catch (error) {
    if (response.headersSent) return void response.destroy();
    const told = errorAnswer(toS3Error(error), '/');
    entry.status = told.status;
    await sendAnswer(request, response, told, { bodyUnasked });
  }
}

/** Who asks, and for what. Returns the call, and what carries it out under a fault. */
function judge(
  context: Context,
  request: IncomingMessage,
  wire: Wire,
  entry: LoggedRequest,
  onBody: () => void,
): { call: Call; begin: (fault: FaultAction | null) => Promise<Answer> } {
  const { store, region, credentials, faults } = context;
  const { bucket: bucketName, key } = address(wire);
  const query = new Map(wire.query);
  entry.bucket = bucketName;
  entry.key = key;
  const signature = verifySignature(wire, { credentials, region, now: Date.now() });
  const headers = signature.presigned ? withQueryHeaders(wire) : wire.headers;
  const operation = routeOf(wire, bucketName, key, query);
  entry.operation = operation;
  context.record(entry);
  if (Buffer.byteLength(key) > 1024) {
    throw new S3Error('KeyTooLongError', 'Your key is too long', {
      elements: { Size: String(Buffer.byteLength(key)), MaxSizeAllowed: '1024' },
    });
  }
  let shaping: Parameters<typeof bodyOf>[2] = {};
  const call: Call = {
    operation,
    store,
    region,
    compat: faults.compat,
    bucketName,
    key,
    query,
    headers,
    bucket: () => store.bucket(bucketName),
    body: (instead) =>
      receiveBody(bodyOf(request, onBody, shaping), instead ?? headers, signature, faults.compat),
  };
  const begin = async (fault: FaultAction | null): Promise<Answer> => {
    if (fault && 'status' in fault) return errorAnswer(fault, wire.path);
    if (fault && 'okWithError' in fault)
      return errorAnswer({ code: fault.okWithError, status: 200 }, wire.path);
    if (fault && ('resetAfterBytes' in fault || 'bytesPerSecond' in fault)) shaping = fault;
    return HANDLERS[operation](call);
  };
  return { call, begin };
}

/** A presigned URL carries as parameters what a header-signed request carries as `x-amz-*` headers. */
function withQueryHeaders(wire: Wire): Map<string, string> {
  const inQuery = wire.query.filter(([name]) => /^x-amz-/i.test(name));
  return new Map([...inQuery.map(([name, value]) => [name.toLowerCase(), value] as const), ...wire.headers]);
}

function toS3Error(error: unknown): S3Error {
  if (error instanceof S3Error) return error;
  // What is not ours to tell a client is told to whoever runs the sandbox.
  console.error('sandbox S3: internal error', error);
  return new S3Error('InternalError', 'We encountered an internal error. Please try again.', {
    cause: error,
  });
}
