import type { AdminSummary } from '../../src/blocks/admin-card.ts';
import type { CommandHelp } from '../../src/blocks/help.ts';
import type { HomeInput } from '../../src/blocks/home.ts';
import type { StatsInput } from '../../src/blocks/stats.ts';
import type { AdminStatus } from '../../src/blocks/status.ts';
import { noFindings } from '../../src/catalog/alerts/findings.ts';
import type { AuditEntry, FileRow, ListedFile, Share } from '../../src/catalog/model.ts';
import type { FileNotice, Notice, Post } from '../../src/catalog/notices/model.ts';
import type { Backfill, BackfillFiles } from '../../src/catalog/sweep/backfills.ts';

export const NOW = Date.UTC(2026, 10, 23, 9, 30);
const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;

/** A stored file; a test gives what matters to it. */
export function file(given: Partial<FileRow> = {}): FileRow {
  return {
    teamId: 'T1',
    fileId: 'F0AB12CD34',
    name: 'Q3 budget.pdf',
    title: 'Q3 budget',
    mimetype: 'application/pdf',
    filetype: 'pdf',
    mode: 'hosted',
    size: 1_234_567,
    uploaderId: 'U0ANN',
    createdAt: NOW - DAY,
    url: 'https://files.slack.com/files-pri/T1-F0AB12CD34/secret.pdf',
    externalUrl: null,
    permalink: 'https://example.slack.com/files/U0ANN/F0AB12CD34/q3.pdf',
    state: 'stored',
    reason: null,
    errorCode: null,
    errorText: null,
    attempts: 1,
    dueAt: null,
    channelId: 'C0GENERAL',
    messageTs: '1795340000.000100',
    threadTs: null,
    sharedAt: NOW - DAY,
    objectKey: 'T1/C0GENERAL/2026/11/22/F0AB12CD34/Q3 budget.pdf',
    storedBytes: 1_234_567,
    sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    crc32: 'y/Q5Jg==',
    etag: '"abc"',
    versionId: null,
    proof: 'crc32',
    storedAt: NOW - DAY + MINUTE,
    trashedAt: null,
    trashedBy: null,
    purgeAt: null,
    slackDeletedAt: null,
    updatedAt: null,
    parentId: null,
    facts: {},
    storedType: null,
    version: 1,
    olderVersions: 0,
    olderBytes: 0,
    ...given,
  };
}

export function listed(given: Partial<ListedFile> = {}): ListedFile {
  return { ...file(given), listedChannelId: 'C0GENERAL', listedAt: NOW - DAY, listedBy: 'U0BEN', ...given };
}

/** Its bytes are not in the vault: nothing is known of the object. */
export const notStored = {
  storedBytes: null,
  storedAt: null,
  sha256: null,
  crc32: null,
  proof: null,
  objectKey: null,
};

export function share(given: Partial<Share> = {}): Share {
  return {
    channelId: 'C0GENERAL',
    channelKind: 'public',
    ts: '1795340000.000100',
    threadTs: null,
    userId: 'U0ANN',
    sharedAt: NOW - DAY,
    ...given,
  };
}

export function audit(given: Partial<AuditEntry> = {}): AuditEntry {
  return {
    at: NOW - DAY + MINUTE,
    teamId: 'T1',
    actorId: 'vault',
    action: 'stored',
    fileId: 'F0AB12CD34',
    channelId: 'C0GENERAL',
    detail: {},
    ...given,
  };
}

export function notice(given: Partial<FileNotice> = {}): FileNotice {
  return {
    id: 1,
    kind: 'stored',
    fileId: 'F0AB12CD34',
    actorId: null,
    name: 'a.pdf',
    bytes: 1_234_567,
    at: NOW - MINUTE,
    ...given,
  };
}

export function post(notices: Notice[], given: Partial<Post> = {}): Post {
  return {
    id: 7,
    teamId: 'T1',
    channelId: 'C0GENERAL',
    threadTs: '1795340000.000100',
    manner: 'message',
    kind: 'stored',
    ts: null,
    sentAt: null,
    attempts: 0,
    notices,
    ...given,
  };
}

/** `n` notices of different files. */
export function notices(n: number, given: Partial<FileNotice> = {}): FileNotice[] {
  return Array.from({ length: n }, (_, i) =>
    notice({ id: i + 1, fileId: `F${i + 1}`, name: `photo-${i + 1}.jpg`, ...given }),
  );
}

export const commands: CommandHelp[] = [
  {
    name: 'list',
    usage: 'list [@person] [type:pdf] [before:2026-11-01] [words]',
    summary: 'Files shared in this channel, newest first.',
    examples: [
      { type: '/vault list type:pdf', means: 'only PDFs' },
      { type: '/vault list @ann budget', means: 'from Ann' },
    ],
    aliases: ['ls', 'dir'],
  },
  { name: 'delete', usage: 'delete [words or id]', summary: 'Move one of your files to the trash.' },
  { name: 'audit', usage: 'audit [words]', summary: 'Who did what to which file', only: 'auditors' },
  { name: 'help', usage: 'help', summary: 'This page.' },
];

export const adminStatus: AdminStatus = {
  version: '1.2.3',
  bucket: 'acme-slack-files',
  proof: 'crc32',
  database: 'SQLite',
  queue: { pending: 3, storing: 2, failed: 41 },
  reasons: [
    { code: 'bucket_credentials', text: 'a setting', files: 40, long: 40 },
    { code: 'not_ready', text: 'Slack has not made this file available yet.', files: 1, long: 0 },
  ],
  sweep: { lastAt: NOW - DAY / 24, unreadable: [] },
  verified: {
    startedAt: NOW - DAY,
    finishedAt: NOW - DAY + MINUTE,
    objects: 12_034,
    bytes: 45_000_000_000,
    files: 12_036,
    counts: { ...noFindings(), missing: 2, unknown: 1 },
  },
  verifyHours: 24,
  drill: {
    last: {
      ...{
        startedAt: NOW - 2 * DAY,
        finishedAt: NOW - 2 * DAY + 4 * MINUTE,
        files: 1_204_112,
        rows: 1_300_000,
      },
      ...{ segments: 812, objects: 1_204_100, bytes: 45_000_000_000, read: 500, readBytes: 860_000_000 },
      ...{ archived: 0, waiting: 3, unsettled: 0, counts: {}, examples: [] },
    },
  },
  drillDays: 7,
  covered: 12,
  channels: {
    ...{ saved: 12, total: 21, atLeast: false, joinable: 7, onTheirWay: 1, mayJoin: true },
    notSaved: [
      ...[{ channelId: 'C0RANDOM' }, { channelId: 'C0DESIGN', bar: 'removed' as const }],
      ...[
        { channelId: 'C0SHARED', bar: 'shared' as const },
        { channelId: 'C0LEGAL', bar: 'except' as const },
      ],
      ...[{ channelId: 'C0NEW', isOnItsWay: true }, { channelId: 'C0SIX' }, { channelId: 'C0SEVEN' }],
      ...[{ channelId: 'C0EIGHT' }, { channelId: 'C0NINE' }],
    ],
  },
  left: ['C0OLD'],
  alerts: [{ kind: 'verify', counts: { ...noFindings(), missing: 2, unknown: 1 } }],
};

export const admin: AdminSummary = {
  channels: {
    ...{ saved: 3, total: 9, atLeast: false, since: null, joinable: 5, mayJoin: true },
    others: ['C0RANDOM', 'C0DESIGN', 'C0SHARED', 'C0LEGAL'],
  },
  waiting: 1,
  failed: 1,
  trash: { files: 3, bytes: 4_500_000 },
  alerts: [{ kind: 'scope', scope: 'groups:history' }],
};

const growth: StatsInput['growth'] = [
  { month: '2026-08', before: 900_000_000, added: { files: 0, bytes: 0 } },
  { month: '2026-09', before: 900_000_000, added: { files: 120, bytes: 250_000_000 } },
  { month: '2026-10', before: 1_150_000_000, added: { files: 301, bytes: 1_400_000_000 } },
  { month: '2026-11', before: 2_550_000_000, added: { files: 96, bytes: 1_100_722_202 } },
];

export const statsInput: StatsInput = {
  whole: false,
  total: { files: 1204, bytes: 3_650_722_202 },
  unkept: { notKept: [], waiting: 0 },
  trash: null,
  own: { files: 17, bytes: 81_000_000 },
  growth,
  types: [
    { name: 'mp4', files: 3, bytes: 2_000_000_000 },
    { name: '', files: 1, bytes: 10 },
  ],
  channels: [
    { name: 'C0GENERAL', files: 1_100, bytes: 3_000_000_000 },
    { name: 'D0VAULT', files: 2, bytes: 2_048 },
  ],
  people: [{ name: 'U0ANN', files: 1_204, bytes: 3_650_722_202 }],
  cost: { bytes: 3_650_722_202, newFiles: 140, perGb: 0.023, perThousandRequests: 0.005, isListPrice: true },
  picture: 'https://bucket.example/chart.png?X-Amz-Signature=1',
};

export function homeInput(given: Partial<HomeInput> = {}): HomeInput {
  return {
    now: NOW,
    stored: { files: 0, bytes: 0 },
    own: { files: 0, bytes: 0 },
    onTheWay: { files: [], total: 0 },
    failures: { files: [], total: 0 },
    recent: [],
    mayDelete: () => false,
    ...given,
  };
}

/** A backfill that has read a quarter of the channel's life in ten minutes. */
export function backfill(given: Partial<Backfill> = {}): Backfill {
  return {
    id: 3,
    teamId: 'T1',
    channelId: 'C0GENERAL',
    state: 'walking',
    requestedBy: 'U0ANN',
    stoppedBy: null,
    startedAt: NOW - 10 * MINUTE,
    endedAt: null,
    channelCreatedAt: NOW - 10 * MINUTE - 400 * DAY,
    reachedAt: NOW - 10 * MINUTE - 100 * DAY,
    pages: 41,
    messages: 8_012,
    known: 12,
    errorCode: null,
    ...given,
  };
}

export function backfillFiles(given: Partial<BackfillFiles> = {}): BackfillFiles {
  return {
    stored: 1_200,
    waiting: 40,
    failed: 2,
    skipped: { external: 4, tombstone: 1, deleted_in_slack: 1 },
    ...given,
  };
}
