import { asNextVersion, type CopyRequest, copyIfNew, nextVersionKeys } from '../capture/copy.ts';
import { removeOldVersion } from '../capture/old-versions.ts';
import { recapture } from '../capture/recapture.ts';
import { claimDueChanges, nextChangeDueAt } from '../catalog/changes.ts';
import type { Claim } from '../catalog/due.ts';
import type { FileRow } from '../catalog/model.ts';
import { claimOldVersions, nextOldVersionDueAt } from '../catalog/old-versions.ts';
import { fileInfo } from '../slack/file-info.ts';
import { removeObject } from '../storage/remove.ts';
import type { Vault } from '../vault/context.ts';
import { startWorker, type Worker } from './worker.ts';

/** Each may hold a few MiB. */
const LOOKS_AT_ONCE = 2;
/** Slack tells of changes in bursts, none of which is due yet: one look a second is enough. */
const REST_MS = 1_000;

/** Starts what looks at changed files, and what removes older versions where only the latest is kept. */
export function startVersionWorkers(
  vault: Vault,
  o: {
    owner: string;
    leaseMs: number;
    longestSleepMs: number;
    due(limit: number): Claim;
    /** How files are fetched from Slack. */
    from: Pick<CopyRequest, 'token' | 'allowedHosts' | 'listRows'>;
    wake(): void;
  },
): Worker[] {
  const { catalog, bucket, slack, policy, log, now } = vault;
  const { owner, leaseMs, longestSleepMs, due, wake } = o;
  const remove = (key: string) => removeObject(bucket, key);
  const looks = {
    ...{ catalog, owner, leaseMs, policy, remove, log, now },
    confirm: policy.confirm,
    fileInfo: (file: Parameters<typeof fileInfo>[1]) => fileInfo(slack, file),
    nextVersionKeys: (file: FileRow, number: number) => nextVersionKeys(bucket, file, number),
  };
  return [
    startWorker({
      name: 'change',
      concurrency: LOOKS_AT_ONCE,
      claim: (limit) => claimDueChanges(catalog, due(limit)),
      nextDueAt: () => nextChangeDueAt(catalog),
      key: ({ teamId, fileId }) => `${teamId}/${fileId}`,
      async work(change, stop) {
        const outcome = await recapture(
          {
            ...looks,
            copy: (file, { number, attempts, maxBytes, onHashed, signal }) =>
              copyIfNew({
                ...{ bucket, ...o.from, ...asNextVersion(file, attempts, number), onHashed, signal },
                unlike: file.sha256 ?? '',
                maxBytes,
              }),
          },
          change,
          stop,
        );
        if (outcome === 'version') wake();
      },
      restMs: REST_MS,
      longestSleepMs,
      log,
    }),
    startWorker({
      name: 'old version',
      concurrency: 1,
      claim: (limit) => claimOldVersions(catalog, due(limit)),
      nextDueAt: () => nextOldVersionDueAt(catalog),
      work: (row) =>
        removeOldVersion({ ...{ catalog, owner, remove, log, now }, versions: policy.versions }, row),
      longestSleepMs,
      log,
    }),
  ];
}
