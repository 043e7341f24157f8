import { capture } from '../../src/capture/capture.ts';
import { copyFile } from '../../src/capture/copy.ts';
import { policiesFor } from '../../src/capture/receive.ts';
import { claimDueFiles, nextDueAt } from '../../src/catalog/capture.ts';
import { openCatalog } from '../../src/catalog/open.ts';
import { createLog } from '../../src/log.ts';
import { makeClients } from '../../src/storage/client.ts';
import { startWorker } from '../../src/work/worker.ts';
import type { Place } from '../capture/side.ts';
import type { Subject } from './subject.ts';

const LEASE_MS = 60_000;

/**
 * RIA Vault's own capture over a catalog in which files are due: the worker that claims them, and everything that it
 * does with each (see `src/work/workers.ts`).
 */
export async function openVault(
  { endpoint, bucket: name }: Place,
  o: { dataDir: string; files: number; atOnce: number },
): Promise<Subject> {
  const catalog = await openCatalog({ dataDir: o.dataDir });
  const clients = await makeClients({ bucket: name, prefix: '', pathStyle: true, endpoint });
  const able = { trailers: true, conditionalPut: true, checksums: true, etagIsMd5: false };
  const bucket = { name, capabilities: { ...able, versioning: false, proof: 'crc32' as const }, ...clients };
  const policy = { maxFileBytes: 2 ** 40, excludeTypes: new Set<string>() };
  const owner = 'bench';
  const log = createLog('error');
  const now = () => Date.now();
  let stored = 0;
  let inHand = 0;
  let mostInHand = 0;

  const copyAll = () =>
    new Promise<void>((resolve, reject) => {
      const worker = startWorker({
        name: 'capture',
        concurrency: o.atOnce,
        async claim(limit) {
          const rows = await claimDueFiles(catalog, { owner, limit, leaseMs: LEASE_MS, now: now() });
          inHand += rows.length;
          mostInHand = Math.max(mostInHand, inHand);
          return rows;
        },
        nextDueAt: () => nextDueAt(catalog),
        key: ({ fileId }) => fileId,
        async work(row, stop) {
          const outcome = await capture(
            {
              ...{ catalog, owner, leaseMs: LEASE_MS, policy, confirm: 'thread', log, now },
              fileInfo: async () => ({ skip: 'deleted_in_slack' }),
              copy: async (file, signal) =>
                copyFile({
                  ...{ bucket, file, token: 'xoxb-bench', allowedHosts: ['127.0.0.1'], signal },
                  maxBytes: (await policiesFor(catalog, file, policy)).maxFileBytes,
                }),
            },
            row,
            stop,
          );
          inHand -= 1;
          if (outcome !== 'stored') reject(new Error(`a capture ended as ${outcome}`));
          stored += 1;
          if (stored === o.files) void worker.stop(1_000).then(() => catalog.close().then(resolve, reject));
        },
        longestSleepMs: 30_000,
        log,
      });
    });
  return { copyAll, stored: () => stored, mostInHand: () => mostInHand };
}
