import { fileById } from '../catalog/files/lookup.ts';
import { type Covered, countCovered } from '../catalog/governance/count-covered.ts';
import {
  countHolds,
  type Hold,
  type HoldScope,
  holdsInForce,
  liftHold,
  setHold,
} from '../catalog/governance/holds.ts';
import { type BucketHolds, bucketHolds } from '../catalog/governance/object-holds.ts';
import { trashedLike } from '../catalog/search/trashed-like.ts';
import { startOfDay, type Zone } from '../local-day.ts';
import { noSuchHold, nothingToHold, notYetToHold, tooManyToHold } from '../refusals/holds.ts';
import type { ObjectLock } from '../storage/legal-hold.ts';
import { nameOf } from '../text/file-name.ts';
import { RANK } from '../text/match-rank.ts';
import { DAY_MS } from '../time.ts';
import { requireAuditor, requireBucket } from './access.ts';
import { seerFor } from './audit-names.ts';
import type { Vault } from './context.ts';
import { findPage } from './files/page.ts';
import { searchedTexts } from './files/searched.ts';
import { togetherIn } from './files/together.ts';
import { type Named, namesShown } from './names.ts';
import { requireUnderstood } from './query/filter.ts';

export interface HoldsInForce {
  /** Newest first. */
  holds: Hold[];
  /** How many holds there are in all. */
  total: number;
  /** Whether the bucket holds these files too; `unknown` when the vault may not ask. */
  objectLock: ObjectLock;
  /** What the bucket holds as it was last read back. */
  inBucket: BucketHolds;
  names: Named;
}

/** The holds in force, for admins and auditors; at most `limit` of them. Throws `UserError`. */
export async function listHolds(
  vault: Vault,
  { userId, limit }: { userId: string; limit: number },
): Promise<HoldsInForce> {
  const { catalog, identity, objectLock } = vault;
  const { teamId } = identity;
  await requireAuditor(vault, userId);
  const [holds, total, inBucket] = await Promise.all([
    holdsInForce(catalog, teamId, limit),
    countHolds(catalog, teamId),
    bucketHolds(catalog, teamId),
  ]);
  return { holds, total, objectLock, inBucket, names: await namesOfScopes(vault, userId, holds) };
}

/** Which files a person wants to hold: those that match every field that is not null. */
export interface HoldWanted {
  personId: string | null;
  channelId: string | null;
  fileId: string | null;
  /** Only these files. */
  fileIds?: string[] | null;
  /** The first and last day on which they were shared, such as 2026-01-31, in the person's own time zone. */
  firstDay: string | null;
  lastDay: string | null;
  reason: string;
}

/**
 * Puts files on hold, for admins and auditors. `tooLate` counts files that were already being removed for good. Throws
 * `UserError`.
 */
export async function putOnHold(
  vault: Vault,
  { userId, reason, ...wanted }: HoldWanted & { userId: string },
): Promise<{ scope: HoldScope; tooLate: number; names: Named }> {
  await requireAuditor(vault, userId);
  requireBucket(vault);
  const scope = scopeOf(wanted, await vault.people.person(userId));
  const { tooLate } = await setHold(vault.catalog, {
    teamId: vault.identity.teamId,
    scope,
    reason,
    actorId: userId,
    now: vault.now(),
  });
  vault.wake();
  return { scope, tooLate, names: await namesOfScopes(vault, userId, [{ ...scope, setBy: userId }]) };
}

/** The names of the people, channels and files that holds tell of, as far as their reader may know them. */
async function namesOfScopes(
  vault: Vault,
  userId: string,
  holds: ReadonlyArray<Pick<Hold, 'personId' | 'channelId' | 'fileId' | 'setBy'>>,
): Promise<Named> {
  const people = holds.flatMap(({ personId, setBy }) => [personId, setBy]);
  const [named, files] = await Promise.all([
    namesShown(vault, userId, { people, channels: holds.map(({ channelId }) => channelId) }),
    namesOfFiles(
      vault,
      userId,
      holds.map(({ fileId }) => fileId),
    ),
  ]);
  return { ...named, files };
}

/** The names of these files that this person may know. */
async function namesOfFiles(
  vault: Vault,
  userId: string,
  fileIds: ReadonlyArray<string | null>,
): Promise<ReadonlyMap<string, string>> {
  const { catalog, identity } = vault;
  const names = new Map<string, string>();
  const mayKnow = await seerFor(vault, userId);
  for (const fileId of new Set(fileIds)) {
    if (fileId === null || !(await mayKnow(fileId))) continue;
    const file = await fileById(catalog, { teamId: identity.teamId, fileId });
    const name = file === undefined ? null : nameOf(file);
    if (name !== null) names.set(fileId, name);
  }
  return names;
}

/** Days are whole days where the person is, by the clock that each had. */
function scopeOf(wanted: Omit<HoldWanted, 'reason'>, zone: Zone): HoldScope {
  const { personId, channelId, fileId, fileIds = null, firstDay, lastDay } = wanted;
  const numberOf = (day: string) => Math.floor(Date.parse(`${day}T00:00Z`) / DAY_MS);
  const sharedFrom = firstDay === null ? null : startOfDay(numberOf(firstDay), zone);
  const sharedUntil = lastDay === null ? null : startOfDay(numberOf(lastDay) + 1, zone);
  return { personId, channelId, fileId, fileIds, sharedFrom, sharedUntil };
}

/**
 * The most files that a search may put on hold: their ids travel in the window, in Slack's `private_metadata`. It takes
 * 3,000 characters (docs.slack.dev/reference/views); what is around the ids is short. Attachments have longer ids.
 */
export const MOST_FOUND = 150;
const ROOM = 2_900;

/** As many of these ids as the window takes, with a blank between them. */
function fitting(fileIds: readonly string[]): string[] {
  let length = -1;
  const tooLong = fileIds.findIndex((id) => {
    length += id.length + 1;
    return length > ROOM;
  });
  return fileIds.slice(0, tooLong < 0 ? MOST_FOUND : Math.min(tooLong, MOST_FOUND));
}

/** What somebody who puts certain files on hold has to know first. */
export interface HoldPlan extends Covered {
  fileIds: string[];
  /** The name of the only file, if this person may know it. */
  name: string | null;
  /** How many of them are in the trash, if a search found them. */
  inTrash: number;
}

/** What a hold of these files would cover, for admins and auditors. Throws `UserError`. */
export async function planHold(
  vault: Vault,
  { userId, fileIds }: { userId: string; fileIds: readonly string[] },
): Promise<HoldPlan> {
  await requireAuditor(vault, userId);
  const { catalog, identity } = vault;
  const { teamId } = identity;
  const nobody = { personId: null, channelId: null, fileId: null, sharedFrom: null, sharedUntil: null };
  const covered = await countCovered(catalog, { teamId, scope: { ...nobody, fileIds: [...fileIds] } });
  const [only = ''] = fileIds;
  const isKnown = fileIds.length === 1 && (await (await seerFor(vault, userId))(only));
  const file = isKnown ? await fileById(catalog, { teamId, fileId: only }) : undefined;
  return { ...covered, fileIds: [...fileIds], name: file === undefined ? null : nameOf(file), inTrash: 0 };
}

/**
 * The same for all files that a search finds, as it finds them for this person now, and for those in the trash that it
 * would find if they were not there. Throws `UserError`.
 */
export async function planHoldOfFound(
  vault: Vault,
  { userId, query }: { userId: string; query: string },
): Promise<HoldPlan> {
  await requireAuditor(vault, userId);
  const { page, notes, viewer, filter } = await findPage(vault, {
    userId,
    channelId: '',
    query,
    limit: MOST_FOUND + 1,
  });
  // A word left out, or a search that stopped early, would hold other files than those that were meant.
  requireUnderstood(notes);
  if (page.stopped) throw notAllFound(page);
  const listed = page.files.filter(({ rank }) => rank !== RANK.similar);
  const limit = MOST_FOUND + 1;
  const trash = await trashedLike(vault.catalog, {
    viewer,
    filter,
    ...searchedTexts(vault),
    together: togetherIn(vault, filter),
    limit,
  });
  if (trash.stopped) throw notAllFound(trash);
  const found = [...new Set([...listed.map(({ fileId }) => fileId), ...trash.fileIds])];
  if (found.length === 0) throw nothingToHold(query);
  const fit = fitting(found).length;
  const hasMore = page.older !== null && listed.length === page.files.length;
  if (found.length > fit || hasMore) throw tooManyToHold(fit);
  return { ...(await planHold(vault, { userId, fileIds: found })), inTrash: trash.fileIds.length };
}

const notAllFound = ({ behind }: { behind?: true }) => (behind ? notYetToHold() : tooManyToHold(MOST_FOUND));

/** Lifts a hold, for admins and auditors. Throws `UserError`. */
export async function takeOffHold(
  vault: Vault,
  { userId, holdId }: { userId: string; holdId: string },
): Promise<void> {
  const { catalog, identity, now } = vault;
  await requireAuditor(vault, userId);
  requireBucket(vault);
  const which = { teamId: identity.teamId, holdId };
  const isLifted = await liftHold(catalog, { ...which, actorId: userId, now: now() });
  if (!isLifted) throw noSuchHold();
  vault.wake();
}

/** Asked before the form for a new hold is shown. Throws `UserError` unless this person may set one. */
export async function mayFillInHold(vault: Vault, { userId }: { userId: string }): Promise<void> {
  await requireAuditor(vault, userId);
}
