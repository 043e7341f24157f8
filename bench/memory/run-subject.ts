import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CopiedFile, Place, Side } from '../capture/side.ts';
import { makeDueCatalog } from './due-catalog.ts';
import type { Job, Subject } from './subject.ts';
import { openVault } from './vault.ts';
import { settledMemory, watchMemory } from './watch.ts';

/** The process that is watched: started by `measure.ts`, to which it tells what it held. */
const LOOK_MS = 50;
/** How long connections and garbage of the warm-up have to disappear. */
const REST_MS = 300;

process.on('disconnect', () => process.exit(0));
const job = JSON.parse(process.argv[2] as string) as Job;
const { place, warmUp, files, dataDir, atOnce, forMs } = job;
const side = job.way === 'vault' ? null : await openSide(job.way, place);
const subject =
  side === null ? await openVault(place, { dataDir, files: files.length, atOnce }) : inSide(side, files);
await warm();
await sleep(REST_MS);
const before = settledMemory();
process.send?.('warm');
await once(process, 'message');

const began = performance.now();
const look = watchMemory(LOOK_MS);
const work = subject.copyAll().then(() => true);
const isComplete = await Promise.race([work, sleep(forMs, false)]);
const ms = performance.now() - began;
const peak = look();
// What was still needed in the middle of it, without uncollected garbage.
const held = settledMemory();
process.send?.({
  ...{ before, peak, held, isComplete, ms },
  stored: subject.stored(),
  mostInHand: subject.mostInHand(),
});

async function warm(): Promise<void> {
  if (side !== null) return inSide(side, warmUp).copyAll();
  const own = mkdtempSync(join(tmpdir(), 'ria-vault-bench-warm-'));
  try {
    await makeDueCatalog(own, warmUp);
    await (await openVault(place, { dataDir: own, files: warmUp.length, atOnce: warmUp.length })).copyAll();
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

async function openSide(name: string, at: Place): Promise<Side> {
  const { open } = (await import(`../capture/sides/${name}.ts`)) as { open(place: Place): Promise<Side> };
  return open(at);
}

function inSide(way: Side, all: CopiedFile[]): Subject {
  let stored = 0;
  const copyAll = async () => {
    await Promise.all(all.map((file) => way.copyAll([file], 1).then(() => stored++)));
  };
  return { copyAll, stored: () => stored, mostInHand: () => all.length };
}
