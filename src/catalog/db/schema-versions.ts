import type { FileVersion } from '../model.ts';
import type { DueColumns } from './due-columns.ts';

/** Older versions of files; see versions.ts. Due while one is to be removed from the bucket. */
export interface FileVersionTable extends DueColumns, FileVersion {
  /** Whose the legal hold on its object is; see object-holds.ts. */
  holdApplied: number;
}

/** Files that Slack said were changed, to be looked at once they have been quiet for a while; see changes.ts. */
export interface FileChangeTable extends DueColumns {
  teamId: string;
  fileId: string;
  /** When the first of the changes came that no look has answered yet, and the last (ms). */
  firstAt: number;
  lastAt: number;
  /** Counts the changes, so that one that comes during a look is not forgotten. */
  version: number;
}
