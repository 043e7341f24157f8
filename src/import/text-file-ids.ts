import { createHash } from 'node:crypto';
import type { Archive, ArchiveEntry, ArchiveProblem } from './archive.ts';
import { chunksOf } from './entry-chunks.ts';
import { type EntryIndex, fileIdIn } from './entry-index.ts';
import { ImportError } from './errors.ts';
import { placeholderFileId } from './placeholder-id.ts';

/** Finds the files of one person's export by id and by name, and gives each an id. */
export interface Ids {
  /** A file's own id, if its place tells it; else one that is always the same for these bytes with this name. */
  of(entry: ArchiveEntry): Promise<string>;
  /** The one file with this id. */
  placeOf(fileId: string): Promise<ArchiveEntry | undefined>;
  /** The one file of this name; undefined also when there are several. */
  placeNamed(name: string): ArchiveEntry | undefined;
  isInside(fileId: string): boolean;
}

export function idsOf({
  archive,
  index,
  folder,
  onProblem,
}: {
  archive: Archive;
  index: EntryIndex;
  /** Where the files are. */
  folder: string;
  onProblem(problem: ArchiveProblem): void;
}): Ids {
  const isInFolder = ({ path }: ArchiveEntry) => path.startsWith(`${folder}/`);
  const inFolder = (fileId: string) => index.ofFile(fileId).filter(isInFolder);
  /** By id: whether all files with it are the same. */
  const known = index.notes();

  /** What looks like an id may be a part of the names of different files. Then it is nobody's. */
  async function isOneFile(fileId: string): Promise<boolean> {
    const told = known.get(fileId);
    if (told !== undefined) return told === 'one';
    const isOne = await areSame(inFolder(fileId));
    known.set(fileId, isOne ? 'one' : 'several');
    if (!isOne) for (const { path } of inFolder(fileId)) onProblem({ path, code: 'same_id' });
    return isOne;
  }

  async function areSame([first, ...others]: ArchiveEntry[]): Promise<boolean> {
    if (first === undefined || others.length === 0) return true;
    if (others.some(({ bytes }) => bytes !== first.bytes)) return false;
    const sum = await sumOf(archive, first);
    for (const other of others) if ((await sumOf(archive, other)) !== sum) return false;
    return true;
  }

  return {
    async of(entry) {
      const told = fileIdIn(entry.path);
      if (told !== null && (await isOneFile(told))) return told;
      return placeholderFileId(`${nameOf(entry.path, '')} ${await sumOf(archive, entry)}`);
    },
    async placeOf(fileId) {
      const [first] = inFolder(fileId);
      return first !== undefined && (await isOneFile(fileId)) ? first : undefined;
    },
    placeNamed(name) {
      const [first, second] = name === '' ? [] : index.named(name).filter(isInFolder);
      return second === undefined ? first : undefined;
    },
    isInside: (fileId) => inFolder(fileId).length > 0,
  };
}

/** What cannot be read is only like itself: it is told when it is stored. */
async function sumOf(archive: Archive, entry: ArchiveEntry): Promise<string> {
  const sum = createHash('sha256');
  try {
    for await (const chunk of chunksOf(archive, entry, 'packed')) sum.update(chunk);
  } catch (error) {
    if (error instanceof ImportError) return entry.path;
    throw error;
  }
  return sum.digest('hex');
}

/** The name without the id that stands before it. */
export function nameOf(path: string, fileId: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const rest =
    fileId !== '' && name.startsWith(fileId) ? name.slice(fileId.length).replace(/^[-_ ]+/, '') : name;
  return rest === '' || rest.startsWith('.') ? name : rest;
}
