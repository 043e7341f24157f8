import type { Generated } from 'kysely';
import type { TextMode } from '../../text-modes.ts';
import type { AuditEntry, ConfirmMode } from '../model.ts';
import type { DueColumns } from './due-columns.ts';

/** Files that may not go; see holds.ts. A criterion that is null is met by every file. */
export interface HoldTable extends DueColumns {
  /** Random; `id` is known only in this catalog. */
  holdId: string;
  teamId: string;
  personId: string | null;
  channelId: string | null;
  fileId: string | null;
  /** These files, by their ids with blanks between; null: whatever meets the other criteria. */
  fileIds: string | null;
  /** Shared at or after the first moment, and before the second (ms). */
  sharedFrom: number | null;
  sharedUntil: number | null;
  reason: string;
  setBy: string;
  setAt: number;
  liftedBy: string | null;
  liftedAt: number | null;
  /** During the walk through the files: the last `file.id` reached, and how many files were covered so far. */
  walkedTo: number;
  walked: number;
}

/** Whether the object of a file carries S3's legal hold; see object-holds.ts. */
export interface ObjectHoldTable extends DueColumns {
  teamId: string;
  fileId: string;
  /** 1 once the bucket was told to hold the object. */
  applied: number;
  /** Counts the changes that asked for a look, so that none is forgotten. */
  version: number;
}

/** Where one channel differs from the environment's defaults; null means the default. See rules.ts. */
export interface RuleTable {
  teamId: string;
  channelId: string;
  /** 0: shared files are recorded without their bytes. */
  capture: number | null;
  confirm: ConfirmMode | null;
  /** Types separated by spaces; empty: none is excluded. */
  excludeTypes: string | null;
  maxFileBytes: number | null;
  /** 0: for ever. */
  retentionDays: number | null;
  onSlackDelete: 'keep' | 'trash' | null;
  /** 0: nobody is told of files left out for their type. */
  tellExcluded: number | null;
  /** Whether a “Files” bookmark is wanted in the channel, and whether it is there; null and 0: no. */
  bookmark: number | null;
  bookmarkDone: number | null;
  /** 1: uploaders may keep a file that retention would take. */
  mayKeep: number | null;
  /** What becomes of files of other organisations' people; null: as everywhere. */
  external: 'keep' | 'record' | null;
  /** What is kept besides the files; null: as everywhere. */
  text: TextMode | null;
  changedBy: string;
  changedAt: number;
}

/** A table made for one person in the background; it stays for a day. See exports.ts. */
export interface ExportJobTable extends DueColumns {
  teamId: string;
  /** Random: the value in a button. */
  exportId: string;
  kind: 'manifest' | 'audit' | 'workspace';
  format: 'csv' | 'ndjson';
  /** The channel it is about; for `audit`, where it was asked for. */
  channelId: string;
  /** JSON: which audit entries. */
  filter: string;
  requestedBy: string;
  requestedAt: number;
  /** `made`: in the bucket; `delivered`: the person who asked was told; `gone`: removed again. */
  state: 'waiting' | 'made' | 'delivered' | 'failed' | 'gone';
  objectKey: string | null;
  rowCount: number;
  bytes: number;
  madeAt: number | null;
  errorCode: string | null;
}

export interface AuditTable {
  id: Generated<number>;
  at: number;
  teamId: string;
  actorId: string;
  action: AuditEntry['action'];
  fileId: string | null;
  channelId: string | null;
  detail: string;
}
