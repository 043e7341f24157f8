import { access, constants, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { errorCode } from '../errors.ts';
import { check } from './check.ts';

const OTHERS = 0o077;
/** Not one of SQLite's names; written and removed at once. */
const TRIAL = '.doctor-trial';

/** Where SQLite keeps the catalog: is it there, may it be written, may others read it? */
export const folder = check('folder', {}, async ({ data }, say) => {
  if (data === undefined) return say.skip('VAULT_DATA_DIR or DATABASE_URL is not set right.');
  if (data.databaseUrl !== undefined) return say.skip('The catalog is in PostgreSQL.');
  const { dataDir } = data;
  const about = await stat(dataDir).catch((error: unknown) => error as Error);
  if (about instanceof Error) {
    if (errorCode(about) !== 'ENOENT')
      return say.fail('unwritable', `${dataDir} cannot be looked at (${errorCode(about)}).`);
    const parent = dirname(resolve(dataDir));
    const mayMake = await access(parent, constants.W_OK).then(
      () => true,
      () => false,
    );
    return mayMake
      ? say.ok(`${dataDir} is not there yet; the first start makes it.`)
      : say.fail('missing', `${dataDir} is not there, and this user may not make it.`);
  }
  if (!about.isDirectory()) return say.fail('missing', `${dataDir} is no folder.`);
  const trial = join(dataDir, TRIAL);
  const refused = await writeFile(trial, 'trial')
    .then(() => rm(trial))
    .catch((error: unknown) => errorCode(error));
  if (refused !== undefined) return say.fail('unwritable', `${dataDir} cannot be written (${refused}).`);
  const unwritable = await firstUnwritable(dataDir);
  if (unwritable !== undefined)
    return say.fail('unwritable', `${unwritable} cannot be written by this user.`);
  if (process.platform !== 'win32' && (about.mode & OTHERS) !== 0)
    return say.warn(
      'open',
      `Other users of this machine may look into ${dataDir} (mode ${(about.mode & 0o777).toString(8)}).`,
    );
  return say.ok(`${dataDir} can be written, and only by this user.`);
});

async function firstUnwritable(dataDir: string): Promise<string | undefined> {
  for (const name of ['vault.db', 'vault.db-wal', 'vault.db-shm', 'vault.lock']) {
    const path = join(dataDir, name);
    const refused = await access(path, constants.W_OK).then(() => undefined, errorCode);
    if (refused !== undefined && refused !== 'ENOENT') return path;
  }
  return undefined;
}
