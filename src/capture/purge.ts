import type { Catalog } from '../catalog/db/open.ts';
import { commitPurged, deferPurge } from '../catalog/files/trash.ts';
import { everyVersion, nextNumber } from '../catalog/files/versions.ts';
import type { FileRow } from '../catalog/model.ts';
import { errorCode, waitAskedFor } from '../errors.ts';
import type { Log } from '../log.ts';
import { withoutName } from '../storage/key.ts';
import type { FileObject, Removal } from '../storage/remove-file.ts';
import { waitAfter } from './back-off.ts';

/**
 * Removes a file's object and all its versions; leaves what is not the file's. It is no error when the object is gone
 * already.
 */
export type RemoveFile = (object: FileObject) => Promise<Removal>;

export const OTHER_BYTES = 'under the key of a file that is to go are bytes of something else; they stay';

const LATE_TEXTS = 'cannot look whether a text was read of a file while it was purged';

export interface PurgeOptions {
  catalog: Catalog;
  owner: string;
  remove: RemoveFile;
  /** Whether texts of files may be in the bucket. */
  mayHaveTexts(): Promise<boolean>;
  /** Removes the texts that were read of the file. */
  removeTexts(file: FileRow): Promise<void>;
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
  const removed = async ({ key, teamId, fileId, etag, versionId }: FileObject) => {
    if ((await options.remove({ key, teamId, fileId, etag, versionId })) === 'removed') return;
    log.warn({ code: 'not_ours', file: fileId, key: withoutName(key) }, OTHER_BYTES);
  };
  try {
    const number = await nextNumber(catalog, file);
    const unknown = { etag: null, versionId: null };
    for (const key of options.nextVersionKeys(file, number)) await removed({ ...file, ...unknown, key });
    for (const version of await everyVersion(catalog, file))
      await removed({ ...version, key: version.objectKey });
    if (file.objectKey !== null) await removed({ ...file, key: file.objectKey });
    const mayHaveTexts = await options.mayHaveTexts();
    if (mayHaveTexts) await options.removeTexts(file);
    await commitPurged(catalog, file, owner, now());
    if (mayHaveTexts) await removeLateTexts(options, file);
    log.info({ file: file.fileId }, 'purged a file from the trash');
  } catch (error) {
    const code = errorCode(error);
    // Nobody knows when a legal hold of somebody else's ends.
    const isRetained = code === 'object_retained' && waitAskedFor(error) > 0;
    const sentence =
      code === 'object_retained'
        ? `a file cannot go yet: ${(error as Error).message}`
        : 'cannot purge a file; it will be tried again';
    log.warn({ code, file: file.fileId, err: error }, sentence);
    // What the bucket retains is asked for again when its time there is over.
    const dueAt = now() + waitAfter(error, 10);
    await deferPurge(catalog, file, owner, dueAt, isRetained ? { now: now() } : undefined);
  }
}

/** Who read the file while it went may have put its text there after the texts were removed. */
async function removeLateTexts({ removeTexts, log }: PurgeOptions, file: FileRow): Promise<void> {
  try {
    await removeTexts(file);
  } catch (error) {
    log.warn({ code: errorCode(error), file: file.fileId, err: error }, LATE_TEXTS);
  }
}
