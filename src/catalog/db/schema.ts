import type { Generated, Kysely, Selectable } from 'kysely';
import type { ChannelKind, FileRow, SkipReason } from '../model.ts';
import type { NoticeKind, Post } from '../notices/model.ts';
import type { DueColumns } from './due-columns.ts';
import type { AuditFeedTable, AuditLineTable } from './schema-audit.ts';
import type { WorkspaceTable } from './schema-bots.ts';
import type { FindWordTable } from './schema-find.ts';
import type { AuditTable, ExportJobTable, HoldTable, ObjectHoldTable, RuleTable } from './schema-govern.ts';
import type { ReadingStartTable, ReadingTable } from './schema-reading.ts';
import type { SaidTable } from './schema-said.ts';
import type { ScanTable } from './schema-scan.ts';
import type { ShareTable, UnsharedTable } from './schema-shares.ts';
import type { AudienceTotalsTable } from './schema-stats.ts';
import type { BackfillTable, ChannelJoinTable, SweepTable } from './schema-sweep.ts';
import type { FileChangeTable, FileVersionTable } from './schema-versions.ts';
import type { AlertTable, PeriodicJobTable, SeenRequestTable } from './schema-watch.ts';

/**
 * The tables as Kysely sees them (camelCase here, snake_case in the database). Times are milliseconds, sizes are
 * bytes, flags are 0 or 1; JSON is text. Both databases hold the same. Some tables have older names than the code:
 * `audience` holds channel sets, `breakdown` their totals by part, `tally` the totals of uploaders, and `gone`
 * deletions in Slack.
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
  explained: ExplainedTable;
  home: HomeTable;
  sweep: SweepTable;
  backfill: BackfillTable;
  channelJoin: ChannelJoinTable;
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
  seenRequest: SeenRequestTable;
  workspace: WorkspaceTable;
  auditFeed: AuditFeedTable;
  auditLine: AuditLineTable;
  scan: ScanTable;
  reading: ReadingTable;
  readingStart: ReadingStartTable;
  said: SaidTable;
}

/**
 * What the journal is about. A file and its shares are one thing and are told together. So a change of a share is
 * noted under its file.
 */
export type JournalKind = 'file' | 'channel' | 'gone' | 'audit' | 'hold' | 'rule';

/** A file's row, except columns that the table holds in another way: as JSON, or filled in by the database. */
type FileColumns = Omit<FileRow, 'facts' | 'attempts' | 'version' | 'olderVersions' | 'olderBytes'>;

interface FileTable extends FileColumns, DueColumns {
  /** How complete the known description is; see merge.ts. */
  knownAs: number;
  /** Name and title, lower-case and without accents: searches look here. */
  folded: string;
  audienceId: number | null;
  /**
   * 1 when nobody is told that it was stored (found in old messages, shared in no message), 2 while it is still
   * blank.
   */
  quiet: Generated<number>;
  /** The backfill that found it first. */
  backfillId: number | null;
  /** When the first of several failures in a row was; kept until the file is stored or skipped. */
  failedAt: number | null;
  /** JSON; see FileFacts. */
  facts: Generated<string>;
  version: Generated<number>;
  olderVersions: Generated<number>;
  olderBytes: Generated<number>;
  /** 1 once its channel was told that it was stored, or that it was not kept. */
  told: Generated<number>;
  /** What happens to its name when it is removed for good; see forget.ts. */
  forget: Generated<number>;
  /** Who kept it from retention, and since when; null while nobody has. */
  keptBy: string | null;
  keptAt: number | null;
  /** The last day (in days since 1970, UTC) for which its uploader was warned that retention takes it. */
  warnedDay: number | null;
}

/**
 * One row per file and place, with the newest share; kept in every state of the file. A place is a channel that the
 * file is open to. If it is open to none, it is a closed key; see channel-keys.ts. `listing` and the channel sets use the
 * same places.
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
 * Lists are read from this: files that are stored, on their way or not kept, one row per file, channel and tag. The
 * empty tag holds every file; `@U1` the files that a person shared or uploaded; `pdf`, `image`, … the types. So every
 * filter is a walk along one index, newest first, however rare it is.
 */
interface ListingTable {
  teamId: string;
  channelId: string;
  tag: string;
  sharedAt: number;
  fileId: string;
}

/** A set of channels that some file is in, with the exact sum of the stored files that are in just these channels. */
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
  imOtherId: string | null;
  checkedAt: number;
  createdAt?: number | null;
  removedAt?: number | null;
  /** In an organisation: the workspaces that it is in, sorted, separated by spaces. */
  workspaces?: string | null;
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
  /** Notices with the same topic may share this message; see notices.ts. */
  topic: string;
  ts: string | null;
  sentAt: number | null;
  /** Counts all notices ever added, so that a notice that came while posting is not forgotten. */
  version: number;
  openedAt: number;
  errorCode: string | null;
  /** Since when it is refused for a reason not known to be final or to pass (ms). */
  failedAt?: number | null;
  /** Why it will never be posted. */
  droppedCode: string | null;
}

/** What `fileId` and `name` hold depends on the kind; see notices/rows.ts. */
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

/** The post that explains to a channel, once, how to get fewer confirmations; see notices/explain.ts. */
interface ExplainedTable {
  teamId: string;
  channelId: string;
  postId: number;
}

interface HomeTable extends DueColumns {
  teamId: string;
  userId: string;
  openedAt: number;
  /** Counts the changes; `claimedVersion` is its value when the home was last claimed. */
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

/** One row. Each claim takes the next `number`; no two segments ever get the same. */
interface JournalTable extends DueColumns {
  /** Random; keeps histories in one bucket apart. */
  history: string;
  /** The last number given out. */
  number: number;
  /** Segments before this one do not count any more. */
  first: number;
  /** Segments written since everything was last told, minus the number that this telling took. */
  segments: number;
  /** While everything is told again: which kind is told now, from where on, and since which segment. */
  walk: JournalKind | null;
  walkAfter: string | null;
  walkFirst: number | null;
  /** The last segment that the bucket is known to hold; null: not known. */
  lastWritten?: number | null;
  /** 1 while the catalog is being rebuilt from the bucket. */
  rebuilding: Generated<number>;
}

export type DatabaseKind = 'sqlite' | 'postgres';

/** What a query needs: the catalog itself, or a transaction of it. */
export interface Scope {
  db: Kysely<Schema>;
  kind: DatabaseKind;
  /** Whether a share taken back in Slack closes the file to that channel's people; it does if this is missing. */
  onUnshare?: 'hide' | 'keep' | undefined;
  /** What is stored is also marked for the malware scanner. */
  scans?: boolean | undefined;
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
    keptBy,
    keptAt,
    warnedDay,
    facts,
    ...row
  } = record;
  return { ...row, facts: JSON.parse(facts) };
}

type InternalColumns = Pick<
  FileRecord,
  | ('id' | 'leaseOwner' | 'knownAs' | 'folded' | 'audienceId' | 'failedAt' | 'quiet' | 'backfillId')
  | ('told' | 'facts' | 'forget' | 'keptBy' | 'keptAt' | 'warnedDay')
>;
