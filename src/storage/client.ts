import { S3Client } from '@aws-sdk/client-s3';
import { createSdkHandler, type SdkHandler } from '../network/sdk.ts';
import { announceEmptyDeletes } from './delete-length.ts';
import { type BucketPlace, StorageError, storageError } from './errors.ts';
import { MAX_PREFIX_BYTES, safePrefix } from './key.ts';
import { type OnRequest, observeClient, observedPut } from './observe.ts';
import { createSendPut, type SendPut } from './send-put.ts';
import { sendWithHeaders, type WriteSettings, writeHeaders } from './write-headers.ts';

/** Connections at once, for transfers and control calls. There are far fewer captures at once. */
const MAX_SOCKETS = 256;
const CONNECT_TIMEOUT_MS = 10_000;
/** Longer than a download may stall. So when the source stops, the error names the source. */
const STALL_MS = 90_000;

const quiet = () => {};
const SILENT = { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };

/**
 * Up to this size, a body goes in one streaming request, which holds only a few chunks in memory. S3 accepts up to
 * 5 GiB in one request. In parts, it would hold some 24 MB, and each part costs a request. Slack's files end at 1 GB.
 */
const SINGLE_PUT_BYTES = 1024 * 1024 * 1024;

export interface BucketConfig extends WriteSettings {
  bucket: string;
  /** Put before every key; may be empty. */
  prefix: string;
  /** `https://endpoint/bucket/key` instead of `https://bucket.endpoint/key`. */
  pathStyle: boolean;
  /** Normally not set: the SDK reads `AWS_ENDPOINT_URL_S3`. */
  endpoint?: string | undefined;
  /** The store's address for people's browsers, where it is another one. Links carry it. */
  linkEndpoint?: string | undefined;
  /** False: no stream ever gets a checksum as its trailer, whatever the store seems to take. */
  trailers?: boolean | undefined;
  /** A connection to the bucket may be silent for this long, in ms (90 s). */
  stallMs?: number | undefined;
  /** Longer bodies go up in parts, in bytes (1 GiB). */
  singlePutBytes?: number | undefined;
  /** How many times a repeatable call is tried (3). */
  maxAttempts?: number | undefined;
  /** Is told of every request when it ended. */
  onRequest?: OnRequest | undefined;
}

/** The ways to talk to a bucket. */
export interface Clients {
  place: BucketPlace;
  prefix: string;
  client: S3Client;
  /** For links alone, where they are not signed as requests are. */
  links?: S3Client;
  /** The store's address for people's browsers, where it is another one. */
  linkEndpoint?: string | undefined;
  /** Whether a stream may be tried with its checksum as a trailer. */
  mayTrail: boolean;
  singlePutBytes: number;
  /** For the one request of an ordinary file. */
  sendPut: SendPut;
  close: () => void;
}

/**
 * Makes the clients. Region, credentials, profile and endpoint come from the SDK's own variables and files. With a
 * custom endpoint and no region set, the region is us-east-1, which such stores expect.
 * Throws `StorageError` (`bucket_name`, `prefix_invalid`, `bucket_region`).
 */
export async function makeClients(config: BucketConfig): Promise<Clients> {
  const endpoint = config.endpoint ?? process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL;
  const { kmsKeyId, storageClass, tags, expectedOwner } = config;
  const asked = { kmsKeyId, storageClass, tags, expectedOwner };
  const place = { name: config.bucket, endpointHost: hostOf(endpoint), asked };
  const prefix = safePrefix(config.prefix);
  if (!config.bucket)
    throw new StorageError('bucket_name', 'No bucket is named; set VAULT_BUCKET to the name of your bucket.');
  if (Buffer.byteLength(prefix) > MAX_PREFIX_BYTES)
    throw new StorageError(
      'prefix_invalid',
      `VAULT_PREFIX is longer than ${MAX_PREFIX_BYTES} bytes; choose a shorter one.`,
    );

  const requestHandler = createSdkHandler({
    ...{ maxSockets: MAX_SOCKETS, connectTimeoutMs: CONNECT_TIMEOUT_MS },
    stallMs: config.stallMs ?? STALL_MS,
  });
  const options = {
    ...(config.endpoint && { endpoint: config.endpoint }),
    ...(config.pathStyle && { forcePathStyle: true }),
    requestHandler,
    // Every failure reaches the caller as an error; the SDK would also print some of them.
    logger: SILENT,
    // Each upload sets its own checksum, if the store can take one.
    requestChecksumCalculation: 'WHEN_REQUIRED' as const,
    // Bytes that are read back are hashed by our code; the SDK need not do it again.
    responseChecksumValidation: 'WHEN_REQUIRED' as const,
    // Waiting for "100 Continue" would cost a round trip and a fresh connection for every upload over 2 MiB.
    expectContinueHeader: false,
    // An access point's ARN names its region itself.
    useArnRegion: true,
  };
  const region = await regionOf(options, place);
  const client = new S3Client({
    ...{ ...options, region, maxAttempts: config.maxAttempts ?? 3 },
    credentialDefaultProvider: credentialsOver(options),
  });
  announceEmptyDeletes(client);
  sendWithHeaders(client, asked);
  const { onRequest } = config;
  if (onRequest !== undefined) observeClient(client, onRequest);
  const puts = createSendPut({
    ...{ headers: writeHeaders(asked), client, bucket: config.bucket, connections: MAX_SOCKETS },
    ...{ connectTimeoutMs: CONNECT_TIMEOUT_MS, stallMs: config.stallMs ?? STALL_MS },
  });
  const links = linkClient(config, { ...options, region }, client);
  const close = () => {
    client.destroy();
    links?.destroy();
    puts.close();
  };
  const { singlePutBytes = SINGLE_PUT_BYTES } = config;
  const sendPut = onRequest === undefined ? puts.sendPut : observedPut(puts.sendPut, onRequest);
  const clients = { place, prefix, client, singlePutBytes, sendPut, close };
  const { linkEndpoint, trailers = true } = config;
  return { ...clients, mayTrail: trailers, linkEndpoint, ...(links && { links }) };
}

/** A browser sends no header of ours, and may need another address. The credentials are the same. */
function linkClient(
  { linkEndpoint, expectedOwner }: BucketConfig,
  options: object,
  { config }: S3Client,
): S3Client | null {
  if (linkEndpoint === undefined && expectedOwner === undefined) return null;
  const { credentials } = config;
  return new S3Client({ ...options, credentials, ...(linkEndpoint && { endpoint: linkEndpoint }) });
}

/** The SDK's own search for credentials. Of its clients, those for SSO get our connections only if they are named. */
function credentialsOver({ requestHandler }: { requestHandler: SdkHandler }) {
  const standard = new S3Client({ requestHandler }).config.credentialDefaultProvider;
  return (options: object) => standard({ ...options, clientConfig: { requestHandler } });
}

async function regionOf(options: object, place: BucketPlace): Promise<string> {
  try {
    return await new S3Client(options).config.region();
  } catch (error) {
    const named = process.env.AWS_DEFAULT_REGION;
    if (named) return named;
    if (place.endpointHost) return 'us-east-1';
    throw storageError(error, place);
  }
}

function hostOf(endpoint: string | undefined): string | null {
  if (!endpoint) return null;
  if (!URL.canParse(endpoint))
    throw new StorageError(
      'bucket_unreachable',
      'AWS_ENDPOINT_URL_S3 is not a URL; write it like https://s3.example.com.',
    );
  return new URL(endpoint).host;
}
