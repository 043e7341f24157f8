import { removeOldVersion } from '../capture/old-versions.ts';
import { claimOldVersions, nextOldVersionDueAt } from '../catalog/files/old-versions.ts';
import type { VersionRecord } from '../catalog/files/versions.ts';
import { type FileObject, removeFileObject } from '../storage/remove-file.ts';
import type { Job, JobContext } from './job.ts';

/** Removes older versions of files if only the latest is kept. */
export function oldVersionJob({ vault, owner, due }: JobContext): Job<VersionRecord> {
  const { catalog, bucket, policy, log, now } = vault;
  const remove = (object: FileObject) => removeFileObject(bucket, object);
  return {
    name: 'old version',
    rows: 'oldVersion',
    concurrency: 1,
    claim: (limit) => claimOldVersions(catalog, due(limit)),
    nextDueAt: () => nextOldVersionDueAt(catalog),
    work: (row) =>
      removeOldVersion({ ...{ catalog, owner, remove, log, now }, versions: policy.versions }, row),
  };
}
