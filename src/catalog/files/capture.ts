import { lockFile } from '../db/lock-file.ts';
import { type Catalog, type FileRecord, type Scope, toFileRow } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';

import { isHeld } from '../governance/holds.ts';
import { wantObjectHold } from '../governance/object-holds.ts';
import { confirmIn } from '../governance/rules.ts';
import type { ConfirmMode, FileRef, FileRow, SharedFile, SkipReason, StoredObject } from '../model.ts';
import { touchHomes } from '../notices/homes.ts';
import { hasTarget, tellAll, tellingOfSkipped, tellStored } from '../notices/telling.ts';
import { type Claim, isLeasedBy, NO_LEASE, nextDue } from '../queue/due.ts';
import { claimInTurn, type Turns } from '../queue/turns.ts';
import { wantScan } from '../scan/rows.ts';
import { auditFile, changeFile, putFile } from './change.ts';
import { QUIET_MS, wantLook } from './changes.ts';
import { takeOlder } from './found-versions.ts';
import { mergeDescription, mergeUpdated } from './merge.ts';
import { mergeFacts, mergeTold } from './merge-facts.ts';
import { shareRecords } from './share-rows.ts';
import { BLANK } from './versions.ts';

/**
 * Claims files to capture: pending and failed ones that are due, and those whose claimer let its lease run out. When
 * there are too many, channels take turns.
 */
export async function claimDueFiles(
  catalog: Catalog,
  claim: Claim,
  turns: Turns = { last: '' },
): Promise<FileRow[]> {
  return (await claimInTurn<FileRecord>(catalog, 'capture', claim, turns)).map(toFileRow);
}

/** When the next file is to be captured (ms), or null. */
export function nextDueAt(catalog: Catalog): Promise<number | null> {
  return nextDue(catalog, 'capture');
}

/** Makes the lease of a running capture end later. False when somebody else has the file now. */
export async function renewLease(
  catalog: Catalog,
  ref: FileRef,
  owner: string,
  leaseUntil: number,
): Promise<boolean> {
  const result = await catalog.db
    .updateTable('file')
    .set({ dueAt: leaseUntil })
    .where('teamId', '=', ref.teamId)
    .where('fileId', '=', ref.fileId)
    .where('state', '=', 'storing')
    .where('leaseOwner', '=', owner)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Takes in what `files.info` told when it was asked at this moment (ms), by the same rules as a delivery; the state stays. This can rename a stored file. */
export async function fillIn(catalog: Catalog, file: SharedFile, askedAt: number): Promise<void> {
  await changeFile(catalog, file, (known) => {
    // What was erased does not come back with an answer that was on its way.
    if (known.state === 'purged') return undefined;
    const merged = mergeDescription(known, file);
    return { ...merged, ...mergeUpdated(known, merged), facts: mergeTold(known, file, askedAt) };
  });
}

/**
 * Records that the bucket holds the file. One transaction: its state, the audit entry, the notice (unless `confirm`,
 * or the channel's own setting for it, is off or the file is quiet), the totals, a legal hold for its object if it is
 * held, and App Homes to refresh. False, with nothing changed, when the file is stored already, or trashed since:
 * somebody else was faster after the lease ran out.
 */
export async function commitStored(
  catalog: Catalog,
  o: {
    ref: FileRef;
    owner: string;
    object: StoredObject;
    confirm: ConfirmMode;
    /** For an object that was found: the version of the file that it says it is. */
    version?: number;
    /** For an object that was found: since when it is there (ms). */
    storedAt?: number;
    /** An empty document is looked at again after this time (ms). */
    quietMs?: number | undefined;
    now: number;
  },
): Promise<boolean> {
  const { ref, object, now } = o;
  return inTransaction(catalog, async (scope) => {
    const before = await lockFile(scope, ref);
    if (!before || before.state === 'stored' || before.state === 'trashed' || before.state === 'purged')
      return false;
    const { key, bytes, type, filetype, facts, ...proven } = object;
    const isBlank = facts?.blank === true;
    // A file that was stored before, and lost in the bucket, was confirmed the first time.
    const isNews = before.quiet === BLANK || (before.quiet === 0 && before.storedAt === null);
    const shares = await shareRecords(scope, ref);
    const confirm = (await confirmIn(scope, ref.teamId, before.channelId)).confirm ?? o.confirm;
    const isTold = isNews && !isBlank && confirm !== 'off' && hasTarget(before, shares, confirm);
    const after: FileRecord = {
      ...before,
      ...NO_LEASE,
      ...proven,
      objectKey: key,
      storedBytes: bytes,
      storedType: type ?? null,
      // Slack did not say what it is; its bytes and its name did.
      mimetype: before.mimetype ?? type ?? null,
      filetype: before.filetype ?? filetype ?? null,
      facts: mergeFacts(before.facts, facts),
      state: 'stored',
      reason: null,
      errorCode: null,
      errorText: null,
      failedAt: null,
      attempts: 0,
      storedAt: o.storedAt ?? now,
      version: o.version ?? before.version,
      // A canvas that was just made is told once it has content.
      ...(isBlank && before.quiet === 0 && before.storedAt === null ? { quiet: BLANK } : {}),
      ...(!isBlank && before.quiet === BLANK ? { quiet: 0 } : {}),
      told: isTold ? 1 : before.told,
    };
    await putFile(scope, before, after, shares);
    const { sha256, proof } = object;
    await auditFile(scope, after, 'stored', 'vault', now, { key, bytes, sha256, proof });
    const wasLeftOut = before.told !== 0 && before.storedAt === null && !isBlank;
    if (isTold || wasLeftOut)
      await tellStored(scope, after, shares, { confirm: isTold ? confirm : 'off', wasLeftOut, bytes, now });
    if (isBlank) await wantLook(scope, ref, { now, dueAt: now + (o.quietMs ?? QUIET_MS) });
    if (await isHeld(scope, ref)) await wantObjectHold(scope, ref, { wasHeld: false, now });
    if (scope.scans) await wantScan(scope, after, { storedAt: after.storedAt, now });
    await touchHomes(scope, ref.teamId, now);
    return true;
  });
}

/**
 * Records a failed attempt, to be tried again at `retryAt`. Of failures in a row, only the first is audited. With
 * `isFirst`, attempts and the time of the failures are counted from this one on.
 */
export async function failAttempt(
  catalog: Catalog,
  o: {
    ref: FileRef;
    owner: string;
    code: string;
    text: string;
    retryAt: number;
    isFirst?: boolean;
    now: number;
  },
): Promise<boolean> {
  return endAttempt(catalog, o, async (scope, before) => {
    const after: FileRecord = {
      ...before,
      state: 'failed',
      errorCode: o.code,
      errorText: o.text,
      failedAt: o.isFirst ? o.now : (before.failedAt ?? o.now),
      ...(o.isFirst ? { attempts: 1 } : {}),
      leaseOwner: null,
      dueAt: o.retryAt,
    };
    if (before.errorCode === null) {
      await auditFile(scope, after, 'failed', 'vault', o.now, { code: o.code, text: o.text });
      await touchHomes(scope, o.ref.teamId, o.now);
    }
    return after;
  });
}

/** Puts back a file that is not ready yet, without calling it a failure. The attempt stays counted. */
export function deferFile(
  catalog: Catalog,
  o: { ref: FileRef; owner: string; dueAt: number },
): Promise<boolean> {
  const { dueAt } = o;
  return endAttempt(catalog, o, async (_, before) => ({
    ...before,
    state: 'pending',
    leaseOwner: null,
    dueAt,
  }));
}

/** Hands a file back untried, at shutdown: due at once, the attempt not counted. */
export function releaseFile(catalog: Catalog, ref: FileRef, owner: string): Promise<boolean> {
  return endAttempt(catalog, { ref, owner }, async (_, before) => ({
    ...before,
    state: before.errorCode === null ? 'pending' : 'failed',
    leaseOwner: null,
    dueAt: 0,
    attempts: Math.max(0, before.attempts - 1),
  }));
}

/**
 * Gives a file up for a reason that another try would not change. Audited, and told unless `confirm`, or the
 * channel's own setting for it, is off. A `code` says that Slack refuses it for good: then only a person, a backfill
 * or a new share has it tried again.
 */
export function skipFile(
  catalog: Catalog,
  o: { ref: FileRef; owner: string; reason: SkipReason; confirm?: ConfirmMode; now: number; code?: string },
): Promise<boolean> {
  const { ref, reason, code, confirm = 'off', now } = o;
  return endAttempt(catalog, o, async (scope, before) => {
    await auditFile(scope, before, 'skipped', 'vault', now, { reason, ...(code ? { code } : {}) });
    await touchHomes(scope, ref.teamId, now);
    // An older version of a file that the bucket lost is better than nothing.
    const older = await takeOlder(scope, before, now);
    if (older !== null) return older;
    const settled = { reason, errorCode: code ?? null, errorText: null, failedAt: null };
    const after: FileRecord = { ...before, ...NO_LEASE, state: 'skipped', ...settled };
    const shares = await shareRecords(scope, ref);
    const telling = await tellingOfSkipped(scope, after, shares, { confirm, waited: true, now });
    if (telling === undefined) return after;
    await tellAll(scope, ref.teamId, [telling], now);
    return { ...after, told: 1 };
  });
}

/** A person wants a failed or skipped file tried again: pending, due now, from the first attempt. Audited. */
export async function retryFile(
  catalog: Catalog,
  ref: FileRef,
  actorId: string,
  now: number,
): Promise<boolean> {
  return changeFile(catalog, ref, async (before, scope) => {
    if (before.state !== 'failed' && before.state !== 'skipped') return undefined;
    const was = before.state === 'failed' ? before.errorCode : before.reason;
    await auditFile(scope, before, 'retried', actorId, now, { was });
    await touchHomes(scope, ref.teamId, now);
    return {
      state: 'pending',
      reason: null,
      errorCode: null,
      errorText: null,
      attempts: 0,
      leaseOwner: null,
      dueAt: now,
    };
  });
}

/** Ends a running attempt that still belongs to the owner. False when it does not. */
function endAttempt(
  catalog: Catalog,
  { ref, owner }: { ref: FileRef; owner: string },
  outcome: (scope: Scope, before: FileRecord) => Promise<Partial<FileRecord>>,
): Promise<boolean> {
  return changeFile(catalog, ref, async (before, scope) =>
    isLeasedBy(before, owner) ? outcome(scope, before) : undefined,
  );
}
