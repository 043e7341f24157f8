/** What can be wrong with the catalog's database; the sentence names the variable and the remedy. */
export type CatalogErrorCode =
  | 'catalog_bad_url' // DATABASE_URL is not a PostgreSQL address
  | 'catalog_unreachable' // nothing answers there
  | 'catalog_denied' // the server refused the user, the password or the rights
  | 'catalog_tls' // the server and the bot do not agree on TLS, or on its certificate
  | 'catalog_other_workspace' // another workspace's bot uses this catalog
  | 'catalog_locked' // another process has this SQLite catalog open
  | 'catalog_gone' // the files of this SQLite catalog were removed or replaced while it is open
  | 'catalog_damaged' // the file is not a (whole) database
  | 'catalog_read_only' // it can be read but not written
  | 'catalog_newer' // a newer version of the vault made it
  | 'catalog_in_use' // only an empty catalog can be rebuilt
  | 'catalog_unfinished' // a rebuild was begun and never finished
  | 'catalog_empty' // it is new, and the bucket holds a vault
  | 'catalog_blocked' // somebody holds a lock that the vault waits for
  | 'catalog_slow' // PostgreSQL ended a statement that took too long
  | 'catalog_failed'; // anything else

/** An error of the catalog, fit to show to the person who starts the bot. Never carries a password. */
export class CatalogError extends Error {
  readonly code: CatalogErrorCode;

  constructor(code: CatalogErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'CatalogError';
    this.code = code;
  }
}
