import { statfs } from 'node:fs/promises';

/** Linux's numbers of file systems. Source: statfs(2), "f_type", and linux/magic.h. */
const NETWORK = new Set([
  0x6969, 0xff534d42, 0xfe534d42, 0x517b, 0x01021997, 0x65735546, 0x00c36400, 0x5346414f,
]);
/** tmpfs, ramfs and overlayfs: gone with the machine, or with the container. */
const PASSING = new Set([0x01021994, 0x858458f6, 0x794c7630]);

/** Whether a folder is on a file system of the network (or FUSE), on one that does not last, or on a disk. */
export async function fileSystemOf(folder: string): Promise<'disk' | 'network' | 'passing'> {
  if (process.platform !== 'linux') return 'disk';
  const { type } = await statfs(folder);
  const number = type >>> 0;
  if (NETWORK.has(number)) return 'network';
  return PASSING.has(number) ? 'passing' : 'disk';
}
