import { sql } from 'kysely';
import { DAY_MS } from '../../time.ts';
import { AWAITS_PURGE } from '../db/conditions.ts';
import { limitTo, skipLocked } from '../db/dialect.ts';
import { type Catalog, type FileRecord, type Scope, toFileRow } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { withoutWords } from '../derived/own-words.ts';
import { againstHolds, heldOrLocked, isHeld } from '../governance/holds.ts';
import type { FileRef, FileRow } from '../model.ts';
import { touchHomes } from '../notices/homes.ts';
import { addNotice, placesOfTrash } from '../notices/notices.ts';
import { targetOfTrash } from '../notices/targets.ts';
import { type Claim, lease, NO_LEASE, nextDue } from '../queue/due.ts';
import { auditFile, changeFile } from './change.ts';
import { wantLook } from './changes.ts';
import { isEdited } from './edited.ts';
import { FORGET, forgetName } from './forget.ts';
import { forgetSaid } from './said.ts';
import { type Threads, threadsOf } from './threads.ts';
import { versionsPurged } from './versions.ts';

export type TrashOutcome = 'trashed' | 'already_trashed' | 'not_stored' | 'held';

/** How long a held file in the trash is left alone before the next look; lifting the hold makes it due at once. */
const HELD_AGAIN_MS = DAY_MS;
/** Held files that are put off in one claim. */
const PUT_OFF_AT_ONCE = 100;

/**
 * Moves a stored file to the trash: out of every list, to be purged at `purgeAt` (ms). Audited for `channelId`, where
 * this was asked for, and told in `tellIn` (if missing, only in `channelId`): in `threads`, else in the file's own
 * thread. Give all files of a batch the same `now` and `threads`, and each channel gets one message. A file on hold stays.
 */
export async function trashFile(
  catalog: Catalog,
  o: {
    ref: FileRef;
    actorId: string;
    channelId: string;
    tellIn?: readonly string[];
    threads?: Threads;
    purgeAt: number;
    now: number;
  },
): Promise<TrashOutcome> {
  const { ref, actorId, channelId, tellIn = [channelId], purgeAt, now } = o;
  let outcome: TrashOutcome = 'not_stored';
  await changeFile(catalog, ref, async (file, scope) => {
    outcome =
      file.state === 'stored' ? 'trashed' : file.state === 'trashed' ? 'already_trashed' : 'not_stored';
    if (outcome !== 'trashed') return undefined;
    await againstHolds(scope);
    if (await isHeld(scope, ref)) {
      outcome = 'held';
      return undefined;
    }
    const { teamId, fileId } = ref;
    await auditFile(scope, { ...file, channelId }, 'trashed', actorId, now, { purgeAt });
    const notice = { kind: 'trashed' as const, fileId, actorId, name: file.name, bytes: file.storedBytes };
    // Always in the same order, so that two processes do not wait for each other's messages.
    const threads = o.threads ?? (await threadsOf(scope, teamId, [fileId]));
    for (const id of [...new Set(tellIn)].sort()) {
      const place = targetOfTrash({ channelId: id, threadTs: threads.get(id) ?? null }, now, now);
      await addNotice(scope, { teamId, place, notice, now });
    }
    await touchHomes(scope, teamId, now);
    return { state: 'trashed', trashedAt: now, trashedBy: actorId, purgeAt, dueAt: purgeAt, attempts: 0 };
  });
  return outcome;
}

/**
 * Takes a file out of the trash, and tells so by editing the messages that told of the trashing. `purged` also
 * when its purge has begun: some of its bytes may be gone.
 */
export async function restoreFile(
  catalog: Catalog,
  { ref, actorId, now }: { ref: FileRef; actorId: string; now: number },
): Promise<'restored' | 'not_trashed' | 'purged'> {
  let outcome: 'restored' | 'not_trashed' | 'purged' = 'not_trashed';
  await changeFile(catalog, ref, async (file, scope) => {
    const isPurged = file.state === 'purged' || (file.state === 'trashed' && file.leaseOwner !== null);
    outcome = isPurged ? 'purged' : file.state === 'trashed' ? 'restored' : 'not_trashed';
    if (outcome !== 'restored') return undefined;
    const { teamId, fileId } = ref;
    await auditFile(scope, file, 'restored', actorId, now, {});
    const trashedAt = file.trashedAt ?? now;
    const told = await placesOfTrash(scope, teamId, fileId, trashedAt);
    const notice = { kind: 'restored' as const, fileId, actorId, name: file.name, bytes: file.storedBytes };
    for (const place of told.map((at) => targetOfTrash(at, trashedAt, now)))
      await addNotice(scope, { teamId, place, notice, now });
    await touchHomes(scope, teamId, now);
    // Nobody followed its changes while it was in the trash.
    if (isEdited(file) && file.slackDeletedAt === null) await wantLook(scope, ref, { now, dueAt: now });
    const back = { trashedAt: null, trashedBy: null, purgeAt: null, forget: FORGET.no };
    return { ...NO_LEASE, ...back, state: 'stored', attempts: 0 };
  });
  return outcome;
}

/**
 * Claims trashed files whose time is over. Held ones are skipped, and no hold is set meanwhile: a purge has either
 * begun before a hold was set, or never does.
 */
export async function claimPurges(catalog: Catalog, claim: Claim): Promise<FileRow[]> {
  const next = await nextPurgeDueAt(catalog);
  if (next === null || next > claim.now) return [];
  const records = await inTransaction(catalog, async (scope) => {
    await againstHolds(scope);
    await putOffHeld(scope, claim.now);
    return lease<FileRecord>(scope, 'purge', claim, await purgeable(scope, claim));
  });
  return records.map(toFileRow);
}

async function purgeable({ db, kind }: Scope, { now, limit }: Claim): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from file where due_at <= ${now} and ${AWAITS_PURGE} and not ${heldOrLocked('file')}
    order by due_at ${limitTo(limit)} ${skipLocked(kind)}`.execute(db);
  return rows.map(({ id }) => id);
}

/** Otherwise due files that are held would be looked at again and again. */
async function putOffHeld({ db }: Scope, now: number): Promise<void> {
  await sql`update file set due_at = ${now + HELD_AGAIN_MS} where state = 'trashed' and id in (
    select f.id from (select * from file where due_at <= ${now} and ${AWAITS_PURGE}
      order by due_at limit ${PUT_OFF_AT_ONCE}) f
    where ${heldOrLocked('f')})`.execute(db);
}

/**
 * Removes a trashed file for good as soon as possible, however much time it had left; with `forget`, its name as
 * well. Audited.
 */
export async function purgeNow(
  catalog: Catalog,
  { ref, actorId, now, forget = false }: { ref: FileRef; actorId: string; now: number; forget?: boolean },
): Promise<'ordered' | 'not_trashed' | 'purging' | 'held'> {
  let outcome: 'ordered' | 'not_trashed' | 'purging' | 'held' = 'not_trashed';
  await changeFile(catalog, ref, async (file, scope) => {
    outcome = file.state !== 'trashed' ? 'not_trashed' : file.leaseOwner !== null ? 'purging' : 'ordered';
    if (outcome !== 'ordered') return undefined;
    await againstHolds(scope);
    if (await isHeld(scope, ref)) {
      outcome = 'held';
      return undefined;
    }
    const detail = { key: file.objectKey, ...(forget ? { forget } : {}) };
    await auditFile(scope, file, 'purge_ordered', actorId, now, detail);
    return { purgeAt: now, dueAt: now, forget: forget ? FORGET.ordered : FORGET.no };
  });
  return outcome;
}

/** The bucket no longer holds the file. Audited. False when somebody else has the purge now. */
export function commitPurged(catalog: Catalog, ref: FileRef, owner: string, now: number): Promise<boolean> {
  return changeFile(catalog, ref, async (file, scope) => {
    if (file.state !== 'trashed' || file.leaseOwner !== owner) return undefined;
    const older = file.olderVersions > 0 ? { olderVersions: file.olderVersions } : {};
    const detail = { key: file.objectKey, bytes: file.storedBytes, ...older };
    await auditFile(scope, file, 'purged', 'vault', now, detail);
    return goneForGood(scope, file, now);
  });
}

/** What changes in a file's record when its bytes are gone for good. In the caller's transaction. */
export async function goneForGood(scope: Scope, file: FileRecord, now: number): Promise<Partial<FileRecord>> {
  await versionsPurged(scope, file, now);
  await forgetSaid(scope, file);
  const facts = withoutWords(file.facts);
  const purged = { ...NO_LEASE, state: 'purged' as const, olderVersions: 0, olderBytes: 0, facts };
  return file.forget === FORGET.ordered ? { ...purged, ...(await forgetName(scope, file, now)) } : purged;
}

/**
 * The purge failed, to be tried again at `dueAt`. It cannot be undone any more: some versions may be gone. `retained`:
 * the bucket does not let the file go before; then it is not overdue until that time. That is audited.
 */
export function deferPurge(
  catalog: Catalog,
  ref: FileRef,
  owner: string,
  dueAt: number,
  retained?: { now: number },
): Promise<boolean> {
  return changeFile(catalog, ref, async (file, scope) => {
    if (file.state !== 'trashed' || file.leaseOwner !== owner) return undefined;
    if (retained === undefined) return { dueAt };
    await auditFile(scope, file, 'purge_retained', 'vault', retained.now, { until: dueAt });
    return { dueAt, purgeAt: dueAt };
  });
}

/** When the next trashed file is to be purged (ms), or null. */
export function nextPurgeDueAt(catalog: Catalog): Promise<number | null> {
  return nextDue(catalog, 'purge');
}
