import type { Generated, Kysely, Selectable } from 'kysely';
import type { ChannelKind, FileRow, SkipReason } from '../model.ts';
import type { NoticeKind, Post } from '../notices/model.ts';
import type { DueColumns } from './due-columns.ts';
import type { FindWordTable } from './schema-find.ts';
import type { AuditTable, ExportJobTable, HoldTable, ObjectHoldTable, RuleTable } from './schema-govern.ts';
import type { ShareTable, UnsharedTable } from './schema-shares.ts';
import type { AudienceTotalsTable } from './schema-stats.ts';
import type { BackfillTable, SweepTable } from './schema-sweep.ts';
import type { FileChangeTable, FileVersionTable } from './schema-versions.ts';
import type { AlertTable, PeriodicJobTable } from './schema-watch.ts';

/**
 * The tables as Kysely sees them (camelCase here, snake_case in the database).
 * Times are milliseconds, sizes are bytes, flags are 0 or 1; JSON is text. Both databases hold the same.
 * Some tables have names older than those of the code: `audience` holds channel sets, `breakdown` their totals by part,
 * `tally` the totals of uploaders, and `gone` what was deleted in Slack.
 */
export interface Schema {
  file: FileTable;
  share: ShareTable;
  channelFile: ChannelFileTable;
  listing: ListingTable;
  audience: ChannelSetTable;
  audienceChannel: ChannelSetMemberTable;
  tally: UploaderTotalsTable;
  breakdown: AudienceTotalsTable;
  channel: ChannelTable;
  gone: SlackDeletionTable;
  unshared: UnsharedTable;
  post: PostTable;
  notice: NoticeTable;
  home: HomeTable;
  sweep: SweepTable;
  backfill: BackfillTable;
  audit: AuditTable;
  journalDirty: JournalDirtyTable;
  journal: JournalTable;
  chore: PeriodicJobTable;
  trouble: AlertTable;
  findWord: FindWordTable;
  hold: HoldTable;
  objectHold: ObjectHoldTable;
  rule: RuleTable;
  exportJob: ExportJobTable;
  fileVersion: FileVersionTable;
  fileChange: FileChangeTable;
}

/**
 * What the journal is about. A file and its shares are one thing, told together; so a change of a share is
 * noted under its file.
 */
export type JournalKind = 'file' | 'channel' | 'gone' | 'audit' | 'hold' | 'rule';

/** What a file's row says, but for columns that the table holds in another way: JSON, or filled in by the database. */
type FileColumns = Omit<FileRow, 'facts' | 'attempts' | 'version' | 'olderVersions' | 'olderBytes'>;

interface FileTable extends FileColumns, DueColumns {
  /** How good the known description is; see merge.ts. */
  knownAs: number;
  /** Name and title, lower-case and without accents: what text is searched in. */
  folded: string;
  audienceId: number | null;
  /** 1 when storing it is told to nobody (found in old messages, shared in no message), 2 while it is still blank. */
  quiet: Generated<number>;
  /** The backfill that found it first. */
  backfillId: number | null;
  /** When the first of a streak of attempts failed; kept until the file is stored or skipped. */
  failedAt: number | null;
  /** JSON; see FileFacts. */
  facts: Generated<string>;
  version: Generated<number>;
  olderVersions: Generated<number>;
  olderBytes: Generated<number>;
  /** 1 once its channel was told of it: that it was stored, or that it was not kept. */
  told: Generated<number>;
  /** What becomes of its name when it is removed for good; see forget.ts. */
  forget: Generated<number>;
}

/**
 * One row per file and place, with the newest share; kept whatever the file's state. A place is a channel that the file
 * is open to, or, where it is open to none, a closed one; see places.ts. So it is in `listing` and the channel sets, too.
 */
interface ChannelFileTable {
  teamId: string;
  fileId: string;
  channelId: string;
  sharedAt: number;
  sharedBy: string | null;
  /** The tags under which `listing` has it now, separated by spaces; null while it is not listed. */
  listedAs: string | null;
}

/**
 * What lists are read from: files that are stored, on their way or not kept, one row per file, channel and tag. The empty tag holds every
 * file; `@U1` what a person shared or uploaded; `pdf`, `image`, … the types. Every filter is thus a walk along
 * one index, newest first, however rare it is.
 */
interface ListingTable {
  teamId: string;
  channelId: string;
  tag: string;
  sharedAt: number;
  fileId: string;
}

/** A set of channels that some file is in, with the exact sum of the stored files that are in just these. */
interface ChannelSetTable {
  id: Generated<number>;
  teamId: string;
  /** The channel ids, sorted, separated by spaces. */
  channels: string;
  files: Generated<number>;
  bytes: Generated<number>;
}

interface ChannelSetMemberTable {
  teamId: string;
  channelId: string;
  audienceId: number;
}

/** The same sums per uploader, so that people's own files can be added to what their channels hold. */
interface UploaderTotalsTable {
  teamId: string;
  uploaderId: string;
  audienceId: number;
  files: number;
  bytes: number;
}

interface ChannelTable {
  teamId: string;
  channelId: string;
  name: string | null;
  kind: ChannelKind;
  isMember: number;
  isArchived: number;
  imUserId: string | null;
  checkedAt: number;
  createdAt?: number | null;
}

/** Deletions that Slack told us of before it told us of the file. */
interface SlackDeletionTable {
  teamId: string;
  fileId: string;
  deletedAt: number;
}

interface PostTable extends DueColumns {
  teamId: string;
  channelId: string;
  threadTs: string | null;
  manner: Post['manner'];
  kind: Post['kind'];
  /** What may share this message; see notices.ts. */
  topic: string;
  ts: string | null;
  sentAt: number | null;
  /** Counts the notices ever added, so that one that came while posting is not forgotten. */
  version: number;
  openedAt: number;
  errorCode: string | null;
  /** Since when it is refused for a reason that is neither known to be final nor to pass (ms). */
  failedAt?: number | null;
  /** Why it will never be posted. */
  droppedCode: string | null;
}

/** What `fileId` and `name` hold differs by the kind; see notice-rows.ts. */
export interface NoticeTable {
  id: Generated<number>;
  postId: number;
  kind: NoticeKind;
  fileId: string;
  actorId: string | null;
  name: string | null;
  bytes: number | null;
  at: number;
  reason?: SkipReason | null;
  sortKey?: string | null;
}

interface HomeTable extends DueColumns {
  teamId: string;
  userId: string;
  openedAt: number;
  /** Counts the changes; `claimedVersion` is where it stood when the home was last claimed. */
  version: Generated<number>;
  claimedVersion: Generated<number>;
  failedAt?: number | null;
}

/** One change that no segment tells yet: what was changed, not how. */
interface JournalDirtyTable {
  id: Generated<number>;
  kind: JournalKind;
  teamId: string;
  key: string;
}

/** One row. Each claim takes the next `number` for itself; no two segments ever get the same. */
interface JournalTable extends DueColumns {
  /** Random; keeps histories in one bucket apart. */
  history: string;
  /** The last number given out. */
  number: number;
  /** Segments before this one count no more. */
  first: number;
  /** How many have been written since everything was last told, less how many that took. */
  segments: number;
  /** While everything is being told anew: what kind is told now, from where on, and since which segment. */
  walk: JournalKind | null;
  walkAfter: string | null;
  walkFirst: number | null;
  /** 1 while the catalog is being rebuilt from the bucket. */
  rebuilding: Generated<number>;
}

export type DatabaseKind = 'sqlite' | 'postgres';

/** What a query needs: the catalog itself, or a transaction of it. */
export interface Scope {
  db: Kysely<Schema>;
  kind: DatabaseKind;
  /** Whether a share that was taken back in Slack closes the file to that channel's people; it does where nothing is said. */
  onUnshare?: 'hide' | 'keep' | undefined;
}

/** An open catalog. */
export interface Catalog extends Scope {
  /** Resolves when the database answers; else throws a {@link CatalogError}. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export type FileRecord = Selectable<FileTable>;
export type ShareRecord = Selectable<ShareTable>;

/** Leaves out the columns that only the catalog itself uses. */
export function toFileRow<T extends FileRecord>(record: T): Omit<T, keyof InternalColumns> & FileRow {
  const {
    id,
    leaseOwner,
    knownAs,
    folded,
    audienceId,
    failedAt,
    quiet,
    backfillId,
    told,
    forget,
    facts,
    ...row
  } = record;
  return { ...row, facts: JSON.parse(facts) };
}

type InternalColumns = Pick<
  FileRecord,
  | ('id' | 'leaseOwner' | 'knownAs' | 'folded' | 'audienceId' | 'failedAt' | 'quiet' | 'backfillId')
  | ('told' | 'facts' | 'forget')
>;
