/** Why an import cannot begin or go on. The sentence says what to do. */
export class ImportError extends Error {
  readonly code: ImportErrorCode;

  constructor(code: ImportErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'ImportError';
    this.code = code;
  }
}

export type ImportErrorCode =
  | 'no_archive' // nothing is at this path
  | 'not_an_archive' // it is neither a folder nor a zip
  | 'unknown_layout'
  | 'unknown_workspace' // nothing in it says whose it is
  | 'other_workspace'
  | 'damaged_entry'
  | 'entry_too_large'
  | 'bad_table'
  | 'no_room' // the disk is full
  | 'stopped';
