import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** The folder itself, or the nearest one above it that is there. */
export function existingFolder(path: string): string {
  const whole = resolve(path);
  return existsSync(whole) || dirname(whole) === whole ? whole : existingFolder(dirname(whole));
}
