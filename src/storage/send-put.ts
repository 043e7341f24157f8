import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { Agent, type Dispatcher } from 'undici';
import { AWS_CHUNKED, CRC32_TRAILER, framedLength } from './aws-chunked.ts';

/**
 * One `PutObject` request, signed by the SDK's own signer and sent by undici. The SDK's way from a command to the
 * wire costs about a millisecond of processor time for each request, several times what a small file takes without
 * it, and it lets a stream that breaks end the process. The SDK still says where the bucket is, whose credentials
 * and which clock count, and does everything that is not done once for each file.
 */
export type SendPut = (put: Put) => Promise<PutAnswer>;

export interface Put {
  key: string;
  /** Beside those of the body and the signature, names in lower case. */
  headers: Record<string, string>;
  /** Exactly what goes over the wire; an iterable is read once. */
  body: Buffer | AsyncIterable<Buffer>;
  /** The body's length on the wire, in bytes. */
  length: number;
  /** What the signature says of the body: its SHA-256 in hex, or one of S3's words for streams. */
  payload: string;
  signal?: AbortSignal | undefined;
}

/** Absent where the store sends none. */
export interface PutAnswer {
  etag: string | undefined;
  versionId: string | undefined;
  /** The checksum that the store has verified or computed, base64. */
  crc32: string | undefined;
}

/** How a stream of so many bytes is announced: with a checksum that follows it (see `createFrame`), or bare. */
export function streamShape(bytes: number, trailer: boolean): Pick<Put, 'headers' | 'length' | 'payload'> {
  if (!trailer) return { headers: {}, length: bytes, payload: 'UNSIGNED-PAYLOAD' };
  const headers = {
    'content-encoding': AWS_CHUNKED,
    'x-amz-trailer': CRC32_TRAILER,
    'x-amz-decoded-content-length': String(bytes),
  };
  return { headers, length: framedLength(bytes), payload: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' };
}

/** Of an error's answer, enough to find its name in. */
const MAX_ERROR_CHARS = 16_384;

export interface SendPutOptions {
  client: S3Client;
  bucket: string;
  connectTimeoutMs: number;
  /** How long a connection may move no byte, in ms. */
  stallMs: number;
  connections: number;
}

/**
 * Makes the function that sends puts to the bucket, each tried once. It throws what the body throws, undici's errors,
 * and for answers other than 200 an error of the shape that the SDK's errors have, which `storageError` reads.
 */
export function createSendPut(o: SendPutOptions): { sendPut: SendPut; close(): void } {
  const { stallMs, connections } = o;
  const agent = new Agent({
    connect: { timeout: o.connectTimeoutMs },
    // As the SDK: with HTTP/2 one broken connection would break every put under way.
    allowH2: false,
    headersTimeout: stallMs,
    bodyTimeout: stallMs,
    connections,
  });
  let known: Promise<Place> | null = null;
  const place = () => {
    known ??= askForPlace(o.client, o.bucket).catch((error) => {
      // Credentials that are missing now may be there the next time.
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
        ...headers,
        'content-length': String(length),
        'x-amz-content-sha256': payload,
      });
      const answer = await agent.request({
        origin,
        path,
        method: 'PUT',
        headers: signed,
        // Any async iterable will do, whatever the types say.
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

/** Where the bucket's objects are, and how requests to there are signed. */
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

/** The SDK decides by endpoint, region, bucket name and style; a request that it is kept from sending tells. */
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
      // The SDK learns from every answer how far this machine's clock is off.
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

/** Escaped as S3's signatures want it: more than `encodeURIComponent` does, and slashes stay. */
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
  const told = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1];
  const name = told('Code') ?? (statusCode === 412 ? 'PreconditionFailed' : 'UnknownError');
  return Object.assign(new Error(told('Message') ?? `status ${statusCode}`), {
    name,
    Code: name,
    $metadata: { httpStatusCode: statusCode },
    $response: { headers },
  });
}

/** Whatever stands in between may answer with anything of any length: what is not needed is not waited for. */
async function beginningOf(body: Dispatcher.ResponseData['body']): Promise<string> {
  let text = '';
  try {
    for await (const chunk of body.setEncoding('utf8')) {
      text += chunk;
      if (text.length >= MAX_ERROR_CHARS) break;
    }
  } catch {
    // An answer that breaks off still has its status.
  }
  return text.slice(0, MAX_ERROR_CHARS);
}
