import { capture } from '../../src/capture/capture.ts';
import { copyFile } from '../../src/capture/copy.ts';
import { type KeepPolicy, policiesFor } from '../../src/capture/receive.ts';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { claimDueFiles, nextDueAt } from '../../src/catalog/files/capture.ts';
import type { FileRow } from '../../src/catalog/model.ts';
import { createLog } from '../../src/log.ts';
import type { Place } from './side.ts';
import { vaultBucket } from './vault-bucket.ts';

const LEASE_MS = 60_000;

export const KEEP_ALL: KeepPolicy = { maxFileBytes: 2 ** 40, excludeTypes: new Set() };

/** What the bot gives its capture worker to do (see `src/jobs/capture.ts`), with a bucket that is a sink. */
export async function vaultCapture(place: Place, catalog: Catalog) {
  const bucket = await vaultBucket(place);
  const owner = 'bench';
  const log = createLog('error');
  const now = () => Date.now();
  const copy = async (file: FileRow, signal: AbortSignal) =>
    copyFile({
      ...{ bucket, file, token: 'xoxb-bench', allowedHosts: ['127.0.0.1'], signal },
      maxBytes: (await policiesFor(catalog, file, KEEP_ALL)).maxFileBytes,
    });
  const options = {
    ...{ catalog, owner, leaseMs: LEASE_MS, policy: KEEP_ALL, confirm: 'thread' as const, copy, log, now },
    fileInfo: async () => ({ skip: 'deleted_in_slack' as const }),
  };
  return {
    ...{ name: 'capture', longestSleepMs: 30_000, log },
    claim: (limit: number) => claimDueFiles(catalog, { owner, limit, leaseMs: LEASE_MS, now: now() }),
    nextDueAt: () => nextDueAt(catalog),
    key: ({ fileId }: FileRow) => fileId,
    /** Throws when the file is not stored in the end. */
    async capture(file: FileRow, stop: AbortSignal): Promise<void> {
      const outcome = await capture(options, file, stop);
      if (outcome !== 'stored') throw new Error(`a capture ended as ${outcome}`);
    },
  };
}
