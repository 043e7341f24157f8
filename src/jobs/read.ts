import { nextDueAt as nextCaptureDueAt } from '../catalog/files/capture.ts';
import { isOlder } from '../catalog/reading/older.ts';
import { claimReadings, nextReadingDueAt, type ReadingRecord } from '../catalog/reading/rows.ts';
import { isStartDue, startReading } from '../catalog/reading/start.ts';
import { readFile } from '../contents/read-file.ts';
import { roomToRead } from '../contents/room.ts';
import { scratchFolder } from '../scratch-folder.ts';
import { readsContents } from '../text-modes.ts';
import { type Job, type JobContext, LEASE_MS } from './job.ts';
import { createReadPace, nextNight } from './read-pace.ts';

/**
 * Reads what was stored, one file at a time, so that it is found by what is in it. Where no channel asks for that, there is nothing
 * to do: no file is written down to be read.
 */
export function readJob({ vault, config, owner, due }: JobContext): Job<ReadingRecord> {
  const { catalog, bucket, log, now, policy } = vault;
  const byDefault = readsContents(policy.text);
  const { previews } = config.reading;
  const room = vault.room ?? roomToRead({ ocr: config.reading.ocr, log, now });
  // Where there is no room for letters in pictures, pictures are as if nobody had asked for them.
  const { ocr } = room;
  const options = {
    ...{ catalog, bucket, byDefault, owner, log, now, ocr, previews },
    folder: scratchFolder(catalog.kind, config.data.dataDir),
    leaseMs: LEASE_MS,
  };
  const pace = createReadPace(config.reading, now);
  const turn = async () => pace.turn({ captureDueAt: await nextCaptureDueAt(catalog) });
  /** Whether files from before reading was switched on, or a channel's setting changed, are to be gone through. */
  const isStarting = () => isStartDue(catalog, ocr, byDefault);
  /** Whether there is anything to do: nobody hears of a lack of room where nothing would be read. */
  const isWanted = async () => (await isStarting()) || (await nextReadingDueAt(catalog)) !== null;
  return {
    name: 'read',
    rows: 'reading',
    concurrency: 1,
    async claim(limit) {
      if (!(await isWanted())) return [];
      const { notBefore, older } = await turn();
      if (notBefore > now() || !(await room.isThere())) return [];
      if (await isStarting()) await startReading(catalog, ocr, byDefault);
      return claimReadings(catalog, { ...due(limit), onlyNew: !older });
    },
    async nextDueAt() {
      if (!(await isWanted()) || !(await room.isThere())) return null;
      const { notBefore, older } = await turn();
      if (await isStarting()) return Math.max(now(), notBefore);
      const next = await nextReadingDueAt(catalog);
      if (next === null) return null;
      if (older || !isOlder(next)) return Math.max(next, notBefore);
      const again = await nextReadingDueAt(catalog, { onlyNew: true });
      return Math.max(Math.min(again ?? Number.POSITIVE_INFINITY, nextNight(now())), notBefore);
    },
    key: ({ id }) => String(id),
    async work(row, signal) {
      const began = performance.now();
      try {
        await readFile(options, row, signal);
      } finally {
        pace.worked(performance.now() - began);
      }
    },
  };
}
