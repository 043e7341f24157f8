import { once } from 'node:events';
import { openCatalog } from '../../../src/catalog/db/open.ts';
import { claimDueFiles, commitStored } from '../../../src/catalog/files/capture.ts';
import { sampleObject, T0 } from '../samples.ts';

/**
 * A bot's worker in its own process: `node worker-process.ts <name> <hold|store> <data dir> [database url]`.
 * Opens the catalog, says `open`, and waits for a line. Then it claims what is due: `hold` says what and goes on
 * holding it until it is killed, `store` stores all it can get, a few at a time, and says what it stored.
 */
const [name = '', task, dataDir = '', databaseUrl] = process.argv.slice(2);
const catalog = await openCatalog({ dataDir, ...(databaseUrl ? { databaseUrl } : {}) });
console.log('open');
await once(process.stdin, 'data');

const stored: string[] = [];
for (;;) {
  const files = await claimDueFiles(catalog, { owner: name, limit: 5, leaseMs: 60_000, now: T0 });
  if (task === 'hold') {
    console.log(JSON.stringify(files.map((file) => file.fileId)));
    await once(process.stdin, 'data');
  }
  if (files.length === 0) break;
  const commits = files.map(async (ref) => {
    const object = sampleObject(ref.fileId);
    if (await commitStored(catalog, { ref, owner: name, object, confirm: 'thread', now: T0 }))
      stored.push(ref.fileId);
  });
  await Promise.all(commits);
}
console.log(JSON.stringify(stored));
await catalog.close();
process.exit(0);
