import {
  countHolds,
  type Hold,
  type HoldScope,
  holdsInForce,
  liftHold,
  setHold,
} from '../catalog/governance/holds.ts';
import { type BucketHolds, bucketHolds } from '../catalog/governance/object-holds.ts';
import { noSuchHold } from '../refusals/holds.ts';
import type { ObjectLock } from '../storage/legal-hold.ts';
import { DAY_MS } from '../time.ts';
import { requireAuditor } from './access.ts';
import type { Vault } from './context.ts';

export interface HoldsInForce {
  /** Newest first. */
  holds: Hold[];
  /** How many holds there are in all. */
  total: number;
  /** Whether the bucket holds these files too; `unknown` when the vault may not ask. */
  objectLock: ObjectLock;
  /** What the bucket holds as it was last read back. */
  inBucket: BucketHolds;
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
  return { holds, total, objectLock, inBucket };
}

/** Which files a person wants to hold: those that match every field that is not null. */
export interface HoldWanted {
  personId: string | null;
  channelId: string | null;
  fileId: string | null;
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
): Promise<{ scope: HoldScope; tooLate: number }> {
  await requireAuditor(vault, userId);
  const { timeZoneOffset } = await vault.people.person(userId);
  const scope = scopeOf(wanted, timeZoneOffset);
  const { tooLate } = await setHold(vault.catalog, {
    teamId: vault.identity.teamId,
    scope,
    reason,
    actorId: userId,
    now: vault.now(),
  });
  vault.wake();
  return { scope, tooLate };
}

function scopeOf(wanted: Omit<HoldWanted, 'reason'>, timeZoneOffset: number): HoldScope {
  const { personId, channelId, fileId, firstDay, lastDay } = wanted;
  const startOf = (day: string | null) =>
    day === null ? null : Date.parse(`${day}T00:00Z`) - timeZoneOffset;
  const last = startOf(lastDay);
  const sharedUntil = last === null ? null : last + DAY_MS;
  return { personId, channelId, fileId, sharedFrom: startOf(firstDay), sharedUntil };
}

/** Lifts a hold, for admins and auditors. Throws `UserError`. */
export async function takeOffHold(
  vault: Vault,
  { userId, holdId }: { userId: string; holdId: string },
): Promise<void> {
  const { catalog, identity, now } = vault;
  await requireAuditor(vault, userId);
  const which = { teamId: identity.teamId, holdId };
  const isLifted = await liftHold(catalog, { ...which, actorId: userId, now: now() });
  if (!isLifted) throw noSuchHold();
  vault.wake();
}
