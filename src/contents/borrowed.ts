import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileRow } from '../catalog/model.ts';
import { freeSpace } from '../free-space.ts';
import { ReadingError } from '../reading/reading.ts';
import type { Bucket } from '../storage/bucket.ts';
import { storageError } from '../storage/errors.ts';
import { readObject } from '../storage/read-object.ts';

/** Larger documents are pictures for the most part. */
const MOST_BYTES = 256 * 1024 ** 2;
/** So much stays free beside it where the catalog is on the same disk: on a full one, no delivery can be written down. */
const SPARE_BYTES = 64 * 1024 ** 2;

/** There is no room for a document on the disk now. */
class NoRoomError extends Error {
  readonly code = 'disk_full';

  constructor(free: number) {
    super(`The disk has no room for the document: ${Math.floor(free / 1024 ** 2)} MB are free.`);
    this.name = 'NoRoomError';
  }
}

interface Place {
  folder: string;
  /** Whether the catalog is on the same disk. */
  besideCatalog: boolean;
  signal: AbortSignal;
}

/**
 * The bytes of a file as an open file without a name, for as long as it is open: nothing is left behind, whatever happens. Close
 * it. Throws `StorageError`, `NoRoomError`, and `ReadingError` for one that is too large.
 */
export async function borrowed(
  bucket: Bucket,
  file: FileRow,
  { folder, besideCatalog, signal }: Place,
  room: typeof freeSpace = freeSpace,
): Promise<FileHandle> {
  if ((file.storedBytes ?? 0) > MOST_BYTES)
    throw new ReadingError('too_large', 'The document is larger than what is read.');
  const free = await room(folder);
  if (free < (file.storedBytes ?? 0) + (besideCatalog ? SPARE_BYTES : 0)) throw new NoRoomError(free);
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
