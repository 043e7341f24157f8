import { type Selectable, sql } from 'kysely';
import { prepared } from '../db/prepared.ts';
import type { FileRecord, Schema, Scope } from '../db/schema.ts';
import type { AudienceTotalsTable } from '../db/schema-stats.ts';
import { type Counted, counted, inTrash, unkept } from './sums-of.ts';

/**
 * Moves a file from the sums it was counted in to those it belongs to now, and writes its channel set into its
 * record. Only stored files count; files in the trash, on their way or not kept have separate sums. The sums are
 * exact because this runs in the transaction of every change.
 */
export async function countFile(
  scope: Scope,
  before: FileRecord | undefined,
  after: FileRecord,
  channelIds: string[],
): Promise<void> {
  const audienceId = await channelSetOf(scope, after.teamId, channelIds);
  if (after.audienceId !== audienceId) {
    await setChannelSet(scope, { id: after.id, audienceId });
  }
  const was = before && counted(before);
  const is = counted({ ...after, audienceId });
  if (was && is && same(was, is)) return;
  // In the order of the channel sets, so that two transactions never wait for each other.
  const changes = [...(was ? [{ ...was, sign: -1 }] : []), ...(is ? [{ ...is, sign: 1 }] : [])].sort(
    (a, b) => a.audienceId - b.audienceId,
  );
  for (const { sign, ...change } of changes) await add(scope, change, sign, sign * change.bytes);
  await noteTheirs(scope, before, { ...after, audienceId });
  await countTrash(scope, before, { ...after, audienceId });
  await countUnkept(scope, before, { ...after, audienceId });
}

/**
 * What is not stored is in no sum of its uploader; a row without files says where it is, so that they find it where they cannot look
 * any more (search/reach.ts).
 */
async function noteTheirs(scope: Scope, before: FileRecord | undefined, after: FileRecord): Promise<void> {
  const is = inTrash(after) ?? unkept(after);
  if (is === undefined) return;
  const was = before && (counted(before) ?? inTrash(before) ?? unkept(before));
  if (was?.audienceId === is.audienceId && before?.uploaderId === after.uploaderId) return;
  await noteUploader(scope, { ...whose(is), uploaderId: after.uploaderId ?? '', files: 0, bytes: 0 });
}

/** The trash is summed by channel set, too. Its files are in no other sum. */
async function countTrash(scope: Scope, before: FileRecord | undefined, after: FileRecord): Promise<void> {
  const [was, is] = [before && inTrash(before), inTrash(after)];
  if (was?.audienceId === is?.audienceId && was?.bytes === is?.bytes) return;
  const row = { part: 'trash' as const, name: '' };
  const changes = [
    ...(was ? [{ ...was, files: -1, bytes: -was.bytes }] : []),
    ...(is ? [{ ...is, files: 1 }] : []),
  ];
  for (const change of changes.sort((a, b) => a.audienceId - b.audienceId))
    await addToAudienceTotals(scope, { ...row, ...change });
}

/**
 * Files listed without being stored are counted by channel set, separately: those on their way, and by reason those
 * not kept. Bytes would mean nothing: Slack often does not say them.
 */
async function countUnkept(scope: Scope, before: FileRecord | undefined, after: FileRecord): Promise<void> {
  const [was, is] = [before && unkept(before), unkept(after)];
  if (was?.audienceId === is?.audienceId && was?.part === is?.part && was?.name === is?.name) return;
  const changes = [...(was ? [{ ...was, files: -1 }] : []), ...(is ? [{ ...is, files: 1 }] : [])];
  for (const change of changes.sort((a, b) => a.audienceId - b.audienceId))
    await addToAudienceTotals(scope, { ...change, bytes: 0 });
}

/** Counts files that are new and not stored yet, with their channel sets; see {@link countFile}. */
export async function countNew(scope: Scope, files: readonly FileRecord[]): Promise<void> {
  const uploaders = new Map<string, Sum & { teamId: string; uploaderId: string }>();
  const sums = new Map<string, AudienceTotalsTable>();
  for (const file of files) {
    const is = unkept(file);
    if (is === undefined) continue;
    const { teamId, audienceId, part, name } = is;
    const uploaderId = file.uploaderId ?? '';
    uploaders.set(`${audienceId} ${uploaderId}`, { teamId, audienceId, uploaderId, files: 0, bytes: 0 });
    const key = `${audienceId} ${part} ${name}`;
    const known = sums.get(key) ?? { teamId, audienceId, part, name, files: 0, bytes: 0 };
    sums.set(key, { ...known, files: known.files + 1 });
  }
  const inOrder = <T extends { audienceId: number }>(all: Map<string, T>) =>
    [...all].sort(([a], [b]) => (a < b ? -1 : 1)).sort(([, a], [, b]) => a.audienceId - b.audienceId);
  for (const [, row] of inOrder(uploaders)) await noteUploader(scope, row);
  for (const [, row] of inOrder(sums)) await addToAudienceTotals(scope, row);
}

const whose = ({ teamId, audienceId }: { teamId: string; audienceId: number }) => ({ teamId, audienceId });

function same(a: Counted, b: Counted): boolean {
  const keys = ['audienceId', 'uploaderId', 'month', 'type', 'bytes'] as const;
  return keys.every((key) => a[key] === b[key]);
}

const setChannelSet = prepared(({ db }: Scope, { id, audienceId }: { id: number; audienceId: number }) =>
  db.updateTable('file').set({ audienceId }).where('id', '=', id),
);

const channelSetNamed = prepared(
  ({ db }: Scope, { teamId, channels }: { teamId: string; channels: string }) =>
    db.selectFrom('audience').select('id').where('teamId', '=', teamId).where('channels', '=', channels),
);

/** The id of the channel set with exactly these channels; made if it is new. */
export async function channelSetOf(scope: Scope, teamId: string, channelIds: string[]): Promise<number> {
  const channels = [...channelIds].sort().join(' ');
  const known = async () => (await channelSetNamed(scope, { teamId, channels }))[0];
  const found = await known();
  if (found) return found.id;
  const made = await scope.db
    .insertInto('audience')
    .values({ teamId, channels })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!made) return (await known())?.id as number; // another process was quicker
  await scope.db
    .insertInto('audienceChannel')
    .values(channelIds.map((channelId) => ({ teamId, channelId, audienceId: made.id })))
    .execute();
  return made.id;
}

export type ChannelSet = Selectable<Schema['audience']>;

/**
 * Gives a channel set other channels: `to` in the place of `from`. Its files, and what the search indexes know of them, stay as they
 * are. Where there is a set with exactly these channels already, nothing is changed, and that one is returned.
 */
export async function renameInChannelSet(
  { db }: Scope,
  { id, teamId, channels }: Pick<ChannelSet, 'id' | 'teamId' | 'channels'>,
  from: string,
  to: string,
): Promise<ChannelSet | undefined> {
  const moved = new Set(channels.split(' ').map((channelId) => (channelId === from ? to : channelId)));
  const renamed = [...moved].sort().join(' ');
  // Whoever makes the same set at this moment waits, and finds this one then.
  const room = await db
    .insertInto('audience')
    .values({ teamId, channels: renamed })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!room)
    return db
      .selectFrom('audience')
      .selectAll()
      .where('teamId', '=', teamId)
      .where('channels', '=', renamed)
      .executeTakeFirstOrThrow();
  await db.deleteFrom('audience').where('id', '=', room.id).execute();
  await db.updateTable('audience').set({ channels: renamed }).where('id', '=', id).execute();
  await db
    .deleteFrom('audienceChannel')
    .where('teamId', '=', teamId)
    .where('channelId', '=', from)
    .where('audienceId', '=', id)
    .execute();
  await db
    .insertInto('audienceChannel')
    .values({ teamId, channelId: to, audienceId: id })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return undefined;
}

async function add(scope: Scope, counted: Counted, files: number, bytes: number): Promise<void> {
  const { teamId, audienceId, uploaderId, month, type } = counted;
  await addToChannelSet(scope, { audienceId, files, bytes });
  await addToUploaderTotals(scope, { teamId, uploaderId, audienceId, files, bytes });
  const sum = { teamId, audienceId, files, bytes };
  await addToAudienceTotals(scope, { ...sum, part: 'month', name: month });
  await addToAudienceTotals(scope, { ...sum, part: 'type', name: type });
}

interface Sum {
  audienceId: number;
  files: number;
  bytes: number;
}

const addToChannelSet = prepared(({ db }: Scope, { audienceId, files, bytes }: Sum) =>
  db
    .updateTable('audience')
    .set({ files: sql`files + ${files}`, bytes: sql`bytes + ${bytes}` })
    .where('id', '=', audienceId),
);

const addToUploaderTotals = prepared(({ db }: Scope, row: Sum & { teamId: string; uploaderId: string }) =>
  db
    .insertInto('tally')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['teamId', 'uploaderId', 'audienceId']).doUpdateSet({
        files: sql`tally.files + excluded.files`,
        bytes: sql`tally.bytes + excluded.bytes`,
      }),
    ),
);

const noteUploader = prepared(({ db }: Scope, row: Sum & { teamId: string; uploaderId: string }) =>
  db
    .insertInto('tally')
    .values(row)
    .onConflict((conflict) => conflict.doNothing()),
);

const addToAudienceTotals = prepared(({ db }: Scope, row: AudienceTotalsTable) =>
  db
    .insertInto('breakdown')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['teamId', 'part', 'audienceId', 'name']).doUpdateSet({
        files: sql`breakdown.files + excluded.files`,
        bytes: sql`breakdown.bytes + excluded.bytes`,
      }),
    ),
);
