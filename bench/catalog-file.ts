import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSqlite } from './load.ts';

/** Names the folder that the parts of one run share. */
const VARIABLE = 'BENCH_FOLDER';

/** Makes the folder that the parts of this run share. It is removed when this process ends. */
export function shareFolder(): void {
  const folder = mkdtempSync(join(tmpdir(), 'ria-vault-bench-'));
  process.env[VARIABLE] = folder;
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
}

/**
 * The data directory of a SQLite catalog of so many files, shared `stepMs` ms apart. The first part that asks in a
 * run fills it, the others find it. Do not change it: open a copy of it to write. Throws when the disk is full.
 */
export async function loadedCatalog(
  files: number,
  stepMs: number,
  say: (line: string) => void,
): Promise<string> {
  if (process.env[VARIABLE] === undefined) shareFolder();
  const dataDir = join(process.env[VARIABLE] as string, `catalog-${files}-${stepMs}`);
  if (existsSync(dataDir)) return dataDir;
  // Under another name until it is complete, so that nobody finds an interrupted load.
  const unfinished = mkdtempSync(`${dataDir}-`);
  await loadSqlite(unfinished, files, stepMs, say);
  renameSync(unfinished, dataDir);
  return dataDir;
}
