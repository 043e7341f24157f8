import { statfs } from 'node:fs/promises';

/** How many bytes this process may still write to the file system of a folder. Throws what the system says. */
export async function freeSpace(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
