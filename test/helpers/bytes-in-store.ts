import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { TestVault } from './vault.ts';

/** How many bytes lie in the folder of the bucket's server, those of an upload that is still coming in as well. */
export function bytesInStore(vault: TestVault): number {
  return readdirSync(join(vault.dir, 's3'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => statSync(join(parentPath, name), { throwIfNoEntry: false })?.size ?? 0)
    .reduce((sum, bytes) => sum + bytes, 0);
}
