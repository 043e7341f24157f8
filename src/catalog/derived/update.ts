import { isMade } from '../../file-kinds.ts';
import { endingOf } from '../../file-names.ts';
import { prepared } from '../db/prepared.ts';
import type { FileRecord, Schema, Scope, ShareRecord } from '../db/schema.ts';
import { keyedShares } from '../files/channel-keys.ts';
import { followName, followShares } from '../files/said.ts';
import type { FileRef, FileRow } from '../model.ts';
import { indexNameAgain } from '../reading/renamed.ts';
import { countFile } from '../totals/count-file.ts';
import { isListed } from './listed.ts';
import { indexOwnWords } from './own-words.ts';

type ChannelFile = Schema['channelFile'];

/** The tag of a person: what they shared or uploaded. No file type begins with `@`. */
export const personTag = (userId: string) => `@${userId}`;

/** The tag that every listed file carries. */
export const EVERY_FILE = '';

/** What of a file gives it tags. */
type Tagged = Pick<
  FileRow,
  'uploaderId' | 'name' | 'mimetype' | 'storedType' | 'filetype' | 'mode' | 'facts'
>;

/** The tags of a file's list entry in a channel: for every file, for people, for its type. */
export function tagsOf(file: Tagged, sharedBy: string | null): string[] {
  const tags = new Set([EVERY_FILE]);
  for (const person of [file.uploaderId, sharedBy]) if (person) tags.add(personTag(person));
  const extension = /\.([a-z0-9]{1,12})$/i.exec(file.name ?? '')?.[1];
  const families = [file.mimetype, file.storedType].map((type) => /^[a-z]+(?=\/)/i.exec(type ?? '')?.[0]);
  // Slack's own documents are searched by the file ending that people get.
  const made = isMade(file) ? endingOf(file.storedType) : null;
  for (const type of [file.filetype, extension, made, ...families]) {
    if (type && !/[\s@]/.test(type)) tags.add(type.toLowerCase());
  }
  return [...tags];
}

/**
 * Brings everything derived from a file in line with its record and its shares: `channel_file`, `listing`,
 * `audience`, `audience_channel`, `breakdown` and `tally`. Shares that were taken back are left out. Call it in the transaction of every change to them, with the
 * record as it was (undefined for a new file) and as it is now.
 */
export async function updateDerived(
  scope: Scope,
  before: FileRecord | undefined,
  after: FileRecord,
  shares: ShareRecord[],
): Promise<void> {
  await followShares(scope, after, shares);
  if (before !== undefined && before.folded !== after.folded && after.state !== 'purged') {
    await followName(scope, after);
    await indexNameAgain(scope, after);
  }
  const places = placesOf(scope, after, shares);
  const channelIds = places.map(({ channelId }) => channelId);
  const known = before ? await channelFilesOf(scope, after) : [];
  for (const row of known) if (!channelIds.includes(row.channelId)) await leave(scope, row);
  await indexOwnWords(scope, before, after, {
    were: known.map((row) => row.channelId),
    are: channelIds,
  });
  for (const place of places) {
    const was = known.find((row) => row.channelId === place.channelId);
    await updateInChannel(scope, after, place, was);
  }
  await countFile(scope, before, after, channelIds);
}

/** Where a file is listed, each channel once; without tags where lists do not show it. */
export interface Place {
  channelId: string;
  sharedAt: number;
  sharedBy: string | null;
  tags: string[] | null;
}

/** Where a file is to be listed, from its record and its shares. */
export function placesOf(scope: Scope, file: FileRecord, shares: readonly ShareRecord[]): Place[] {
  const newest = newestByChannel(keyedShares(scope, file, shares));
  const tagged = isListed(file) ? { ...file, facts: JSON.parse(file.facts) } : null;
  return [...newest.values()].map(({ channelId, sharedAt, userId: sharedBy }) => ({
    ...{ channelId, sharedAt, sharedBy },
    tags: tagged === null ? null : tagsOf(tagged, sharedBy),
  }));
}

/** The file is not open there any more. */
async function leave(scope: Scope, row: ChannelFile): Promise<void> {
  await unlist(scope, row);
  await scope.db
    .deleteFrom('channelFile')
    .where('teamId', '=', row.teamId)
    .where('fileId', '=', row.fileId)
    .where('channelId', '=', row.channelId)
    .execute();
}

function newestByChannel(shares: ShareRecord[]): Map<string, ShareRecord> {
  const newest = new Map<string, ShareRecord>();
  for (const share of shares) {
    const other = newest.get(share.channelId);
    if (!other || isNewer(share, other)) newest.set(share.channelId, share);
  }
  return newest;
}

/** A share in a message always counts before one on the channel's tab. */
function isNewer(share: ShareRecord, other: ShareRecord): boolean {
  if (share.silent !== other.silent) return share.silent < other.silent;
  return share.sharedAt > other.sharedAt || (share.sharedAt === other.sharedAt && share.ts > other.ts);
}

function channelFilesOf(scope: Scope, { teamId, fileId }: FileRecord): Promise<ChannelFile[]> {
  return channelFiles(scope, { teamId, fileId });
}

const channelFiles = prepared(({ db }: Scope, { teamId, fileId }: FileRef) =>
  db.selectFrom('channelFile').selectAll().where('teamId', '=', teamId).where('fileId', '=', fileId),
);

async function updateInChannel(
  scope: Scope,
  { teamId, fileId }: FileRef,
  { channelId, sharedAt, sharedBy, tags }: Place,
  was: ChannelFile | undefined,
): Promise<void> {
  const listedAs = tags?.join(' ') ?? null;
  if (was && was.sharedAt === sharedAt && was.sharedBy === sharedBy && was.listedAs === listedAs) return;
  if (was) await unlist(scope, was);
  await setChannelFile(scope, { teamId, fileId, channelId, sharedAt, sharedBy, listedAs });
  for (const tag of tags ?? []) await enlist(scope, { teamId, channelId, tag, sharedAt, fileId });
}

const setChannelFile = prepared(({ db }: Scope, row: ChannelFile) =>
  db
    .insertInto('channelFile')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['teamId', 'fileId', 'channelId']).doUpdateSet({
        sharedAt: row.sharedAt,
        sharedBy: row.sharedBy,
        listedAs: row.listedAs,
      }),
    ),
);

const enlist = prepared(({ db }: Scope, row: Schema['listing']) =>
  db
    .insertInto('listing')
    .values(row)
    .onConflict((conflict) => conflict.doNothing()),
);

async function unlist(scope: Scope, was: ChannelFile): Promise<void> {
  if (was.listedAs === null) return;
  await scope.db
    .deleteFrom('listing')
    .where('teamId', '=', was.teamId)
    .where('channelId', '=', was.channelId)
    .where('tag', 'in', was.listedAs.split(' '))
    .where('sharedAt', '=', was.sharedAt)
    .where('fileId', '=', was.fileId)
    .execute();
}
