import type { Selectable } from 'kysely';
import type { FileRecord, JournalKind, Schema, ShareRecord } from '../db/schema.ts';
import type { HoldTable, RuleTable } from '../db/schema-govern.ts';
import type { SaidTable } from '../db/schema-said.ts';
import type { ScanTable } from '../db/schema-scan.ts';
import type { FileVersionTable } from '../db/schema-versions.ts';

/** Not told: work and leases, the private URL, and everything derived from the rest. */
type Untold = 'id' | 'dueAt' | 'leaseOwner' | 'attempts' | 'url' | 'folded' | 'audienceId' | 'backfillId';

export type ToldFile = Omit<FileRecord, Untold>;
export type ToldShare = Omit<ShareRecord, 'id'>;
export type ToldVersion = Omit<FileVersionTable, 'id' | 'dueAt' | 'leaseOwner' | 'attempts'>;
export type ToldScan = Omit<Selectable<ScanTable>, 'id' | 'dueAt' | 'leaseOwner' | 'attempts' | 'broke'>;
export type ToldSaid = Omit<Selectable<SaidTable>, 'id'>;
export type ToldAudit = Omit<Schema['audit'], 'id'> & { id: number };

/** Where the walk through its files stands is not told: it begins again. */
export type ToldHold = Omit<HoldTable, 'id' | 'dueAt' | 'leaseOwner' | 'attempts' | 'walkedTo' | 'walked'>;

/** Earlier versions did not tell the second person of a direct message, when the bot was removed, nor a channel's workspaces. */
type ToldChannel = Omit<Schema['channel'], 'imOtherId'> & { imOtherId?: string | null };

/** One line of a segment: the whole present state of one thing. The last record about a thing counts. */
export type JournalRecord =
  | {
      kind: 'file';
      file: ToldFile;
      shares: ToldShare[];
      versions?: ToldVersion[];
      scans?: ToldScan[];
      said?: ToldSaid[];
    }
  | { kind: 'channel'; channel: ToldChannel }
  | { kind: 'gone'; gone: Schema['gone'] }
  | { kind: 'audit'; audit: ToldAudit }
  | { kind: 'hold'; hold: ToldHold }
  | { kind: 'rule'; rule: RuleTable }
  | { kind: 'removed'; of: Exclude<JournalKind, 'audit'>; teamId: string; key: string };

/**
 * Of a public channel that the bot was in once and is not, an earlier version did not tell when people removed it. A channel
 * that was only heard of was never checked.
 */
export function removedBefore({ kind, isMember, isArchived, checkedAt }: ToldChannel): number | null {
  const isRemoved = kind === 'public' && isMember === 0 && isArchived === 0 && checkedAt > 0;
  return isRemoved ? checkedAt : null;
}

/** A file as the journal tells it. During a capture, its state from before is told: waiting, or failed. */
export function tellFile(record: FileRecord): ToldFile {
  const { id, dueAt, leaseOwner, attempts, url, folded, audienceId, backfillId, ...told } = record;
  if (told.state !== 'storing') return told;
  return { ...told, state: told.errorCode === null ? 'pending' : 'failed' };
}

export function tellShare({ id, ...told }: ShareRecord): ToldShare {
  return told;
}

export function tellSaid({ id, ...told }: Selectable<SaidTable>): ToldSaid {
  return told;
}

export function tellVersion({
  id,
  dueAt,
  leaseOwner,
  attempts,
  ...told
}: Selectable<FileVersionTable>): ToldVersion {
  return told;
}

export function tellScan({
  id,
  dueAt,
  leaseOwner,
  attempts,
  broke,
  ...told
}: Selectable<ScanTable>): ToldScan {
  return told;
}

export function tellHold({
  id,
  dueAt,
  leaseOwner,
  attempts,
  walkedTo,
  walked,
  ...told
}: Selectable<HoldTable>): ToldHold {
  return told;
}
