/** The process of one import: started by `measure.ts`, to which it tells what it took. */
import { openCatalog } from '../../src/catalog/db/open.ts';
import { IMPORT_CACHE_MIB, importArchive } from '../../src/import/run.ts';
import { createLog } from '../../src/log.ts';
import type { Bucket } from '../../src/storage/bucket.ts';
import { keepHeapSmall } from '../../src/v8-flags.ts';
import { watchMemory } from '../memory/watch.ts';
import { TEAM } from './archives.ts';
import type { Imported } from './measure.ts';

const LOOK_MS = 50;

keepHeapSmall();
const [path, dataDir] = process.argv.slice(2) as [string, string];
const catalog = await openCatalog({ dataDir, cacheMib: IMPORT_CACHE_MIB });
const before = process.memoryUsage.rss();
const stop = watchMemory(LOOK_MS);
const [began, cpu] = [performance.now(), process.cpuUsage()];
const report = await importArchive({
  ...{ path, catalog, teamId: TEAM, dryRun: false, owner: 'bench', concurrency: 8 },
  policy: { maxFileBytes: Number.POSITIVE_INFINITY, excludeTypes: new Set() },
  // The archive has no bytes and no links, so nothing is stored.
  bucket: undefined as unknown as Bucket,
  ...{ allowedHosts: [], log: createLog('error'), now: Date.now, onProgress: () => {} },
  ...{ personNamed: async () => null, channelNamed: async () => null },
  signal: new AbortController().signal,
});
if (Object.keys(report.problems).length > 0)
  throw new Error(`The archive is not right: ${JSON.stringify(report.problems)}`);
const used = process.cpuUsage(cpu);
const told: Imported = {
  ...{ files: report.recorded, shares: report.shares, seconds: (performance.now() - began) / 1_000 },
  cpuSeconds: (used.user + used.system) / 1e6,
  grownBytes: stop().rss - before,
};
await catalog.close();
process.send?.(told, () => process.exit(0));
