import type { Catalog } from '../catalog/db/open.ts';
import { deferVersion, versionRemoved } from '../catalog/files/old-versions.ts';
import type { VersionRecord } from '../catalog/files/versions.ts';
import { errorCode } from '../errors.ts';
import type { Log } from '../log.ts';
import { withoutName } from '../storage/key.ts';
import { waitAfter } from './back-off.ts';
import { OTHER_BYTES, type RemoveFile } from './purge.ts';
import type { VersionPolicy } from './recapture.ts';

export interface OldVersionOptions {
  catalog: Catalog;
  owner: string;
  versions: VersionPolicy;
  remove: RemoveFile;
  log: Log;
  now(): number;
}

/** Where only the latest version is kept: removes an older one from the bucket, then its row. */
export async function removeOldVersion(options: OldVersionOptions, row: VersionRecord): Promise<void> {
  const { catalog, owner, log, now } = options;
  const { fileId: file, number: version } = row;
  try {
    // The setting has changed: versions that are still there stay.
    if (options.versions !== 'latest') return await deferVersion(catalog, row, owner, null);
    const { teamId, objectKey: key, etag, versionId } = row;
    if ((await options.remove({ key, teamId, fileId: file, etag, versionId })) === 'not_ours')
      log.warn({ code: 'not_ours', file, version, key: withoutName(key) }, OTHER_BYTES);
    await versionRemoved(catalog, row, owner, now());
    log.info({ file, version }, 'removed an older version');
  } catch (error) {
    const code = errorCode(error);
    log.warn({ code, file, version, err: error }, 'cannot remove an older version; it will be tried again');
    await deferVersion(catalog, row, owner, now() + waitAfter(error, row.attempts));
  }
}
