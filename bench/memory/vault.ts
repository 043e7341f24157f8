import { openCatalog } from '../../src/catalog/db/open.ts';
import { startWorker } from '../../src/jobs/worker.ts';
import { countBuffersWithHeap } from '../../src/v8-flags.ts';
import type { Place } from '../capture/side.ts';
import { vaultCapture } from '../capture/vault-capture.ts';
import type { Subject } from './subject.ts';

/** RIA Vault's own capture over a catalog in which files are due, and how many it has in hand. */
export async function openVault(
  place: Place,
  o: { dataDir: string; files: number; atOnce: number },
): Promise<Subject> {
  countBuffersWithHeap();
  const catalog = await openCatalog({ dataDir: o.dataDir });
  const { capture, claim, ...queue } = await vaultCapture(place, catalog);
  let stored = 0;
  let inHand = 0;
  let mostInHand = 0;

  const copyAll = () =>
    new Promise<void>((resolve, reject) => {
      const worker = startWorker({
        ...queue,
        concurrency: o.atOnce,
        async claim(limit) {
          const rows = await claim(limit);
          inHand += rows.length;
          mostInHand = Math.max(mostInHand, inHand);
          return rows;
        },
        async work(row, stop) {
          await capture(row, stop).catch(reject);
          inHand -= 1;
          stored += 1;
          if (stored === o.files) void worker.stop(1_000).then(() => catalog.close().then(resolve, reject));
        },
      });
    });
  return { copyAll, stored: () => stored, mostInHand: () => mostInHand };
}
