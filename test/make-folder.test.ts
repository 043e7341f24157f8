import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { makeFolder } from '../src/make-folder.ts';

it('makes all that is missing, for its owner alone, and is content with what is there', () => {
  const root = mkdtempSync(join(tmpdir(), 'vault-folder-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  makeFolder(join(root, 'a/b/c'));
  expect(statSync(join(root, 'a/b')).mode & 0o777).toBe(0o700);
  makeFolder(join(root, 'a/b/c'));
  expect(existsSync(join(root, 'a/b/c'))).toBe(true);
});

it.runIf(process.platform === 'linux')('ends where a file system makes no folders: below /proc', () => {
  for (const path of ['/proc/vault', '/proc/vault/backups/deep'])
    expect(() => makeFolder(path)).toThrow(/ENOENT|EACCES|EPERM/);
});
