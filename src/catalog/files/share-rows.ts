import { type Insertable, sql } from 'kysely';
import { prepared } from '../db/prepared.ts';
import type { Schema, Scope, ShareRecord } from '../db/schema.ts';
import type { UnsharedTable } from '../db/schema-shares.ts';
import type { FileRef, Share } from '../model.ts';
import { areTogether } from './channel-keys.ts';
import { newShareRow } from './insert-many.ts';

/** The moment of a message (ms). */
export const momentOfTs = (ts: string) => Math.round(Number(ts) * 1_000);

export const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

const sharesOf = prepared(({ db }: Scope, { teamId, fileId }: FileRef) =>
  db.selectFrom('share').selectAll().where('teamId', '=', teamId).where('fileId', '=', fileId),
);

/** A file's shares, oldest first; at the same moment, a known message comes before an unknown one. */
export async function shareRecords(scope: Scope, { teamId, fileId }: FileRef): Promise<ShareRecord[]> {
  const shares = await sharesOf(scope, { teamId, fileId });
  return shares.sort(
    (a, b) =>
      a.sharedAt - b.sharedAt ||
      Number(a.ts === '') - Number(b.ts === '') ||
      compare(a.ts, b.ts) ||
      compare(a.channelId, b.channelId),
  );
}

type InChannel = FileRef & { channelId: string };

const sharesIn = prepared(({ db }: Scope, { teamId, fileId, channelId }: InChannel) =>
  db
    .selectFrom('share')
    .selectAll()
    .where('teamId', '=', teamId)
    .where('fileId', '=', fileId)
    .where('channelId', '=', channelId),
);

const newShare = prepared(({ db }: Scope, share: Insertable<Schema['share']>) =>
  db.insertInto('share').values(share).returningAll(),
);

/** Deletions of this message, whatever it held, and all word that this file left its channel. */
const removalsHere = prepared(
  (_: Scope, { teamId, channelId, ts, fileId }: InChannel & { ts: string }) => sql<UnsharedTable>`
    select * from unshared where team_id = ${teamId} and channel_id = ${channelId} and ts = ${ts} and file_id = ''
    union all select * from unshared where team_id = ${teamId} and channel_id = ${channelId} and ts = ''
      and file_id = ${fileId}`,
);

/** Only columns that the index of files has: otherwise SQLite reads all removals of the workspace. */
const ofFile = ({ teamId, fileId }: FileRef) =>
  sql`select channel_id, ts, at from unshared where team_id = ${teamId} and file_id = ${fileId}`;

/** The same for a file that was unknown: everything told about it anywhere. */
const removalsOf = prepared(
  (_: Scope, { teamId, channelId, ts, fileId }: InChannel & { ts: string }) => sql<UnsharedTable>`
    select * from unshared where team_id = ${teamId} and channel_id = ${channelId} and ts = ${ts} and file_id = ''
    union all select u.* from (${ofFile({ teamId, fileId })}) k
      cross join unshared u where u.team_id = ${teamId} and u.file_id = ${fileId}
        and u.channel_id = k.channel_id and u.ts = k.ts and u.at = k.at`,
);

/** All removals told of a file in a channel, and of the messages that show it there. */
const removalsIn = prepared(
  (_: Scope, { teamId, channelId, fileId }: InChannel) => sql<UnsharedTable>`
    select * from unshared where team_id = ${teamId} and file_id = ${fileId} and channel_id = ${channelId}
    union all select u.* from share s
      join unshared u on u.team_id = s.team_id and u.channel_id = s.channel_id and u.ts = s.ts and u.file_id = ''
      where s.team_id = ${teamId} and s.file_id = ${fileId} and s.channel_id = ${channelId} and s.ts <> ''`,
);

/**
 * Removals of a file and sightings of it in still unknown messages run one after the other. Everybody takes this lock
 * before the file's row.
 */
export const removalLock = ({ teamId, fileId }: FileRef) => `unshare ${teamId} ${fileId}`;

/**
 * Adds a share, or fills in what was missing. A message counts as shown before anything else was told of it, even
 * within the same millisecond. A placeholder is replaced by the first real share in its channel. A file on a
 * channel's tab stands beside the messages that show it, and so does a share made in the vault: it neither replaces
 * what Slack told nor is replaced by it. Call it with {@link removalLock}, at least shared. Returns the row if it is all that is
 * known of where the file is. `untouched`: nothing that Slack told earlier is about this file or its message.
 */
export async function insertShare(
  scope: Scope,
  ref: FileRef,
  share: Share,
  isNew: boolean,
  untouched = false,
): Promise<ShareRecord | undefined> {
  const here = { teamId: ref.teamId, fileId: ref.fileId, channelId: share.channelId };
  const { ts: told, askedAt = null, viaVault = false } = share;
  const ts = told ?? '';
  const known = isNew ? [] : await sharesIn(scope, here);
  const isPlaceholder = ts === '' && share.silent !== true && !viaVault;
  const slacks = viaVault ? [] : known.filter(isSlacks);
  if (isPlaceholder && slacks.some((other) => other.ts !== '')) return;
  const same = known.find((other) => other.ts === ts);
  if (same) {
    if (await updateShare(scope, same, share)) await settle(scope, here);
    return;
  }
  const placeholder = slacks.find((other) => other.ts === '' && other.silent === 0);
  if (placeholder) await scope.db.deleteFrom('share').where('id', '=', placeholder.id).execute();
  const removals =
    isNew && untouched ? [] : await (isNew ? removalsOf : removalsHere)(scope, { ...here, ts });
  const gone = newest(
    removals.filter((one) => ts !== '' && one.channelId === here.channelId && one.ts === ts),
  );
  // Messages of which only the end was told.
  const ended = removals.filter(
    (one) => one.ts !== '' && !(one.channelId === here.channelId && one.ts === ts),
  );
  let only: ShareRecord | undefined;
  if (!(isPlaceholder && ended.some((one) => one.channelId === here.channelId))) {
    // A share that was said to be gone is there again if Slack shows it.
    const undone = removals.filter(
      (one) => one.channelId === here.channelId && askedAt !== null && askedAt > one.heardAt,
    );
    const row = newShareRow(here, share);
    [only] = await newShare(scope, {
      ...row,
      shownAt: Math.max(row.shownAt, ...undone.map(({ at }) => at + 1)),
      takenAt: gone?.at ?? null,
      heardAt: gone?.heardAt ?? null,
    });
  }
  for (const told of Map.groupBy(ended, (one) => `${one.channelId} ${one.ts}`).values()) {
    const { channelId, ts: endedTs, at, heardAt } = newest(told) as UnsharedTable;
    await insertEnded(scope, { ...ref, channelId }, { ts: endedTs, at, heardAt });
  }
  for (const channelId of new Set(removals.map((one) => one.channelId)))
    await settle(scope, { ...here, channelId });
  return isNew && removals.length === 0 ? only : undefined;
}

/** A message that held a file; nothing else is known of it, except that it does not hold it any more. */
export async function insertEnded(
  scope: Scope,
  { teamId, fileId, channelId }: InChannel,
  { ts, at, heardAt }: { ts: string; at: number; heardAt: number },
): Promise<void> {
  const sharedAt = momentOfTs(ts);
  await newShare(scope, {
    ...{ teamId, fileId, channelId, channelKind: null, ts, threadTs: null, userId: null, sharedAt },
    ...{ removedAt: null, position: 0, silent: 0, shownAt: sharedAt - 1, takenAt: at, heardAt },
  });
}

const newest = (removals: UnsharedTable[]) => removals.toSorted((a, b) => b.at - a.at)[0];

/** Fills in what was missing in a share. True when it was shown for a later moment than before. */
async function updateShare(scope: Scope, same: ShareRecord, share: Share): Promise<boolean> {
  const { sharedAt, position, silent, shownAt = sharedAt - 1, askedAt = null } = share;
  const again = isThereAgain(same, askedAt) ? (same.removedAt ?? 0) + 1 : 0;
  const shownUntil = Math.max(same.shownAt, shownAt, again);
  await scope.db
    .updateTable('share')
    .set({
      threadTs: same.threadTs ?? share.threadTs,
      userId: same.userId ?? share.userId,
      channelKind: same.channelKind ?? share.channelKind,
      sharedAt: Math.min(same.sharedAt, sharedAt),
      shownAt: shownUntil,
      ...(position === undefined ? {} : { position }),
      ...(silent === undefined ? {} : { silent: Number(silent) }),
      // What Slack itself shows is Slack's.
      ...(share.viaVault === true ? {} : { viaVault: 0 }),
    })
    .where('id', '=', same.id)
    .execute();
  return shownUntil > same.shownAt;
}

function isThereAgain({ removedAt, heardAt }: ShareRecord, askedAt: number | null): boolean {
  return askedAt !== null && removedAt !== null && askedAt > (heardAt ?? removedAt);
}

/**
 * Works out which shares of a file in a channel are gone, from everything that Slack told of them. The order in which
 * Slack told it does not matter. True when something changed.
 */
export async function settle(scope: Scope, here: InChannel): Promise<boolean> {
  const shares = await sharesIn(scope, here);
  const removals = standing(shares, await removalsIn(scope, here));
  let changed = false;
  for (const share of shares) {
    const { removedAt, heardAt } = removals.get(share.id) ?? { removedAt: null, heardAt: share.heardAt };
    if (removedAt === share.removedAt && heardAt === share.heardAt) continue;
    changed ||= removedAt !== share.removedAt;
    await scope.db.updateTable('share').set({ removedAt, heardAt }).where('id', '=', share.id).execute();
  }
  return changed;
}

type Gone = Pick<ShareRecord, 'removedAt' | 'heardAt'>;

/** Slack knows of this share; those made in the vault are nothing to it. */
export const isSlacks = ({ viaVault }: Pick<ShareRecord, 'viaVault'>): boolean => viaVault === 0;

/**
 * The shares of one channel that are gone: each since the first removal after it was last shown. A message's removal
 * is about that message. `file_unshared` names no message. It goes with a message's removal at about the same time,
 * or else is about the only share at that moment. If there were several, the file is still in the channel. Slack
 * counts only its own shares: one made in the vault ends with its message, or when it is taken back in the vault.
 */
function standing(shares: readonly ShareRecord[], told: readonly UnsharedTable[]): Map<number, Gone> {
  const gone = new Map<number, Gone>();
  const ofMessages = told.filter(({ ts }) => ts !== '');
  const ofChannel = told.filter(({ ts }) => ts === '').sort((a, b) => a.at - b.at);
  for (const share of shares) {
    const [first] = [...ofMessages.filter(({ ts }) => ts === share.ts), ...knownFrom(share, ofChannel)]
      .filter(({ at }) => at > share.shownAt)
      .sort((a, b) => a.at - b.at);
    if (first) gone.set(share.id, { removedAt: first.at, heardAt: first.heardAt });
  }
  const slacks = shares.filter(isSlacks);
  const cards = new Set(shares.filter((share) => !isSlacks(share)).map(({ ts }) => ts));
  const moments = [
    ...ofMessages.filter(({ ts }) => !cards.has(ts)).map(({ at }) => at),
    ...slacks.flatMap(({ takenAt }) => (takenAt === null ? [] : [takenAt])),
  ];
  for (const { at, heardAt } of ofChannel) {
    if (moments.some((moment) => areTogether(moment, at))) continue;
    const there = slacks.filter(
      ({ id, shownAt }) => !((gone.get(id)?.removedAt ?? at + 1) <= at) && shownAt < at,
    );
    const [only] = there;
    if (only && there.length === 1) gone.set(only.id, { removedAt: at, heardAt });
  }
  return gone;
}

type At = Pick<UnsharedTable, 'at' | 'heardAt'>;

/** What the share itself says: an older version, or a rebuilt catalog, knows only this. */
function knownFrom({ takenAt, removedAt, heardAt }: ShareRecord, ofChannel: readonly At[]): At[] {
  const at = takenAt ?? (ofChannel.length === 0 ? removedAt : null);
  return at === null ? [] : [{ at, heardAt: heardAt ?? at }];
}
