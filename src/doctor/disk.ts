import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { check } from './check.ts';
import { existingFolder } from './existing-folder.ts';

const MB = 1024 * 1024;
const FULL_BYTES = 20 * MB;
const LOW_BYTES = 500 * MB;
/** What a restore drill wants beside as much as the catalog takes. */
const DRILL_SPARE_BYTES = 64 * MB;

/** Room for the catalog. */
export const disk = check('disk', {}, async ({ data, machine }, say) => {
  if (data === undefined) return say.skip('VAULT_DATA_DIR or DATABASE_URL is not set right.');
  if (data.databaseUrl !== undefined)
    return say.skip('The catalog is in PostgreSQL; look at the disk of its server.');
  const free = await machine.freeSpace(existingFolder(data.dataDir));
  const says = `${Math.floor(free / MB).toLocaleString('en-US')} MB are free at ${data.dataDir}.`;
  if (free < FULL_BYTES) return say.fail('full', says);
  if (free < LOW_BYTES) return say.warn('low', says);
  const catalog = await stat(join(data.dataDir, 'vault.db')).then(
    ({ size }) => size,
    () => 0,
  );
  const takes = `${says} The catalog takes ${Math.ceil(catalog / MB).toLocaleString('en-US')} MB.`;
  return free < catalog + DRILL_SPARE_BYTES ? say.warn('double', takes) : say.ok(says);
});

/** SQLite wants a disk of this machine. */
export const filesystem = check('filesystem', {}, async ({ data, machine }, say) => {
  if (data === undefined) return say.skip('VAULT_DATA_DIR or DATABASE_URL is not set right.');
  if (data.databaseUrl !== undefined) return say.skip('The catalog is in PostgreSQL.');
  const kind = await machine.fileSystemOf(existingFolder(data.dataDir));
  if (kind === 'network')
    return say.warn(
      'network',
      `${data.dataDir} is on a file system of the network, or one made by a program (FUSE).`,
    );
  if (kind === 'passing')
    return say.warn(
      'passing',
      `${data.dataDir} is on a file system that does not last (memory, or a container’s own layer).`,
    );
  return say.ok(`${data.dataDir} is on a disk of this machine.`);
});
