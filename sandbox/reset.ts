import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readEnvironment } from '../src/environment.ts';
import { ConfigError } from '../src/errors.ts';
import { LockedError, lockFolder } from './lock.ts';
import { SandboxOptionError, sandboxOptions } from './options.ts';
import { OURS } from './private.ts';

/**
 * `npm run sandbox:reset`: removes everything that the sandbox keeps, and no more: `SANDBOX_DIR` may name a folder
 * that holds other things. Refuses while a sandbox runs.
 */
try {
  const { dir } = sandboxOptions(readEnvironment());
  if (existsSync(dir)) {
    // Held while the files are removed, so that no sandbox can start in between.
    const lock = lockFolder(dir);
    for (const name of OURS) rmSync(join(dir, name), { recursive: true, force: true });
    if (readdirSync(dir).length === 0) rmdirSync(dir);
    lock.release();
  }
  process.stdout.write(`The sandbox in ${dir} is empty. npm start begins anew.\n`);
} catch (error) {
  const isClear = [LockedError, SandboxOptionError, ConfigError].some((kind) => error instanceof kind);
  if (!isClear) throw error;
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = error instanceof ConfigError ? 2 : 1;
}
