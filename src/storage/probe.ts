import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
  type PutObjectCommandOutput,
} from '@aws-sdk/client-s3';
import type { Proof } from '../catalog/model.ts';
import type { Clients } from './client.ts';
import { isTaken, StorageError, statusOf, storageError } from './errors.ts';
import { measureBuffer } from './measure.ts';

/** What a bucket can do, found out by trying: S3-compatible stores differ. */
export interface Capabilities {
  /** Takes a stream whose checksum follows it. */
  trailers: boolean;
  /** `If-None-Match: *` protects an existing object. */
  conditionalPut: boolean;
  /** Compares the bytes with a checksum sent along, and refuses damaged ones. */
  checksums: boolean;
  /** The ETag of an object stored in one request is the MD5 of its bytes. */
  etagIsMd5: boolean;
  versioning: boolean | 'unknown';
  /** The proof that an object streamed in one request gets here. */
  proof: Proof;
}

/** Statuses with which stores answer what they do not know; anything else is a real failure. */
const NOT_UNDERSTOOD = new Set([400, 405, 411, 415, 422, 501]);
const BYTES = Buffer.from('RIA Vault looks at what this bucket can do. This object may be deleted.\n');

/**
 * Checks that the bucket is there and usable, and learns what it can do by a few tiny writes under
 * `<prefix>/.vault-probe/`, all deleted again. Throws `StorageError`.
 */
export async function probe({ client, streams, place, prefix }: Clients): Promise<Capabilities> {
  const Bucket = place.name;
  const folder = [prefix, '.vault-probe', randomUUID()].filter(Boolean).join('/');
  const written: { Key: string; VersionId?: string | undefined }[] = [];
  const digest = measureBuffer(BYTES, true);

  const put = async (name: string, options: Partial<PutObjectCommandInput>) => {
    const Key = `${folder}/${name}`;
    const via = options.Body instanceof Readable ? streams : client;
    const input = {
      Bucket,
      Key,
      Body: BYTES,
      ContentLength: BYTES.length,
      ContentType: 'text/plain',
      ...options,
    };
    const answer = await via.send(new PutObjectCommand(input));
    written.push({ Key, VersionId: answer.VersionId });
    return answer;
  };

  const learn = async (): Promise<Capabilities> => {
    const { answer, trailers, conditional } = await firstStream(put);
    const conditionalPut = conditional && (await refused(put('stream', { IfNoneMatch: '*' }), isTaken));
    const sum = (ChecksumCRC32: string) => ({ ChecksumAlgorithm: 'CRC32' as const, ChecksumCRC32 });
    // A store that refuses even the right checksum verifies nothing.
    const checksums =
      !(await refused(put('right', sum(digest.crc32)))) && (await refused(put('wrong', sum('AAAAAA=='))));
    const etagIsMd5 = unquote(answer.ETag) === digest.md5;
    const versioning = await versioningOf(answer);
    const known = { trailers, conditionalPut, checksums, etagIsMd5, versioning };
    return { ...known, proof: proofOf(known, trailers) };
  };

  const versioningOf = async (answer: PutObjectCommandOutput): Promise<boolean | 'unknown'> => {
    if (answer.VersionId) return true;
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

/** What is proven about an object stored in one request, with or without a checksum that the store looks at. */
export function proofOf(able: Pick<Capabilities, 'checksums' | 'etagIsMd5'>, checksumSent: boolean): Proof {
  if (able.checksums && checksumSent) return 'crc32';
  return able.etagIsMd5 ? 'md5' : 'size';
}

type Put = (name: string, options: Partial<PutObjectCommandInput>) => Promise<PutObjectCommandOutput>;

/** The richest shape of a streaming put that the store takes. */
async function firstStream(put: Put) {
  const shapes = [
    { trailers: true, conditional: true },
    { trailers: false, conditional: true },
    { trailers: true, conditional: false },
    { trailers: false, conditional: false },
  ];
  let last: unknown;
  for (const shape of shapes) {
    try {
      const answer = await put('stream', {
        Body: Readable.from([BYTES], { objectMode: false }),
        ...(shape.trailers && { ChecksumAlgorithm: 'CRC32' as const }),
        ...(shape.conditional && { IfNoneMatch: '*' }),
      });
      return { answer, ...shape };
    } catch (error) {
      if (!NOT_UNDERSTOOD.has(statusOf(error) ?? 0)) throw error;
      last = error;
    }
  }
  throw last;
}

/** Did the store refuse, in the way that was looked for? Any other failure is thrown. */
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

/** A HEAD has no body to name the reason in, so a refused one is asked again as a listing. */
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

/** An ETag without its quotes; stores differ in whether they send them. */
export function unquote(etag: string | undefined): string | null {
  return etag ? etag.replaceAll('"', '') : null;
}
