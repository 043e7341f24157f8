import { type RawBuilder, sql } from 'kysely';
import { lockExclusive } from '../db/dialect.ts';
import { CatalogError } from '../db/errors.ts';
import type { Catalog, Scope } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';

/** Tables that get rows at a bot's first start or at its first file. */
const TELLING = ['file', 'share', 'channel', 'sweep', 'audit', 'home'] as const;

/**
 * Makes sure that the catalog is about this workspace, and remembers it. A catalog that does not know its workspace yet
 * learns it from its rows; an empty one takes the first that comes. Two workspaces in one catalog would ask for each other's
 * files with the wrong token. Throws {@link CatalogError} `catalog_other_workspace`.
 */
export async function claimWorkspace(catalog: Catalog, teamId: string): Promise<void> {
  if ((await workspaceOf(catalog)) === teamId) return;
  await inTransaction(catalog, (scope) => claimWorkspaceIn(scope, teamId));
}

/** The same, within a transaction. */
export async function claimWorkspaceIn(scope: Scope, teamId: string): Promise<void> {
  const known = await learn(scope, teamId);
  if (known === teamId) return;
  throw new CatalogError(
    'catalog_other_workspace',
    `This catalog belongs to the workspace ${known}, and SLACK_BOT_TOKEN to ${teamId}: give each workspace a DATABASE_URL or VAULT_DATA_DIR of its own, or use the token of ${known}.`,
  );
}

async function learn(scope: Scope, teamId: string): Promise<string> {
  await lockExclusive(scope, 'workspace');
  const known = await workspaceOf(scope);
  if (known !== undefined) return known;
  const other = (await hasRows(scope, sql`team_id = ${teamId}`)) ? undefined : await someTeam(scope);
  if (other !== undefined) return other;
  await scope.db.insertInto('workspace').values({ id: 1, teamId }).execute();
  return teamId;
}

/** The workspace that the catalog is about; undefined before the first start has learned it. */
export async function workspaceOf({ db }: Scope): Promise<string | undefined> {
  return (await db.selectFrom('workspace').select('teamId').executeTakeFirst())?.teamId;
}

async function hasRows({ db }: Scope, condition: RawBuilder<unknown>): Promise<boolean> {
  for (const table of TELLING) {
    const { rows } = await sql`select 1 from ${sql.table(table)} where ${condition} limit 1`.execute(db);
    if (rows.length > 0) return true;
  }
  return false;
}

async function someTeam({ db }: Scope): Promise<string | undefined> {
  for (const table of TELLING) {
    const { rows } = await sql<{ teamId: string }>`select team_id from ${sql.table(table)} limit 1`.execute(
      db,
    );
    if (rows[0]) return rows[0].teamId;
  }
  return undefined;
}
