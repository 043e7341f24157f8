import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';

/** A record being written; a file that still has this ending at start was interrupted and is removed. */
export const UNFINISHED = '.unfinished';

/** Makes a rename or removal in `folder` survive a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Replaces the JSON file at `path` in one step: after a kill at any instant it is the old or the new one. */
export async function replaceJson(path: string, value: unknown): Promise<void> {
  const temporary = `${path}.${randomUUID()}${UNFINISHED}`;
  try {
    await writeNew(temporary, JSON.stringify(value));
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Writes a file that must not exist yet, down to the disk. */
async function writeNew(path: string, content: string | AsyncIterable<Buffer>): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Removes a file for good; one that is not there is fine. */
export async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true });
  await syncFolder(dirname(path));
}

/**
 * The bytes of objects and parts, one file each, under random names. A file does not count
 * until a record names it, and files that no record names are removed at start.
 */
export interface DataFiles {
  /** Writes and syncs; leaves nothing behind when `bytes` throws. Returns the name. */
  write(bytes: AsyncIterable<Buffer>): Promise<string>;
  /** Opens at once, so that a removal afterwards does not disturb the reader. Both ends are inclusive. */
  read(name: string, range?: { start: number; end: number }): Promise<Readable>;
  drop(names: Iterable<string>): Promise<void>;
}

export function dataFiles(folder: string): DataFiles {
  return {
    async write(bytes) {
      const name = randomUUID();
      try {
        await writeNew(join(folder, name), bytes);
      } catch (error) {
        await rm(join(folder, name), { force: true });
        throw error;
      }
      await syncFolder(folder);
      return name;
    },
    async read(name, range) {
      const handle = await open(join(folder, name), 'r');
      return handle.createReadStream({ ...range, highWaterMark: 256 * 1024 });
    },
    async drop(names) {
      for (const name of names) await rm(join(folder, name), { force: true });
    },
  };
}
