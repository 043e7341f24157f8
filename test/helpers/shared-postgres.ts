import type { TestProject } from 'vitest/node';
import { openCatalog } from '../../src/catalog/db/open.ts';
import { noPostgres, startPostgres } from './postgres.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A database whose tables are made; tests copy it. Undefined where PostgreSQL is not installed. */
    postgresTemplate: string | undefined;
  }
}

/**
 * One real PostgreSQL for all tests of a run. Its template is migrated once; a test file that needs a catalog copies it,
 * which takes a tenth of a second.
 */
export default async function setUp(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const missing = noPostgres();
  if (missing !== undefined) {
    console.warn(`The tests run on SQLite alone: ${missing}.`);
    project.provide('postgresTemplate', undefined);
    return undefined;
  }
  const server = await startPostgres();
  const template = await server.createDatabase();
  const catalog = await openCatalog({ databaseUrl: template, dataDir: '' });
  await catalog.close();
  project.provide('postgresTemplate', template);
  return () => server.close();
}
