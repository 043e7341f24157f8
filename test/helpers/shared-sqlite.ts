import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { TestProject } from 'vitest/node';
import { openCatalog } from '../../src/catalog/db/open.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A SQLite catalog, empty but for its tables; tests copy it. */
    sqliteTemplate: string | undefined;
  }
}

/** Stands in the template for the history of a catalog's journal; each copy has one of its own, as long as this. */
export const NO_HISTORY = '00000000-0000-0000-0000-000000000000';

/** All migrations take ten times as long as the copy of a file, and hundreds of tests want a catalog of their own. */
export default async function setUp(project: TestProject): Promise<() => void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'ria-vault-template-'));
  const catalog = await openCatalog({ dataDir });
  await sql`update journal set history = ${NO_HISTORY}`.execute(catalog.db);
  await catalog.close();
  project.provide('sqliteTemplate', join(dataDir, 'vault.db'));
  return () => rmSync(dataDir, { recursive: true, force: true });
}
