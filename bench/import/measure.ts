import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeEntries, writeExport } from './archives.ts';

/** What an import of an archive took. */
export interface Imported {
  files: number;
  shares: number;
  seconds: number;
  cpuSeconds: number;
  /** How much the process grew, at most, from before the import. */
  grownBytes: number;
}

/** Imports an export with so many files, in ten times as many messages. */
export const measureRows = (files: number) => measured((path) => writeExport(path, files));

/** Imports an export with so many entries in its zip file. */
export const measureEntries = (entries: number) => measured((path) => writeEntries(path, entries));

/** Each in a process of its own, so that it starts small. */
async function measured(write: (path: string) => Promise<void>): Promise<Imported> {
  const folder = mkdtempSync(join(tmpdir(), 'ria-vault-bench-import-'));
  try {
    const path = join(folder, 'export.zip');
    await write(path);
    const child = fork(join(import.meta.dirname, 'subject.ts'), [path, join(folder, 'data')], {
      execArgv: ['--disable-warning=ExperimentalWarning', ...flagsOfImport()],
    });
    return await new Promise((resolve, reject) => {
      let told: Imported | undefined;
      child.on('message', (message) => {
        told = message as Imported;
      });
      child.on('exit', (code) => {
        if (told === undefined) reject(new Error(`The import ended with ${code}.`));
        else resolve(told);
      });
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What `npm run import` tells Node. */
function flagsOfImport(): string[] {
  const path = join(import.meta.dirname, '../../package.json');
  const { scripts } = JSON.parse(readFileSync(path, 'utf8')) as { scripts: { import: string } };
  return scripts.import.split(' ').filter((word) => word.startsWith('--'));
}
