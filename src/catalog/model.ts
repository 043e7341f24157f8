/**
 * The catalog's own words: plain data, no SQL and no Slack shapes.
 * Times are milliseconds since 1970 (UTC), sizes are bytes, `ts` are Slack's message timestamps as strings.
 */

/** Where a file stands. A `failed` file is due again at `dueAt`; no file is ever given up silently. */
export type FileState = 'pending' | 'storing' | 'stored' | 'trashed' | 'purged' | 'skipped' | 'failed';

/** Why a file is recorded but its bytes are not kept. */
export type SkipReason =
  | 'external' // lives at Google, Dropbox, …: recorded as a link
  | 'hidden_by_limit' // hidden by the free plan
  | 'tombstone' // Slack says that the file is gone
  | 'deleted_in_slack' // gone before we could fetch it
  | 'access_denied' // Slack will not show it to the bot
  | 'too_large' // over VAULT_MAX_FILE_BYTES
  | 'excluded_type' // in VAULT_EXCLUDE_TYPES
  | 'capture_off' // the channel is switched off
  | 'not_found' // Slack does not know it: not there yet, or gone without notice
  | 'not_in_channel' // the bot was not in its channel when it was to be fetched
  | 'no_content'; // a kind of file that has no bytes to fetch (a list without access, an attachment without a URL)

/** What is known of a file besides its description. Every part may be missing. */
export interface FileFacts {
  /** Slack keeps only a transcode of this clip: the original recording is not available any more. */
  transcode?: boolean;
  /** The words spoken in a clip, as far as Slack has written them down. */
  transcript?: string;
  /** Where an e-mail's text came from: the page that Slack renders, or the text in the file object. */
  mailBody?: 'page' | 'html' | 'plain' | 'preview';
  /** Attachments of an e-mail that Slack counts but does not offer. */
  attachmentsMissing?: number;
  /** Which part of a Slack List was fetched: all rows with their threads, or the default view only. */
  listRows?: 'all' | 'default_view';
  /** It had no content yet when it was stored, like a canvas just made. */
  blank?: boolean;
}

/** How sure we are that the bucket holds the bytes that Slack sent, best first. */
export type Proof = 'crc32' | 'md5' | 'size';

export interface FileRef {
  teamId: string;
  fileId: string;
}

/** What Slack told about a file, already translated from Slack's file object. */
export interface SharedFile extends FileRef {
  name: string | null;
  title: string | null;
  mimetype: string | null;
  filetype: string | null;
  /** Slack's `mode`: hosted, snippet, email, space, tombstone, … — an open string. */
  mode: string | null;
  size: number | null;
  uploaderId: string | null;
  createdAt: number | null;
  /** The private download URL. A secret of sorts: never logged, never shown. */
  url: string | null;
  /** Where an external file lives (Google Drive, …). */
  externalUrl: string | null;
  /** Slack's own page of the file, safe to show to people. */
  permalink: string | null;
  /** True when the object says enough to download without asking `files.info`. */
  complete: boolean;
  /** When it was last edited, as Slack says (ms). */
  updatedAt?: number | null;
  /** The e-mail that it was attached to. */
  parentId?: string | null;
  facts?: FileFacts;
}

export type ChannelKind = 'public' | 'private' | 'im' | 'mpim';

/** One appearance of a file in a message. */
export interface Share {
  channelId: string;
  channelKind: ChannelKind | null;
  /** The message's `ts`; null when only `file_shared` told us of it. */
  ts: string | null;
  threadTs: string | null;
  userId: string | null;
  sharedAt: number;
  /** The place among the files of its message, from 0. */
  position?: number;
  /** True for a share that no message shows, like a channel's canvas: nobody is told of it. */
  silent?: boolean;
  /** The moment that Slack's word about it is for, by Slack's clock (ms). If missing: just before it was shared. */
  shownAt?: number;
  /** When Slack was asked and showed it, by the vault's clock (ms). This undoes a removal that was heard of earlier. */
  askedAt?: number;
}

/** A file that was seen somewhere, with the reason if its bytes cannot be fetched. */
export interface Sighting {
  file: SharedFile;
  share: Share;
  skip?: SkipReason;
  /** Nobody is told that it was stored, if the vault first hears of it here. */
  quiet?: boolean;
}

/** What was proven about the object in the bucket. */
export interface StoredObject {
  key: string;
  bytes: number;
  sha256: string;
  /** Base64 of the big-endian CRC-32 of the whole object, S3's own notation. */
  crc32: string;
  etag: string | null;
  versionId: string | null;
  proof: Proof;
  /** The content type that it was stored with. */
  type?: string | undefined;
  /** The file type that its bytes or its name show, for a file whose type Slack did not give. */
  filetype?: string | undefined;
  /** What was learned of the file while it was copied. */
  facts?: FileFacts | undefined;
}

/** A file as the catalog knows it. */
export interface FileRow extends Omit<SharedFile, 'complete' | 'updatedAt' | 'parentId' | 'facts'> {
  state: FileState;
  reason: SkipReason | null;
  /** Code and sentence of the last failed attempt. */
  errorCode: string | null;
  errorText: string | null;
  attempts: number;
  dueAt: number | null;
  /** The first share: it names the object key and takes the confirmation. */
  channelId: string;
  messageTs: string | null;
  threadTs: string | null;
  sharedAt: number;
  objectKey: string | null;
  storedBytes: number | null;
  sha256: string | null;
  crc32: string | null;
  etag: string | null;
  versionId: string | null;
  proof: Proof | null;
  storedAt: number | null;
  trashedAt: number | null;
  trashedBy: string | null;
  purgeAt: number | null;
  /** When Slack said that it deleted its copy. */
  slackDeletedAt: number | null;
  updatedAt: number | null;
  parentId: string | null;
  facts: FileFacts;
  /** The content type of the stored bytes; null where they were stored before this was recorded. */
  storedType: string | null;
  /** The number of the version that `objectKey` and the fields beside it describe, from 1. */
  version: number;
  /** Older versions that the bucket also holds, and the sum of their bytes. */
  olderVersions: number;
  olderBytes: number;
}

/** An older version of a file, still in the bucket. The newest one is the file's own row. */
export interface FileVersion extends FileRef {
  number: number;
  objectKey: string;
  storedBytes: number;
  sha256: string;
  crc32: string;
  etag: string | null;
  versionId: string | null;
  proof: Proof;
  storedType: string | null;
  storedAt: number;
  /** When the bucket was found not to have it any more (ms). */
  lostAt: number | null;
}

/** A line of a list: the file and its newest share in the channel that was asked for. */
export interface ListedFile extends FileRow {
  listedChannelId: string;
  listedAt: number;
  listedBy: string | null;
}

/** A file that was found by words; `rank` says how well it matches them (see text/match-rank.ts). */
export interface FoundFile extends ListedFile {
  rank: number;
}

export interface ListFilter {
  userId?: string;
  /** Lower-case file types or extensions, e.g. `pdf`; `image`, `video`, `audio`, `text` match MIME families. */
  types?: string[];
  /** Shared before this moment (exclusive). */
  before?: number;
  /** Shared at or after this moment (inclusive). */
  after?: number;
  /** Free text that the name or title must contain, in upper or lower case. */
  text?: string;
  /** Only in this channel. */
  channelId?: string;
  /** At least and at most this many bytes. */
  minBytes?: number;
  maxBytes?: number;
  /** SHA-256 in hex, or at least the first eight digits of it. */
  sha256?: string;
}

/** A place in a newest-first list: just after (`older`) or just before (`newer`) this entry. */
export interface ListCursor {
  direction: 'older' | 'newer';
  /** In a search by words: how well the entry matches; see find.ts. */
  rank?: number;
  sharedAt: number;
  fileId: string;
}

export interface ChannelRow {
  teamId: string;
  channelId: string;
  name: string | null;
  kind: ChannelKind;
  isMember: boolean;
  isArchived: boolean;
  /** The one person of a direct message with the bot. */
  imUserId: string | null;
  checkedAt: number;
  /** When Slack says that the channel was made (ms). This and its name identify it under another id. */
  createdAt?: number | null;
}

export interface AuditEntry {
  at: number;
  teamId: string;
  /** A Slack user id, or `vault` for the bot itself. */
  actorId: string;
  action:
    | 'stored'
    | 'version' // a later version was stored
    | 'version_removed' // an older version was removed from the bucket
    | 'skipped'
    | 'failed'
    | 'trashed'
    | 'restored'
    | 'purged'
    | 'link'
    | 'posted'
    | 'retried'
    | 'lost'
    | 'deleted_in_slack'
    | 'purge_ordered' // a person had it removed for good before its time
    | 'purge_retained' // its removal waits: the bucket retains it until the time in the detail
    | 'hold_set'
    | 'hold_lifted'
    | 'rules' // a channel's rules were changed
    | 'exported' // a table of files or of this log was made or fetched
    | 'scanned' // the malware scanner found something, could not look, or takes back what it found
    | 'released' // an admin gave a file free in spite of the scanner
    | 'looked'; // somebody read this log, or looked at a file that they could not see in Slack
  fileId: string | null;
  channelId: string | null;
  detail: Record<string, unknown>;
}

/** `walking` through old messages, then `storing` what was found there; the others are final. */
export type BackfillState = 'walking' | 'storing' | 'done' | 'stopped' | 'failed';

/** The ways in which a channel is told what became of its files. */
export const CONFIRM_MODES = ['thread', 'reaction', 'digest', 'off'] as const;
export type ConfirmMode = (typeof CONFIRM_MODES)[number];
