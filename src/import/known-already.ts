import { createHash } from 'node:crypto';
import type { Catalog } from '../catalog/db/open.ts';
import { type SharedAround, sharedAround, statesOf } from '../catalog/files/imported.ts';
import { MINUTE_MS } from '../time.ts';
import type { Archive } from './archive.ts';
import { chunksOf } from './entry-chunks.ts';
import type { EntryIndex, Notes } from './entry-index.ts';
import { ImportError } from './errors.ts';
import { isPlaceholderFileId } from './placeholder-id.ts';
import type { Found } from './source.ts';

/** A table may tell minutes alone. */
const TOLERANCE_MS = 2 * MINUTE_MS;

/** An import, as far as it is asked here. */
interface Known {
  catalog: Catalog;
  teamId: string;
  archive: Archive;
  index: EntryIndex;
  /** Which path of the archive each file of Slack's was found to be, in this run: it is no other path's. */
  paths: Notes;
  signal: AbortSignal;
}

/**
 * Files whose ids an archive does not tell get made ones. Where the vault knows such a file from Slack, by the same name, size,
 * uploader and channel at about the same time, it is that file: nothing doubles, and the archive's bytes complete it. What came in
 * under a made id before stays so. Two files of an archive are never the same one, and where the vault has the bytes, they are equal.
 */
export async function asKnown(known: Known, found: Found[]): Promise<Found[]> {
  const made = found.filter(({ sighting }) => isPlaceholderFileId(sighting.file.fileId));
  if (made.length === 0) return found;
  const ids = made.map(({ sighting }) => sighting.file.fileId);
  const before = await statesOf(known.catalog, known.teamId, ids);
  const all: Found[] = [];
  for (const one of found) {
    const { fileId } = one.sighting.file;
    const isNew = isPlaceholderFileId(fileId) && !before.has(fileId);
    const same = isNew ? await sameFile(known, one) : undefined;
    all.push(same === undefined ? one : asFile(one, same));
  }
  return all;
}

async function sameFile(known: Known, one: Found): Promise<SharedAround | undefined> {
  const { file, share } = one.sighting;
  const { catalog, teamId, paths } = known;
  const { channelId, sharedAt } = share;
  if (file.uploaderId === null || file.size === null || file.name === null) return undefined;
  const [from, until] = [sharedAt - TOLERANCE_MS, sharedAt + TOLERANCE_MS];
  const around = await sharedAround(catalog, { teamId, channelId, from, until });
  const distance = (other: SharedAround) => Math.abs(other.sharedAt - sharedAt);
  const near = around
    .filter((other) => !isPlaceholderFileId(other.fileId) && other.uploaderId === file.uploaderId)
    .filter((other) => other.name?.normalize('NFC') === file.name?.normalize('NFC'))
    .filter((other) => (other.size ?? other.storedBytes) === file.size)
    .sort((a, b) => distance(a) - distance(b));
  const path = one.path ?? file.fileId;
  let sum: string | null | undefined;
  for (const other of near) {
    if ((paths.get(other.fileId) ?? path) !== path) continue;
    if (other.sha256 !== null) {
      if (sum === undefined) sum = await sumInArchive(known, one);
      if (sum !== null && sum !== other.sha256) continue;
    }
    paths.set(other.fileId, path);
    return other;
  }
  return undefined;
}

/** The hash of a file's bytes in the archive; null if it has none that can be read, so that nothing of it can be lost. */
async function sumInArchive({ archive, index, signal }: Known, { path }: Found): Promise<string | null> {
  const entry = path === undefined ? undefined : index.at(path);
  if (entry === undefined) return null;
  const sum = createHash('sha256');
  try {
    for await (const chunk of chunksOf(archive, entry, 'packed')) {
      signal.throwIfAborted();
      sum.update(chunk);
    }
  } catch (error) {
    if (signal.aborted || !(error instanceof ImportError)) throw error;
    return null;
  }
  return sum.digest('hex');
}

function asFile(one: Found, { fileId, ts, threadTs, channelKind, userId, sharedAt }: SharedAround): Found {
  const { file, share } = one.sighting;
  const place = { channelId: share.channelId, channelKind, ts, threadTs, userId, sharedAt };
  return { ...one, sighting: { ...one.sighting, file: { ...file, fileId }, share: place } };
}
