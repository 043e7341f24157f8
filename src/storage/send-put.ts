import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { Agent, type Dispatcher } from 'undici';
import { AWS_CHUNKED, CRC32_TRAILER, framedLength } from './aws-chunked.ts';

/**
 * One `PutObject` request, signed by the SDK's own signer and sent by undici. To send a command, the SDK needs about
 * a millisecond of processor time for each request. That is several times what a small file takes without it. And with
 * the SDK, a stream that breaks ends the process. The SDK still supplies the bucket's address, the credentials and the
 * clock, and makes all requests that are not made once for each file.
 */
export type SendPut = (put: Put) => Promise<PutAnswer>;

export interface Put {
  key: string;
  /** Headers besides those of the body and the signature. Names are in lower case. */
  headers: Record<string, string>;
  /** Exactly the bytes that are sent. An iterable is read once. */
  body: Buffer | AsyncIterable<Buffer>;
  /** The body's length as sent, in bytes. */
  length: number;
  /** What the signature says about the body: its SHA-256 in hex, or one of S3's words for streams. */
  payload: string;
  signal?: AbortSignal | undefined;
}

/** A value is undefined when the store does not send it. */
export interface PutAnswer {
  etag: string | undefined;
  versionId: string | undefined;
  /** The checksum that the store has verified or computed, base64. */
  crc32: string | undefined;
}

/** Headers for a stream of `bytes` bytes, with a checksum after it (see `createFrame`) or without one. */
export function streamShape(bytes: number, trailer: boolean): Pick<Put, 'headers' | 'length' | 'payload'> {
  if (!trailer) return { headers: {}, length: bytes, payload: 'UNSIGNED-PAYLOAD' };
  const headers = {
    'content-encoding': AWS_CHUNKED,
    'x-amz-trailer': CRC32_TRAILER,
    'x-amz-decoded-content-length': String(bytes),
  };
  return { headers, length: framedLength(bytes), payload: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' };
}

/** How much of an error's answer is read: enough to find the error's name. */
const MAX_ERROR_CHARS = 16_384;

export interface SendPutOptions {
  client: S3Client;
  bucket: string;
  connectTimeoutMs: number;
  /** A connection may be silent for this long, in ms. */
  stallMs: number;
  connections: number;
  /** Go with each put, in lower case. */
  headers?: Record<string, string> | undefined;
}

/**
 * Makes the function that sends puts to the bucket. Each put is tried once. The function throws what the body throws,
 * and undici's errors. For an answer other than 200 it throws an error like the SDK's, which `storageError` reads.
 */
export function createSendPut(o: SendPutOptions): { sendPut: SendPut; close(): void } {
  const { stallMs, connections } = o;
  const agent = new Agent({
    connect: { timeout: o.connectTimeoutMs },
    // No HTTP/2, as in the SDK: one broken connection would break every put under way.
    allowH2: false,
    headersTimeout: stallMs,
    bodyTimeout: stallMs,
    connections,
  });
  let known: Promise<Place> | null = null;
  const place = () => {
    known ??= askForPlace(o.client, o.bucket).catch((error) => {
      // Missing credentials may be there the next time.
      known = null;
      throw error;
    });
    return known;
  };

  return {
    sendPut: async ({ key, headers, body, length, payload, signal }) => {
      const { origin, folder, sign } = await place();
      const path = folder + escapedKey(key);
      const signed = await sign(path, {
        ...o.headers,
        ...headers,
        'content-length': String(length),
        'x-amz-content-sha256': payload,
      });
      const answer = await agent.request({
        origin,
        path,
        method: 'PUT',
        headers: signed,
        // undici accepts any async iterable, although its types do not say so.
        body: body as Dispatcher.DispatchOptions['body'] & Buffer,
        ...(signal && { signal }),
      });
      if (answer.statusCode !== 200) throw await refusal(answer);
      await answer.body.dump();
      const header = (name: string) => answer.headers[name] as string | undefined;
      return {
        etag: header('etag'),
        versionId: header('x-amz-version-id'),
        crc32: header('x-amz-checksum-crc32'),
      };
    },
    close: () => void agent.close(),
  };
}

/** Where the bucket's objects are, and how requests to them are signed. */
interface Place {
  origin: string;
  /** The path before a key. */
  folder: string;
  sign(path: string, headers: Record<string, string>): Promise<Record<string, string>>;
}

interface PlainRequest {
  protocol: string;
  hostname: string;
  port?: number;
  path: string;
  method: string;
  headers: Record<string, string>;
}

/** The SDK decides by endpoint, region, bucket name and style. To learn it, a request is made but not sent. */
async function askForPlace(client: S3Client, bucket: string): Promise<Place> {
  const command = new PutObjectCommand({ Bucket: bucket, Key: 'k', Body: '' });
  let made: PlainRequest | undefined;
  command.middlewareStack.add(
    () => async (call) => {
      made = call.request as PlainRequest;
      return { response: { statusCode: 200, headers: {} }, output: { $metadata: {} } };
    },
    { step: 'deserialize', priority: 'low', name: 'keepFromSending' },
  );
  await client.send(command);
  if (!made) throw new Error('the SDK made no request');
  const { protocol, hostname, port, path } = made;
  const host = port === undefined ? hostname : `${hostname}:${port}`;
  const [, , signingRegion, signingService] =
    /Credential=([^,]*)/.exec(made.headers.authorization ?? '')?.[1]?.split('/') ?? [];
  const signer = await client.config.signer();
  return {
    origin: `${protocol}//${host}`,
    folder: path.slice(0, -1),
    async sign(signedPath, headers) {
      const unsigned = { protocol, hostname, method: 'PUT', path: signedPath, headers: { ...headers, host } };
      // The SDK learns from its answers how wrong this machine's clock is.
      const signingDate = new Date(Date.now() + client.config.systemClockOffset);
      const signed = await signer.sign(unsigned, {
        signingDate,
        ...(signingRegion && { signingRegion }),
        ...(signingService && { signingService }),
      });
      return signed.headers;
    },
  };
}

/** Escaped as S3's signatures require: more characters than `encodeURIComponent` escapes, but no slashes. */
function escapedKey(key: string): string {
  return key
    .split('/')
    .map((part) =>
      encodeURIComponent(part).replace(
        /[!'()*]/g,
        (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
      ),
    )
    .join('/');
}

async function refusal({ statusCode, headers, body }: Dispatcher.ResponseData): Promise<Error> {
  const text = await beginningOf(body);
  const told = (name: string) => unescaped(new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1]);
  const name = told('Code') ?? (statusCode === 412 ? 'PreconditionFailed' : 'UnknownError');
  return Object.assign(new Error(told('Message') ?? `status ${statusCode}`), {
    name,
    Code: name,
    $metadata: { httpStatusCode: statusCode },
    ...{ Region: told('Region'), RequestId: told('RequestId'), HostId: told('HostId') },
    $response: { headers },
  });
}

const SIGNS: Record<string, string> = { quot: '"', apos: "'", lt: '<', gt: '>', amp: '&' };

/** XML's five names for signs. */
function unescaped(text: string | undefined): string | undefined {
  return text?.replace(/&(quot|apos|lt|gt|amp);/g, (_, name: string) => SIGNS[name] as string);
}

/** A proxy in between may send an answer of any length. Only the part that is needed is read. */
async function beginningOf(body: Dispatcher.ResponseData['body']): Promise<string> {
  let text = '';
  try {
    for await (const chunk of body.setEncoding('utf8')) {
      text += chunk;
      if (text.length >= MAX_ERROR_CHARS) break;
    }
  } catch {
    // If the answer breaks off, its status is still known.
  }
  return text.slice(0, MAX_ERROR_CHARS);
}
