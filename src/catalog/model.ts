/**
 * The catalog's own words: plain data, no SQL and no Slack shapes. Times are milliseconds since 1970 (UTC), sizes are
 * bytes, `ts` are Slack's message timestamps as strings.
 */

import type { FileFacts } from './file-facts.ts';
import type { Said } from './files/said-model.ts';

export type { FileFacts };

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
  | 'other_org' // of another organisation's people, which VAULT_EXTERNAL or the channel only records
  | 'capture_off' // the channel is switched off
  | 'not_found' // Slack does not know it: not there yet, or gone without notice
  | 'not_in_channel' // the bot was not in its channel when it was to be fetched
  | 'no_content'; // a kind of file that has no bytes to fetch (a list without access, an attachment without a URL)

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
  /** How Slack describes the picture, also where that is not kept; null: not (any more). Missing where it was not told. */
  altText?: string | null;
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
  /** It was made in the vault, not in Slack. */
  viaVault?: boolean;
  /** When Slack was asked and showed it, by the vault's clock (ms). This undoes a removal that was heard of earlier. */
  askedAt?: number;
  /** What its message says, and the first one of its thread; missing where Slack did not show it. */
  said?: Said;
  rootSaid?: Said;
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
  /** The content type that it was stored with, and the file type that its bytes or its name show, if Slack gave none. */
  type?: string | undefined;
  filetype?: string | undefined;
  /** What was learned of the file while it was copied. */
  facts?: FileFacts | undefined;
}

/** A file as the catalog knows it. */
export interface FileRow
  extends Omit<SharedFile, 'complete' | 'updatedAt' | 'parentId' | 'altText' | 'facts'> {
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
  /** Look for the words only in names, or only in what was said with files and what is in them. */
  where?: 'name' | 'text';
  /** Texts of several words that the name or title must contain as they stand; `text` has their words too. */
  phrases?: string[];
  /** Texts that neither name nor title may contain. */
  notText?: string[];
  /** The name or title must be like one of these, or have it as it stands; `*` is any text. */
  patterns?: string[];
  /** Neither name nor title may be like one of these. */
  notPatterns?: string[];
  /** Not of these types, people (who shared or uploaded it), channels. */
  notTypes?: string[];
  notUserIds?: string[];
  notChannelIds?: string[];
  /** Only in this channel. */
  channelId?: string;
  /** At least and at most this many bytes. */
  minBytes?: number;
  maxBytes?: number;
  /** SHA-256 in hex, or at least the first eight digits of it. */
  sha256?: string;
  /** The order; without it the best match first, and among equals or without words the newest. */
  sort?: ListSort;
}

/** The orders of a list, besides the usual one. */
export type ListSort = 'newest' | 'oldest' | 'name' | 'name-down' | 'largest' | 'smallest';

/** A place in a newest-first list: just after (`older`) or just before (`newer`) this entry. */
export interface ListCursor {
  direction: 'older' | 'newer';
  /** In a search by words: how well the entry matches; see find.ts. */
  rank?: number;
  /** In a list by size, the entry's bytes instead. */
  sharedAt: number;
  fileId: string;
  /** In a list by name: the beginning of the entry's folded name. */
  name?: string;
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
  /** The second person of a direct message between two people, as an import told; such a message's people never change. */
  imOtherId?: string | null;
  checkedAt: number;
  /** When Slack says that the channel was made (ms). This and its name identify it under another id. */
  createdAt?: number | null;
  /** When people took the bot out of it (ms): it does not come back by itself. Null while it is in. */
  removedAt?: number | null;
  /** In an organisation: the workspaces that it is in, sorted, separated by spaces; null where that is not known. */
  workspaces?: string | null;
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
    | 'preview' // a link for a small picture of it
    | 'posted' // a card of it was posted; that opens it to nobody
    | 'shared' // its uploader opened it to a channel
    | 'unshared' // and closed it there again
    | 'given' // its uploader opened it to one person
    | 'given_back' // and closed it to them again
    | 'kept' // its uploader kept it from retention
    | 'kept_ended' // and retention may take it again
    | 'warned' // its uploader was told that retention will take it
    | 'retried'
    | 'lost'
    | 'deleted_in_slack'
    | 'purge_ordered' // a person had it removed for good before its time
    | 'purge_retained' // its removal waits: the bucket retains it until the time in the detail
    | 'hold_set'
    | 'hold_lifted'
    | 'rules' // a channel's rules were changed
    | 'joined' // an admin had the bot join a channel, or all public ones
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
