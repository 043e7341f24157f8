import { createReadStream } from 'node:fs';
import { open, opendir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { type Archive, type ArchiveEntry, type ArchiveProblem, safePath } from './archive.ts';
import { ImportError } from './errors.ts';

/** A folder that somebody unpacked, or that a tool wrote. Symbolic links are not followed: they may lead anywhere. */
export function openFolder(folder: string): Archive {
  return {
    name: basename(resolve(folder)),
    entries: (onProblem) => walk(folder, '', onProblem),
    async open({ path, place }) {
      // The file may be gone since it was listed.
      const handle = await open(place, 'r').catch((cause: Error) => {
        throw new ImportError('damaged_entry', `${path} cannot be read.`, { cause });
      });
      return createReadStream(place, { fd: handle });
    },
    async isAsListed({ place, bytes, writtenAt }) {
      const facts = await stat(place).catch(() => undefined);
      return facts !== undefined && facts.size === bytes && facts.mtimeMs === writtenAt;
    },
    async again(entry) {
      const facts = await stat(entry.place).catch(() => undefined);
      return facts === undefined ? entry : { ...entry, bytes: facts.size, writtenAt: facts.mtimeMs };
    },
    async close() {},
  };
}

async function* walk(
  root: string,
  below: string,
  onProblem: (problem: ArchiveProblem) => void,
): AsyncGenerator<ArchiveEntry> {
  const folder = await opendir(join(root, below)).catch(() => undefined);
  if (folder === undefined) {
    onProblem({ path: below || basename(root), code: 'unreadable' });
    return;
  }
  for await (const one of folder) {
    const told = below === '' ? one.name : `${below}/${one.name}`;
    if (one.isSymbolicLink()) onProblem({ path: told, code: 'link' });
    else if (one.isDirectory()) yield* walk(root, told, onProblem);
    else if (one.isFile()) {
      const place = join(root, told);
      const facts = await stat(place).catch(() => undefined);
      const path = safePath(told);
      if (facts === undefined || path === null) onProblem({ path: told, code: 'unreadable' });
      else yield { path, bytes: facts.size, writtenAt: facts.mtimeMs, place };
    }
  }
}
