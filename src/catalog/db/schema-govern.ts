import type { Generated } from 'kysely';
import type { AuditEntry, ConfirmMode } from '../model.ts';
import type { DueColumns } from './due-columns.ts';

/** Files that may not go; see holds.ts. Criteria that are null hold for every file. */
export interface HoldTable extends DueColumns {
  /** Random; `id` is only of this catalog. */
  holdId: string;
  teamId: string;
  personId: string | null;
  channelId: string | null;
  fileId: string | null;
  /** Shared at or after this moment, and before that one (ms). */
  sharedFrom: number | null;
  sharedUntil: number | null;
  reason: string;
  setBy: string;
  setAt: number;
  liftedBy: string | null;
  liftedAt: number | null;
  /** While the files are walked through: the `file.id` that was reached, and how many were covered so far. */
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

/** What differs in one channel from the environment's defaults; null follows them. See rules.ts. */
export interface RuleTable {
  teamId: string;
  channelId: string;
  /** 0: what is shared is recorded without its bytes. */
  capture: number | null;
  confirm: ConfirmMode | null;
  /** Types separated by spaces; empty: none is excluded. */
  excludeTypes: string | null;
  maxFileBytes: number | null;
  /** 0: for ever. */
  retentionDays: number | null;
  onSlackDelete: 'keep' | 'trash' | null;
  /** 0: what is left out for its type is told to nobody. */
  tellExcluded: number | null;
  changedBy: string;
  changedAt: number;
}

/** A table made for one person in the background, there for a day; see exports.ts. */
export interface ExportJobTable extends DueColumns {
  teamId: string;
  /** Random: what a button carries. */
  exportId: string;
  kind: 'manifest' | 'audit';
  format: 'csv' | 'ndjson';
  /** The channel it is about; for `audit`, where it was asked for. */
  channelId: string;
  /** JSON: which audit entries. */
  filter: string;
  requestedBy: string;
  requestedAt: number;
  /** `made` is in the bucket, `delivered` is known to whoever asked, `gone` was removed again. */
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
