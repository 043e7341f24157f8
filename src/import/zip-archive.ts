import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import * as yauzl from 'yauzl';
import { zipName } from '../zip-name.ts';
import {
  type Archive,
  type ArchiveEntry,
  type ArchiveProblem,
  isTooCompressed,
  safePath,
} from './archive.ts';
import { checkedBytes } from './checked-bytes.ts';
import { beginsAsZip, notAZip, openCutZip } from './cut-zip.ts';
import { ImportError } from './errors.ts';
import { readAhead } from './read-ahead.ts';

/** Both methods that Slack and the tools around it use: stored and deflated (APPNOTE.TXT 4.4.5). */
const METHODS = [0, 8];
const LINK_TYPE = 0o120000;
const TYPE_BITS = 0o170000;

/**
 * Opens a zip file, also a zip64 one. Its list of files is read as it comes, and nothing is unpacked to the disk. Of one that
 * is cut off, what came whole can be read. Throws `ImportError` for a file that is no zip.
 */
export async function openZip(path: string): Promise<Archive> {
  const zip = await yauzl
    .openPromise(path, { lazyEntries: true, autoClose: false, validateEntrySizes: true })
    .catch((error: Error) => error);
  if (zip instanceof Error) {
    if (await beginsAsZip(path).catch(() => false)) return openCutZip(path);
    throw notAZip(path, zip);
  }
  return {
    name: basename(path),
    entries: (onProblem) => entriesOf(path, onProblem),
    open: (entry) => openEntry(zip, entry),
    isAsListed: async () => true,
    again: async (entry) => entry,
    close: async () => zip.close(),
  };
}

/** Where an entry's bytes are, and what they must be. */
interface Place {
  method: number;
  flags: number;
  packed: number;
  at: number;
  crc: number;
}

async function* entriesOf(
  path: string,
  onProblem: (problem: ArchiveProblem) => void,
): AsyncGenerator<ArchiveEntry> {
  // Read by a handle of its own: it ends with the list, also when the caller stops early.
  const { reader, bytes } = await readAhead(path);
  const zip = await yauzl.fromRandomAccessReaderPromise(reader, bytes, {
    ...{ lazyEntries: true, autoClose: false, decodeStrings: false },
  });
  try {
    for (;;) {
      const entry = await nextEntry(zip).catch(() => 'broken' as const);
      if (entry === null) return;
      if (entry === 'broken') {
        onProblem({ path: basename(path), code: 'cut_off' });
        return;
      }
      const told = zipName(entry);
      if (told.endsWith('/')) continue;
      const safe = safePath(told);
      const problem = problemOf(entry);
      if (safe === null || problem !== undefined) {
        onProblem({ path: told, code: problem ?? 'unsafe_name' });
        continue;
      }
      const place: Place = {
        method: entry.compressionMethod,
        flags: entry.generalPurposeBitFlag,
        packed: entry.compressedSize,
        at: entry.relativeOffsetOfLocalHeader,
        crc: entry.crc32,
      };
      const writtenAt = entry.getLastModDate().getTime();
      yield {
        path: safe,
        bytes: entry.uncompressedSize,
        writtenAt: Number.isNaN(writtenAt) ? null : writtenAt,
        place: JSON.stringify(place),
      };
    }
  } finally {
    zip.close();
  }
}

/** The next entry of the list, or null at its end. */
function nextEntry(zip: yauzl.ZipFile): Promise<yauzl.Entry | null> {
  return new Promise((resolve, reject) => {
    const settle = (give: () => void) => {
      zip.off('entry', onEntry).off('end', onEnd).off('error', onError);
      give();
    };
    const onEntry = (entry: yauzl.Entry) => settle(() => resolve(entry));
    const onEnd = () => settle(() => resolve(null));
    const onError = (error: Error) => settle(() => reject(error));
    zip.on('entry', onEntry).on('end', onEnd).on('error', onError);
    zip.readEntry();
  });
}

function problemOf(entry: yauzl.Entry): ArchiveProblem['code'] | undefined {
  const mode = entry.externalFileAttributes >>> 16;
  if ((mode & TYPE_BITS) === LINK_TYPE) return 'link';
  if (entry.isEncrypted()) return 'encrypted';
  if (!METHODS.includes(entry.compressionMethod)) return 'unknown_compression';
  if (isTooCompressed(entry.compressedSize, entry.uncompressedSize)) return 'too_compressed';
  return undefined;
}

async function openEntry(
  zip: yauzl.ZipFile,
  { path, place, bytes }: Pick<ArchiveEntry, 'path' | 'place' | 'bytes'>,
): Promise<Readable> {
  const { method, flags, packed, at, crc } = JSON.parse(place) as Place;
  const entry = Object.assign(new yauzl.Entry(), {
    ...{ compressionMethod: method, generalPurposeBitFlag: flags, compressedSize: packed },
    ...{ uncompressedSize: bytes, relativeOffsetOfLocalHeader: at, crc32: crc },
  });
  const body = await zip.openReadStreamPromise(entry, {}).catch((cause: Error) => {
    throw new ImportError('damaged_entry', `${path} cannot be read from the zip file.`, { cause });
  });
  return checkedBytes(body, path, { bytes, crc });
}
