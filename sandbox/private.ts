import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const FOLDERS = ['page', 's3', 'slack', 'vault'];
const FILES = ['bot.env', 'bot.log', 'bot.log.1', 'first-steps.json', 'sandbox.lock', 'tokens.json'];

/** All that a sandbox keeps in its folder. */
export const OURS = [...FOLDERS, ...FILES];

/** Messages, files and tokens are only for the user who started the sandbox; older ones left them open to all. */
export function keepPrivate(dir: string): void {
  for (const name of FOLDERS) {
    mkdirSync(join(dir, name), { recursive: true, mode: 0o700 });
    chmodSync(join(dir, name), 0o700);
  }
  for (const name of FILES)
    if (statSync(join(dir, name), { throwIfNoEntry: false })) chmodSync(join(dir, name), 0o600);
}
