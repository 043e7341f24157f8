import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { receive } from '../../../src/capture/receive.ts';
import { openCatalog } from '../../../src/catalog/db/open.ts';
import { indexDueSaid } from '../../../src/catalog/files/said-due.ts';
import type { Sighting } from '../../../src/catalog/model.ts';
import { startReading } from '../../../src/catalog/reading/start.ts';
import { startWorker } from '../../../src/jobs/worker.ts';
import { countBuffersWithHeap } from '../../../src/v8-flags.ts';
import { drawWords, seedOf, wordAt } from '../../search/words.ts';
import type { CopiedFile, Place, Side } from '../side.ts';
import { KEEP_ALL, vaultCapture } from '../vault-capture.ts';

const TEAM = 'T0BENCH';
/** Words of a message. */
const SAID = 15;

/**
 * RIA Vault's own capture, as the bot does it: each file and its share written to a SQLite catalog as an event would,
 * claimed by the worker, downloaded, stored and proven, and recorded as stored with its audit entry and its notice.
 */
export const open = (place: Place): Promise<Side> => openVault(place, false);

/**
 * With `texts`, each message has 15 words, which are kept, and each file is written down to be read; with `indexed`, the words are put
 * into the index at the end of a batch.
 */
export async function openVault(place: Place, texts: boolean, indexed = false): Promise<Side> {
  countBuffersWithHeap();
  const dataDir = mkdtempSync(join(tmpdir(), 'ria-vault-bench-'));
  process.on('exit', () => rmSync(dataDir, { recursive: true, force: true }));
  const catalog = await openCatalog({ dataDir });
  // The first call switches reading on.
  if (texts) await startReading(catalog);
  const { capture, ...queue } = await vaultCapture(place, catalog);
  return {
    async copyAll(files, atOnce) {
      const policy = { ...KEEP_ALL, ...(texts ? { text: 'all' as const } : {}) };
      const o = { teamId: TEAM, botUserId: 'U0BOT', policy, now: Date.now() };
      await Promise.all(files.map((file) => receive(catalog, o, [sighting(file, texts)])));
      let left = files.length;
      const done = Promise.withResolvers<void>();
      const worker = startWorker({
        ...queue,
        concurrency: atOnce,
        async work(file, stop) {
          await capture(file, stop).catch(done.reject);
          left -= 1;
          if (left === 0) done.resolve();
        },
      });
      await done.promise;
      await worker.stop(1_000);
      while (indexed && (await indexDueSaid(catalog)));
    },
  };
}

/** What is said with the file of this number. */
function saidWith(number: number): string {
  const draw = drawWords(seedOf(number));
  return Array.from({ length: SAID }, () => wordAt(draw())).join(' ');
}

function sighting({ url, bytes, key }: CopiedFile, texts: boolean): Sighting {
  const at = Date.now();
  const number = key.slice(1);
  return {
    file: {
      ...{ teamId: TEAM, fileId: key, name: `${key}.bin`, title: key, mimetype: 'application/octet-stream' },
      ...{ filetype: 'binary', mode: 'hosted', size: bytes, uploaderId: 'U1', createdAt: at, complete: true },
      ...{ url, externalUrl: null, permalink: null },
    },
    share: {
      ...{ channelId: `C${Number(number) % 10}`, channelKind: 'public', threadTs: null },
      ...{ ts: `${Math.floor(at / 1_000)}.${number.padStart(6, '0')}`, userId: 'U1', sharedAt: at },
      ...(texts && { said: { author: 'U1', text: saidWith(Number(number)), at } }),
    },
  };
}
