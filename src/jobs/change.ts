import { asNextVersion, copyIfNew, nextVersionKeys } from '../capture/copy.ts';
import { recapture } from '../capture/recapture.ts';
import { claimDueChanges, type FileChange, nextChangeDueAt } from '../catalog/files/changes.ts';
import type { FileRow } from '../catalog/model.ts';
import { fileInfo } from '../slack/file-info.ts';
import { type FileObject, removeFileObject } from '../storage/remove-file.ts';
import { AFTER_CAPTURE, type Job, type JobContext, LEASE_MS } from './job.ts';
import { slackFiles } from './slack-files.ts';

/** Each may hold a few MiB. */
const LOOKS_AT_ONCE = 2;
/** Slack sends changes in bursts, and new ones are not due yet: one look a second is enough. */
const REST_MS = 1_000;

/** Looks at files that were changed in Slack, and keeps new content as their next version. */
export function changeJob(context: JobContext): Job<FileChange> {
  const { vault, owner, due } = context;
  const { catalog, bucket, slack, policy, log, now } = vault;
  const from = slackFiles(context);
  const looks = {
    ...{ catalog, owner, leaseMs: LEASE_MS, policy, log, now },
    confirm: policy.confirm,
    remove: (object: FileObject) => removeFileObject(bucket, object),
    fileInfo: (file: Parameters<typeof fileInfo>[1]) => fileInfo(slack, file),
    nextVersionKeys: (file: FileRow, number: number) => nextVersionKeys(bucket, file, number),
  };
  return {
    name: 'change',
    rows: 'change',
    concurrency: LOOKS_AT_ONCE,
    claim: (limit) => claimDueChanges(catalog, due(limit)),
    nextDueAt: () => nextChangeDueAt(catalog),
    key: ({ teamId, fileId }) => `${teamId}/${fileId}`,
    async work(change, stop) {
      let bytes = 0;
      const outcome = await recapture(
        {
          ...looks,
          copy: async (file, { number, attempts, maxBytes, onHashed, signal }) => {
            const object = await copyIfNew({
              ...{ bucket, ...from, ...asNextVersion(file, attempts, number), onHashed, signal },
              unlike: file.sha256 ?? '',
              maxBytes,
            });
            bytes = object?.bytes ?? 0;
            return object;
          },
        },
        change,
        stop,
      );
      if (outcome === 'version') {
        vault.meters.capturedBytes.inc(bytes);
        vault.wake(...AFTER_CAPTURE, 'old version');
      }
    },
    restMs: REST_MS,
  };
}
