import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileRow } from '../catalog/model.ts';
import { ReadingError } from '../reading/reading.ts';
import type { Bucket } from '../storage/bucket.ts';
import { storageError } from '../storage/errors.ts';
import { readObject } from '../storage/read-object.ts';

/** Larger documents are pictures for the most part. */
const MOST_BYTES = 256 * 1024 ** 2;

/**
 * The bytes of a file as an open file without a name, for as long as it is open: nothing is left behind, whatever happens. Close
 * it. Throws `StorageError`, and `ReadingError` for one that is too large.
 */
export async function borrowed(
  bucket: Bucket,
  file: FileRow,
  { folder, signal }: { folder: string; signal: AbortSignal },
): Promise<FileHandle> {
  if ((file.storedBytes ?? 0) > MOST_BYTES)
    throw new ReadingError('too_large', 'The document is larger than what is read.');
  const path = join(folder, `.reading-${randomUUID()}`);
  const handle = await open(path, 'wx+', 0o600);
  try {
    // The name goes at once; the bytes go when nobody has the file open any more.
    await rm(path);
    const body = await readObject(
      bucket,
      { key: file.objectKey as string, versionId: file.versionId },
      signal,
    );
    await handle.writeFile(body, { signal }).catch((error) => {
      throw signal.aborted || isOfDisk(error) ? error : storageError(error, bucket.place);
    });
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The disk is full, or broken: that is not the bucket's fault. */
function isOfDisk(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).syscall === 'write';
}
