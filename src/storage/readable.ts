import type { Readable } from 'node:stream';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import type { Bucket } from './bucket.ts';
import { isNotFound, type StorageErrorCode, statusOf, storageError } from './errors.ts';
import { isHiddenAbsence } from './hidden.ts';

/** Nobody waits longer for this look. */
const PATIENCE_MS = 2_000;

export type NotReadable = 'archived' | 'closed' | 'gone';

const WHY: Partial<Record<StorageErrorCode, NotReadable>> = {
  object_archived: 'archived',
  bucket_kms: 'closed',
  bucket_forbidden: 'closed',
};

/**
 * Why a link to this object would show people an error page of the store's instead of the file; null when it works, and
 * also when the store does not answer in time: then the link is given. It reads one byte, as HEAD does not tell whether
 * an encryption key may be used.
 */
export async function whyNotReadable(
  bucket: Bucket,
  { key, versionId }: { key: string; versionId?: string | null },
): Promise<NotReadable | null> {
  const command = new GetObjectCommand({
    Bucket: bucket.name,
    Key: key,
    Range: 'bytes=0-0',
    ...(versionId && { VersionId: versionId }),
  });
  try {
    const { Body } = await bucket.client.send(command, { abortSignal: AbortSignal.timeout(PATIENCE_MS) });
    // A store that does not know ranges sends everything.
    (Body as Readable).destroy();
    return null;
  } catch (error) {
    if (isNotFound(error) || (await isHiddenAbsence(bucket, key, error))) return 'gone';
    // An empty object has no first byte.
    if (statusOf(error) === 416) return null;
    // Only the word is used, not the sentence about the place.
    return WHY[storageError(error, { name: bucket.name, endpointHost: null }).code] ?? null;
  }
}
