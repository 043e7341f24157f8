import { nextVersionKeys } from '../capture/copy.ts';
import { purge } from '../capture/purge.ts';
import { claimPurges, nextPurgeDueAt } from '../catalog/files/trash.ts';
import type { FileRow } from '../catalog/model.ts';
import { wasEverRead } from '../catalog/reading/start.ts';
import { removeTexts } from '../contents/text-object.ts';
import { type FileObject, removeFileObject } from '../storage/remove-file.ts';
import { readsContents } from '../text-modes.ts';
import type { Job, JobContext } from './job.ts';

/** Removes files from the trash when their days there are over. */
export function purgeJob({ vault, owner, due }: JobContext): Job<FileRow> {
  const { catalog, bucket, log, now, policy } = vault;
  const options = {
    ...{ catalog, owner, log, now },
    remove: (object: FileObject) => removeFileObject(bucket, object),
    // Also of files that are forgotten: the bucket may not have let go of their texts then.
    mayHaveTexts: async () => readsContents(policy.text) || (await wasEverRead(catalog)),
    removeTexts: (file: FileRow) => removeTexts(bucket, file),
    nextVersionKeys: (file: FileRow, number: number) => nextVersionKeys(bucket, file, number),
  };
  return {
    name: 'purge',
    rows: 'purge',
    concurrency: 1,
    claim: (limit) => claimPurges(catalog, due(limit)),
    nextDueAt: () => nextPurgeDueAt(catalog),
    work: (file) => purge(options, file),
  };
}
