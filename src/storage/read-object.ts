import type { Readable } from 'node:stream';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import type { Bucket } from './bucket.ts';
import { storageError } from './errors.ts';

/** Opens the bytes of one object, this version of it. Throws `StorageError`; the stream itself may break later. */
export async function readObject(
  bucket: Bucket,
  { key, versionId }: { key: string; versionId: string | null },
  signal?: AbortSignal,
): Promise<Readable> {
  const command = new GetObjectCommand({
    Bucket: bucket.name,
    Key: key,
    ...(versionId && { VersionId: versionId }),
  });
  try {
    const { Body } = await bucket.client.send(command, { ...(signal && { abortSignal: signal }) });
    return Body as Readable;
  } catch (error) {
    throw storageError(error, bucket.place);
  }
}
