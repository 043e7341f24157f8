import { type Insertable, sql } from 'kysely';
import { prepared } from '../db/prepared.ts';
import type { FileRecord, Schema, Scope, ShareRecord } from '../db/schema.ts';
import type { FileRef, Share } from '../model.ts';
import { describe, firstStanding } from './merge.ts';
import { firstFacts } from './merge-facts.ts';
import type { NewSighting } from './new-sighting.ts';

/** The row of a file that is new to the catalog. */
export function newFileRow(
  { teamId, fileId }: FileRef,
  { file, share, skip, quiet, backfillId }: NewSighting,
  dueAt: number,
): Insertable<Schema['file']> {
  return {
    ...describe(file),
    facts: firstFacts(file, share),
    ...firstStanding(skip, dueAt, file),
    ...{ teamId, fileId, channelId: share.channelId, messageTs: share.ts, threadTs: share.threadTs },
    ...{ sharedAt: share.sharedAt, quiet: quiet ? 1 : 0, backfillId: backfillId ?? null },
  };
}

/** The row of a share of which nothing is known but that Slack shows it. */
export function newShareRow({ teamId, fileId }: FileRef, share: Share) {
  const { channelId, channelKind, ts, threadTs, userId, sharedAt, position = 0, silent = false } = share;
  const { shownAt = sharedAt - 1, viaVault = false } = share;
  return {
    ...{ teamId, fileId, channelId, channelKind, ts: ts ?? '', threadTs, userId, sharedAt, position },
    ...{ silent: Number(silent), viaVault: Number(viaVault), shownAt },
    ...{ removedAt: null, takenAt: null, heardAt: null },
  };
}

/** What JSON cannot hand to SQLite as it is: the end of a text, and halves of characters. */
const NOT_IN_JSON = /\\u(?:0000|d[89a-f])/i;

/**
 * Writes down files with their shares, in two statements however many they are, which costs SQLite far less than a statement for
 * each: with each it walks along all indexes again. Only for files that are attached to nothing, of which nothing was told
 * before, and each only once. A file without its share would be seen by nobody, so that is an error. Returns the rows of those that were not known, by file.
 */
export async function insertMany(
  scope: Scope,
  found: ReadonlyArray<NewSighting & { dueAt: number }>,
): Promise<Map<string, { file: FileRecord; share: ShareRecord }>> {
  const rows = new Map<string, { file: unknown[]; share: unknown[] }>();
  for (const one of found) {
    const file = inOrder(newFileRow(one.file, one, one.dueAt), FILE_COLUMNS);
    const share = inOrder(newShareRow(one.file, one.share), SHARE_COLUMNS);
    if (!NOT_IN_JSON.test(JSON.stringify([file, share]))) rows.set(one.file.fileId, { file, share });
  }
  const all = [...rows.values()];
  const files = await newFiles(scope, { rows: JSON.stringify(all.map(({ file }) => file)) });
  const made = new Map(files.map((file) => [file.fileId, file]));
  const theirs = [...rows].flatMap(([fileId, { share }]) => (made.has(fileId) ? [share] : []));
  const shares = await newShares(scope, { rows: JSON.stringify(theirs) });
  if (shares.length !== made.size)
    throw new Error('A share of a file that is new to the catalog stood there already.');
  return new Map(
    shares.map((share) => [share.fileId, { file: made.get(share.fileId) as FileRecord, share }]),
  );
}

const FILE_COLUMNS = [
  ...(['teamId', 'fileId', 'name', 'title', 'mimetype', 'filetype', 'mode', 'size', 'uploaderId'] as const),
  ...([
    'createdAt',
    'url',
    'externalUrl',
    'permalink',
    'updatedAt',
    'parentId',
    'knownAs',
    'folded',
  ] as const),
  ...(['facts', 'state', 'reason', 'dueAt', 'attempts', 'errorCode', 'channelId', 'messageTs'] as const),
  ...(['threadTs', 'sharedAt', 'quiet', 'backfillId'] as const),
];
const SHARE_COLUMNS = [
  ...(['teamId', 'fileId', 'channelId', 'channelKind', 'ts', 'threadTs', 'userId', 'sharedAt'] as const),
  ...(['position', 'silent', 'viaVault', 'shownAt', 'removedAt', 'takenAt', 'heardAt'] as const),
];

/** The values under these names, in their order. Throws when there are others: the row would lose them. */
function inOrder(row: object, columns: readonly string[]): unknown[] {
  const values = new Map(Object.entries(row));
  const ordered = columns.map((column) => values.get(column) ?? null);
  for (const column of columns) values.delete(column);
  if (values.size > 0) throw new Error(`Nobody writes the columns ${[...values.keys()]}.`);
  return ordered;
}

const snake = (column: string) => column.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function insertOf<Row>(table: 'file' | 'share', columns: readonly string[]) {
  const names = sql.raw(columns.map(snake).join(', '));
  const cells = sql.raw(columns.map((_, i) => `value->>${i}`).join(', '));
  return prepared(
    (_: Scope, { rows }: { rows: string }) => sql<Row>`insert into ${sql.table(table)} (${names})
      select ${cells} from json_each(${rows}) where true on conflict do nothing returning *`,
  );
}

const newFiles = insertOf<FileRecord>('file', FILE_COLUMNS);
const newShares = insertOf<ShareRecord>('share', SHARE_COLUMNS);
