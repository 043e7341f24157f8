import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Version } from './bucket.ts';
import type { DialectName } from './dialects/index.ts';
import { createDialects } from './dialects/spoken.ts';
import { S3Error } from './errors.ts';
import { createFaults, type S3Faults } from './faults.ts';
import type { DefaultRetention } from './lock.ts';
import { createRequestLog, type RequestLog } from './log.ts';
import type { Policy } from './rights/policy.ts';
import { type Context, serve } from './serve.ts';
import type { Credentials } from './sigv4.ts';
import { openStore, type Store } from './store.ts';

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
  /** Created if they are not there yet. */
  buckets: string[];
  /** True switches versioning on for these buckets. */
  versioning?: boolean;
  /** A body that sends nothing for this long gets RequestTimeout. Default 20 s, about what S3 does. */
  idleMs?: number;
  /** Faults to begin with; an empty set by default. */
  faults?: S3Faults;
  /** What the credentials may do, as a policy of theirs. By default everything. */
  rights?: Policy;
  /** True, or what new versions are locked for, switches Object Lock on for these buckets, and with it versioning. */
  objectLock?: boolean | DefaultRetention;
  /** Habits of other stores, for all buckets. None by default: the server behaves as AWS does. */
  dialects?: DialectName[];
  /** Further habits of single buckets. A bucket named here is created, too. */
  bucketDialects?: Record<string, DialectName[]>;
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
  /** From now on, the bucket has these habits, besides those of the whole server. It is created if it is not there. */
  speak(bucket: string, dialects: readonly DialectName[]): Promise<void>;
  /** Moves a current object to the class GLACIER, as a lifecycle rule would. @throws S3Error `NoSuchKey`. */
  archive(bucket: string, key: string): Promise<void>;
  /** The current objects, in key order, read past the protocol. @throws S3Error `NoSuchBucket`. */
  list(bucket: string): Promise<ListedObject[]>;
  /** The bytes of a current object. @throws S3Error `NoSuchKey`. */
  read(bucket: string, key: string): Promise<Buffer>;
  /** Multipart uploads that were neither completed nor aborted. */
  uploads(bucket: string): Promise<{ key: string; uploadId: string }[]>;
  /** Ends all connections; resolves when port and folder are free. */
  close(): Promise<void>;
}

/**
 * Starts an S3 server, for the sandbox and for tests. It is strict where S3 is strict (signatures, framing,
 * checksums, conditions) and says NotImplemented to what it lacks: customer keys, CRC64NVME, copying or reading
 * single parts. An object appears in one step, once all its bytes are verified and on disk. It takes one set of
 * credentials, with the given rights. It can have the habits of other stores (see dialects/).
 */
export async function startS3(options: S3Options): Promise<S3Server> {
  const store = await openStore(options.dir);
  try {
    return await serveStore(store, options);
  } catch (error) {
    store.close();
    throw error;
  }
}

async function serveStore(store: Store, options: S3Options): Promise<S3Server> {
  for (const name of [...options.buckets, ...Object.keys(options.bucketDialects ?? {})]) {
    const bucket = await store.create(name);
    if (options.versioning && bucket.versioning() !== 'Enabled') await bucket.setVersioning('Enabled');
    const lock = options.objectLock;
    if (lock) await bucket.enableObjectLock(lock === true ? bucket.defaultRetention() : lock);
  }
  const { log, add } = createRequestLog();
  const faults = options.faults ?? createFaults();
  const { region = 'us-east-1', credentials, host = '127.0.0.1', idleMs = 20_000 } = options;
  const dialects = createDialects(store, options.dialects ?? [], options.rights);
  for (const { name } of store.buckets()) await dialects.speak(name, options.bucketDialects?.[name] ?? []);
  const context: Context = { store, region, credentials, faults, dialects, idleMs, record: add };

  // A large body may take any time, as long as bytes keep coming (see connection.ts).
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 60_000 });
  const running = new Set<Promise<void>>();
  const take = (request: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void => {
    const served = serve(context, request, response, expectsContinue).finally(() => running.delete(served));
    running.add(served);
  };
  server.on('request', (request, response) => take(request, response, false));
  server.on('checkContinue', (request, response) => take(request, response, true));
  server.on('connection', (socket) => {
    if (faults.down) socket.destroy();
  });
  faults.onDown((down) => {
    if (down) server.closeAllConnections();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;

  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
    // Running writes end first, so that nothing changes in the folder when it is released.
    await Promise.all(running);
    store.close();
  };
  let closing: Promise<void> | null = null;

  return {
    endpoint: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    faults,
    requests: log,
    speak: dialects.speak,
    archive: (name, key) =>
      store.bucket(name).amend(key, currentOf(store, name, key).id, { storageClass: 'GLACIER' }),
    list: async (name) => listObjects(store, name),
    read: (name, key) => readObject(store, name, key),
    uploads: async (name) =>
      store
        .bucket(name)
        .uploads.all()
        .map(({ key, id }) => ({ key, uploadId: id })),
    close: () => (closing ??= close()),
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

function currentOf(store: Store, name: string, key: string): Version {
  const version = store.bucket(name).current(key);
  if (version) return version;
  throw new S3Error('NoSuchKey', 'The specified key does not exist.', { elements: { Key: key } });
}

async function readObject(store: Store, name: string, key: string): Promise<Buffer> {
  const version = currentOf(store, name, key);
  const parts: Buffer[] = [];
  for await (const chunk of await store.bucket(name).data.read(version.file)) parts.push(chunk);
  return Buffer.concat(parts);
}
