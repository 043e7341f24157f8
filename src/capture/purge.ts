import type { Catalog } from '../catalog/db/open.ts';
import { commitPurged, deferPurge } from '../catalog/files/trash.ts';
import { everyVersion, nextNumber } from '../catalog/files/versions.ts';
import type { FileRow } from '../catalog/model.ts';
import { errorCode, waitAskedFor } from '../errors.ts';
import type { Log } from '../log.ts';
import { backOff } from './back-off.ts';

export interface PurgeOptions {
  catalog: Catalog;
  owner: string;
  /** Removes the object and all its versions. It is no error when the object is gone already. */
  remove(key: string): Promise<void>;
  /** Keys where the next version of a file would be: an attempt that died may have left it there. */
  nextVersionKeys(file: FileRow, number: number): string[];
  log: Log;
  now(): number;
}

/**
 * Removes one file from the trash for good: first the objects of all its versions, the newest last. Then the catalog
 * records it.
 */
export async function purge(options: PurgeOptions, file: FileRow): Promise<void> {
  const { catalog, owner, log, now } = options;
  try {
    const number = await nextNumber(catalog, file);
    for (const key of options.nextVersionKeys(file, number)) await options.remove(key);
    for (const { objectKey } of await everyVersion(catalog, file)) await options.remove(objectKey);
    if (file.objectKey !== null) await options.remove(file.objectKey);
    await commitPurged(catalog, file, owner, now());
    log.info({ file: file.fileId }, 'purged a file from the trash');
  } catch (error) {
    log.warn(
      { code: errorCode(error), file: file.fileId, err: error },
      'cannot purge a file; it will be tried again',
    );
    const waitMs = waitAskedFor(error);
    const isRetained = errorCode(error) === 'object_retained' && waitMs > 0;
    const dueAt = now() + (isRetained ? waitMs : backOff(10));
    await deferPurge(catalog, file, owner, dueAt, isRetained ? { now: now() } : undefined);
  }
}
