/** Why a backup could not be made or put back; the sentence says what to do. */
export type BackupErrorCode =
  | 'backup_exists' // a file of that name is there
  | 'backup_failed' // the copy is not whole
  | 'backup_no_program' // pg_dump or pg_restore is missing, or older than the server
  | 'backup_unreadable' // no backup of the vault's, or a damaged one
  | 'backup_newer' // made by a later version
  | 'backup_other_database' // of SQLite, and PostgreSQL is in use, or the other way round
  | 'backup_other_workspace'
  | 'backup_other_prefix' // its files are not under VAULT_PREFIX
  | 'backup_not_empty' // the catalog in use holds something
  | 'backup_bot_runs';

export class BackupError extends Error {
  readonly code: BackupErrorCode;

  constructor(code: BackupErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'BackupError';
    this.code = code;
  }
}
