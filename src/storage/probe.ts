import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
} from '@aws-sdk/client-s3';
import type { Proof } from '../catalog/model.ts';
import { AWS_CHUNKED, CRC32_TRAILER, createFrame } from './aws-chunked.ts';
import type { Clients } from './client.ts';
import { isTaken, StorageError, statusOf, storageError } from './errors.ts';
import { measure, measureBuffer } from './measure.ts';
import { type Put, type PutAnswer, streamShape } from './send-put.ts';

/** What a bucket can do. It is tried out, because S3-compatible stores differ. */
export interface Capabilities {
  /** Accepts a stream whose checksum follows it. */
  trailers: boolean;
  /** `If-None-Match: *` protects an existing object. */
  conditionalPut: boolean;
  /** Compares the bytes with the checksum sent along, and refuses damaged bytes. */
  checksums: boolean;
  /** The ETag of an object stored in one request is the MD5 of its bytes. */
  etagIsMd5: boolean;
  versioning: boolean | 'unknown';
  /** The proof that an object streamed in one request gets here. */
  proof: Proof;
}

/** Statuses of stores for requests that they do not know. Any other status is a real failure. */
const NOT_UNDERSTOOD = new Set([400, 405, 411, 415, 422, 501]);
const CREATE_ONLY = { 'if-none-match': '*' };
const BYTES = Buffer.from('RIA Vault looks at what this bucket can do. This object may be deleted.\n');

/**
 * Checks that the bucket exists and works. Tries out what it can do with a few tiny writes under
 * `<prefix>/.vault-probe/`, and deletes them all. Throws `StorageError`.
 */
export async function probe({ client, sendPut, place, prefix, mayTrail }: Clients): Promise<Capabilities> {
  const Bucket = place.name;
  const folder = [prefix, '.vault-probe', randomUUID()].filter(Boolean).join('/');
  const written: { Key: string; VersionId?: string | undefined }[] = [];
  const digest = measureBuffer(BYTES, true);

  const put: PutProbe = async (name, { headers, ...stream }) => {
    const Key = `${folder}/${name}`;
    const whole = { body: BYTES, length: BYTES.length, payload: digest.sha256 };
    const answer = await sendPut({
      ...{ ...whole, ...stream, key: Key },
      headers: { 'content-type': 'text/plain', ...headers },
    });
    written.push({ Key, VersionId: answer.versionId });
    return answer;
  };

  const isClean = async (name: string) => {
    const found = await client.send(new GetObjectCommand({ Bucket, Key: `${folder}/${name}` }));
    const bytes = await found.Body?.transformToByteArray();
    return bytes !== undefined && BYTES.equals(bytes) && !found.ContentEncoding?.includes(AWS_CHUNKED);
  };

  const learn = async (): Promise<Capabilities> => {
    const { name, answer, trailers, conditional } = await firstStream(put, isClean, mayTrail);
    const conditionalPut = conditional && (await refused(put(name, { headers: CREATE_ONLY }), isTaken));
    const sum = (crc32: string) => ({ headers: { [CRC32_TRAILER]: crc32 } });
    // A store that refuses even the right checksum verifies nothing.
    const checksums =
      !(await refused(put('right', sum(digest.crc32)))) && (await refused(put('wrong', sum('AAAAAA=='))));
    const etagIsMd5 = unquote(answer.etag) === digest.md5;
    const versioning = await versioningOf(answer);
    const known = { trailers, conditionalPut, checksums, etagIsMd5, versioning };
    return { ...known, proof: proofOf(known, trailers) };
  };

  const versioningOf = async (answer: PutAnswer): Promise<boolean | 'unknown'> => {
    if (answer.versionId) return true;
    try {
      return (await client.send(new GetBucketVersioningCommand({ Bucket }))).Status !== undefined;
    } catch {
      return 'unknown';
    }
  };

  const clean = async () => {
    for (const { Key, VersionId } of written.splice(0))
      await client.send(new DeleteObjectCommand({ Bucket, Key, ...(VersionId && { VersionId }) }));
  };

  try {
    await findBucket(client, Bucket);
    const capabilities = await learn();
    await clean();
    return capabilities;
  } catch (error) {
    await clean().catch(() => {});
    throw storageError(error, place);
  }
}

/** The proof for an object stored in one request. `checksumSent`: a checksum went along with it. */
export function proofOf(able: Pick<Capabilities, 'checksums' | 'etagIsMd5'>, checksumSent: boolean): Proof {
  if (able.checksums && checksumSent) return 'crc32';
  return able.etagIsMd5 ? 'md5' : 'size';
}

type PutProbe = (name: string, options: Partial<Put>) => Promise<PutAnswer>;

/** The best form of a streaming put that the store accepts and stores correctly. */
async function firstStream(put: PutProbe, isClean: (name: string) => Promise<boolean>, mayTrail: boolean) {
  const shapes = [
    { trailers: true, conditional: true },
    { trailers: false, conditional: true },
    { trailers: true, conditional: false },
    { trailers: false, conditional: false },
  ].filter(({ trailers }) => mayTrail || !trailers);
  let last: unknown;
  for (const [index, shape] of shapes.entries()) {
    const length = BYTES.length;
    const frame = shape.trailers ? createFrame(length) : undefined;
    const { body } = measure(Readable.from([BYTES]), { length, frame });
    const announced = streamShape(length, shape.trailers);
    const headers = { ...announced.headers, ...(shape.conditional && CREATE_ONLY) };
    const name = `stream-${index}`;
    try {
      const answer = await put(name, { ...announced, headers, body });
      // A store that does not know this form may keep the frame as if it were bytes of the file. A store that half
      // knows it keeps the name of the encoding, and then a downloader tries to decode bytes that were never encoded.
      if (!shape.trailers || (await isClean(name))) return { name, answer, ...shape };
    } catch (error) {
      if (!NOT_UNDERSTOOD.has(statusOf(error) ?? 0)) throw error;
      last = error;
    }
  }
  throw last;
}

/** Did the store refuse in the expected way? Any other failure is thrown. */
async function refused(
  answer: Promise<unknown>,
  wanted = (error: unknown) => NOT_UNDERSTOOD.has(statusOf(error) ?? 0),
): Promise<boolean> {
  try {
    await answer;
    return false;
  } catch (error) {
    if (wanted(error)) return true;
    throw error;
  }
}

/** The answer to a HEAD has no body with a reason. So after a refusal, a listing is tried. */
async function findBucket(client: Clients['client'], Bucket: string): Promise<void> {
  try {
    await client.send(new HeadBucketCommand({ Bucket }));
  } catch (error) {
    if (statusOf(error) === 404)
      throw new StorageError(
        'bucket_missing',
        `There is no bucket "${Bucket}"; set VAULT_BUCKET to an existing bucket, or create it.`,
        { cause: error },
      );
    if (statusOf(error) !== 403 && statusOf(error) !== 400) throw error;
    await client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 1 }));
  }
}

/** An ETag without its quotes. Only some stores send them. */
export function unquote(etag: string | undefined): string | null {
  return etag ? etag.replaceAll('"', '') : null;
}
