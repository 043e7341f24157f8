/**
 * While bots are exchanged one by one, a newer version may change the catalog's tables under an older one that still
 * runs. Whatever this writes by its own rules could be wrong by the new ones. So no transaction of it is kept from then on.
 */
import { CatalogError } from './errors.ts';

/** PostgreSQL's code for text that is no number. */
const NO_NUMBER = '22P02';
const MARK = 'ria-vault: the schema is now ';

export interface SchemaGuard {
  /** From now on, only transactions that end with this schema are kept. */
  arm(schema: string): void;
  /** The statement that fails with another schema; undefined until it is armed. */
  lastCheck(): string | undefined;
}

/**
 * Checks the schema at the end of each transaction, in the same message as `commit`. Whoever changes the schema first
 * locks the tables (see migrate.ts), so a transaction that wrote to them before is over by then; one that writes to
 * them afterwards finds the new schema at its end.
 */
export function createSchemaGuard(): SchemaGuard {
  let schema: string | undefined;
  return {
    arm(name) {
      schema = name;
    },
    // A statement can only fail by its data. This one reads a word as a number if the schema is another one.
    lastCheck: () =>
      schema &&
      `select cast(case when name = '${schema}' then '0' else '${MARK}' || name end as integer)
        from kysely_migration order by name desc limit 1`,
  };
}

/** The error of {@link SchemaGuard.lastCheck}, in words; any other error stays as it is. */
export function asSchemaChange(error: unknown): unknown {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return code === NO_NUMBER && String(message).includes(MARK) ? otherSchema(error) : error;
}

/** What a running bot throws when the catalog is not of its version any more. */
export function otherSchema(cause?: unknown): CatalogError {
  return new CatalogError(
    'catalog_newer',
    'Another version of RIA Vault has changed the catalog. This process hands back its work and ends; start that version in its place.',
    { cause },
  );
}
