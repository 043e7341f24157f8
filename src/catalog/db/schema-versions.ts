import type { FileVersion } from '../model.ts';
import type { DueColumns } from './due-columns.ts';

/** Older versions of files; see versions.ts. Due while one is to be removed from the bucket. */
export interface FileVersionTable extends DueColumns, FileVersion {
  /** Who set the legal hold on its object; see object-holds.ts. */
  holdApplied: number;
}

/** Files that Slack said were changed. They are looked at once they have been quiet for a while; see changes.ts. */
export interface FileChangeTable extends DueColumns {
  teamId: string;
  fileId: string;
  /** When the first and the last change came that no look has answered yet (ms). */
  firstAt: number;
  lastAt: number;
  /** Counts the changes, so that a change during a look is not forgotten. */
  version: number;
}
