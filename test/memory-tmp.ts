import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { freemem } from 'node:os';
import { join } from 'node:path';

const MEMORY = '/dev/shm';
const ROOM_BYTES = 8 * 1024 ** 3;

/**
 * The variable by which tests keep their catalogs in memory: thousands of small databases wait for a disk else, a
 * quarter of the time. None where memory is short, where programs may not be started from there, or where somebody named
 * a place. Not for whole bots, which rightly warn of such a place.
 */
export function memoryForTmp(): { TMPDIR?: string } {
  if (process.env.TMPDIR !== undefined || process.platform !== 'linux') return {};
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    if (bavail * bsize < ROOM_BYTES || freemem() < ROOM_BYTES) return {};
    const dir = mkdtempSync(join(MEMORY, 'ria-vault-probe-'));
    try {
      const program = join(dir, 'probe');
      writeFileSync(program, '#!/bin/sh\n', { mode: 0o700 });
      execFileSync(program);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
    return { TMPDIR: MEMORY };
  } catch {
    return {};
  }
}
