import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { TestVault } from './vault.ts';

/** How many bytes are in the folder of the bucket's server, including uploads that are still coming in. */
export function bytesInStore(vault: TestVault): number {
  return readdirSync(join(vault.dir, 's3'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => statSync(join(parentPath, name), { throwIfNoEntry: false })?.size ?? 0)
    .reduce((sum, bytes) => sum + bytes, 0);
}
