import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LockedError, lockFolder } from './lock.ts';
import { SandboxOptionError, sandboxOptions } from './options.ts';
import { OURS } from './private.ts';

/**
 * `npm run sandbox:reset`: removes everything that the sandbox keeps, and no more: `SANDBOX_DIR` may name a folder
 * that holds other things. Refuses while a sandbox runs.
 */
try {
  const { dir } = sandboxOptions(process.env);
  if (existsSync(dir)) {
    // Held while the files are removed, so that no sandbox can start in between.
    const lock = lockFolder(dir);
    for (const name of OURS) rmSync(join(dir, name), { recursive: true, force: true });
    if (readdirSync(dir).length === 0) rmdirSync(dir);
    lock.release();
  }
  process.stdout.write(`The sandbox in ${dir} is empty. npm start begins anew.\n`);
} catch (error) {
  if (!(error instanceof LockedError || error instanceof SandboxOptionError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
