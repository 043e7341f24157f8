import { CatalogError } from '../catalog/db/errors.ts';
import type { ServerFacts } from '../catalog/db/look.ts';
import { lookAtDatabase } from '../catalog/db/look.ts';
import { type Check, type CheckId, check, type Line, type Say } from './check.ts';

const LEAST = 130_000;

/** Is the catalog's database there, and of which kind and version? Everything else about it is asked with this. */
export const database = check('database', {}, async ({ data, found }, say) => {
  if (data === undefined) return say.skip('DATABASE_URL or VAULT_DATA_DIR is not set right.');
  try {
    const facts = await lookAtDatabase(data);
    found.database = facts;
    if (facts.version === null) return say.ok('SQLite; there is no catalog yet, the first start makes it.');
    return say.ok(`${facts.kind === 'sqlite' ? 'SQLite' : 'PostgreSQL'} ${facts.version} answers.`);
  } catch (error) {
    if (!(error instanceof CatalogError)) throw error;
    return say.fail('wrong', error.message);
  }
});

export const databaseSchema = check('database.schema', { needs: ['database'] }, ({ found }, say) => {
  switch (found.database?.schema) {
    case 'same':
      return say.ok('The tables are those of this version.');
    case 'older':
      return say.warn('older', 'The tables are those of an older version.');
    case 'newer':
      return say.fail('newer', 'The tables are those of a newer version of RIA Vault.');
    default:
      return say.ok('There are no tables yet; the first start makes them.');
  }
});

/** A check about a PostgreSQL server; with SQLite there is none. */
function ofServer<Id extends CheckId>(id: Id, look: (server: ServerFacts, say: Say<Id>) => Line): Check {
  return check<Id>(id, { needs: ['database'] }, ({ found }, say) => {
    const { server } = found.database ?? {};
    return server === undefined ? say.skip('The catalog is in SQLite.') : look(server, say);
  });
}

export const databaseVersion = ofServer('database.version', ({ number }, say) => {
  const version = Math.floor(number / 10_000);
  return number < LEAST
    ? say.fail('old', `PostgreSQL ${version} is too old; the vault needs 13 or later.`)
    : say.ok(`PostgreSQL ${version} is new enough.`);
});

export const databaseWrite = check('database.write', { needs: ['database'] }, ({ found }, say) => {
  const { server } = found.database ?? {};
  if (server === undefined)
    return say.skip('The catalog is in SQLite; “folder” says whether it can be written.');
  const { isReadOnly, mayCreate, ownsTables } = server;
  if (isReadOnly) return say.fail('readOnly', 'The database can only be read: a standby server, or set so.');
  if (!ownsTables) return say.fail('rights', 'The role of DATABASE_URL does not own the catalog’s tables.');
  if (!mayCreate) return say.fail('rights', 'The role of DATABASE_URL may not create tables.');
  return say.ok('The role of DATABASE_URL may write, and change tables for new versions.');
});

export const databaseSearch = ofServer('database.search', ({ search }, say) => {
  if (search === 'there') return say.ok('The extension pg_trgm is there.');
  if (search === 'creatable')
    return say.ok('The extension pg_trgm is not there yet; the bot creates it at its start.');
  return search === 'unavailable'
    ? say.warn('unavailable', 'The server does not have the extension pg_trgm.')
    : say.warn('missing', 'The database lacks the extension pg_trgm, and this role may not create it.');
});

export const databaseTls = ofServer('database.tls', ({ tls, isLocal }, say) => {
  if (tls === 'verified') return say.ok('The connection has TLS, and the server’s certificate is verified.');
  if (tls === 'unverified')
    return say.warn(
      'unverified',
      'The connection has TLS, but nobody verifies who the server is (sslmode=no-verify).',
    );
  return isLocal
    ? say.ok('The connection has no TLS, and does not leave this machine.')
    : say.warn('off', 'The connection to PostgreSQL has no TLS.');
});

export const databasePooler = ofServer('database.pooler', ({ pooler }, say) => {
  if (pooler === 'none') return say.ok('No pooler is in between.');
  return pooler === 'transaction'
    ? say.ok('A pooler is in between, and lends its connections for a transaction or longer.')
    : say.fail('statement', 'A pooler is in between that lends its connections for one statement only.');
});
