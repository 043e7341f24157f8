import { type Selectable, sql } from 'kysely';
import { lockFile } from '../db/lock-file.ts';
import type { Catalog, FileRecord, Scope, ShareRecord } from '../db/schema.ts';
import type { FileVersionTable } from '../db/schema-versions.ts';
import { inTransaction } from '../db/transaction.ts';
import { isHeld } from '../governance/holds.ts';
import { LEGAL_HOLD, setApplied, wantObjectHold } from '../governance/object-holds.ts';
import { confirmIn } from '../governance/rules.ts';
import type { ConfirmMode, FileRef, FileVersion, StoredObject } from '../model.ts';
import { touchHomes } from '../notices/homes.ts';
import { hasTarget, tellStored } from '../notices/telling.ts';
import { forgetScans, wantScan } from '../scan/rows.ts';
import { auditFile, putFile } from './change.ts';
import { changeAnswered, type FileChange } from './changes.ts';
import { mergeFacts } from './merge-facts.ts';
import { shareRecords } from './share-rows.ts';

/** An older version as its row has it. */
export type VersionRecord = Selectable<FileVersionTable>;

/** The older versions of a file that the bucket holds, newest first. */
export async function olderVersions(scope: Scope, ref: FileRef): Promise<VersionRecord[]> {
  return (await everyVersion(scope, ref)).filter(({ lostAt }) => lostAt === null);
}

/** The same with versions that the bucket has lost, or was told to remove with their file. */
export function everyVersion(scope: Scope, ref: FileRef): Promise<VersionRecord[]> {
  return versionsOf(scope, ref).execute();
}

/** The same; until the transaction ends, none of them is lost or removed. */
export function keptVersions(scope: Scope, ref: FileRef): Promise<VersionRecord[]> {
  const versions = versionsOf(scope, ref);
  return (scope.kind === 'postgres' ? versions.forShare() : versions).execute();
}

const versionsOf = ({ db }: Scope, { teamId, fileId }: FileRef) =>
  db
    .selectFrom('fileVersion')
    .selectAll()
    .where('teamId', '=', teamId)
    .where('fileId', '=', fileId)
    .orderBy('number', 'desc');

/**
 * The number of a file's next version: one that no version ever had, even when the bucket lost the newest ones and an
 * older one is in their place.
 */
export async function nextNumber(
  { db }: Scope,
  { teamId, fileId, version }: FileRef & { version: number },
): Promise<number> {
  const { last } = await db
    .selectFrom('fileVersion')
    .select(({ fn }) => fn.max<number | null>('number').as('last'))
    .where('teamId', '=', teamId)
    .where('fileId', '=', fileId)
    .executeTakeFirstOrThrow();
  return Math.max(version, Number(last ?? 0)) + 1;
}

/** One version of a file by its number: an older one that the bucket holds. */
export async function versionOf(
  scope: Scope,
  ref: FileRef,
  number: number,
): Promise<FileVersion | undefined> {
  return (await olderVersions(scope, ref)).find((version) => version.number === number);
}

/** What happened to a version that was put into the bucket. The catalog knows its object only with `stored`. */
export type VersionOutcome = 'stored' | 'not_ours' | 'moved_on' | 'purged';

/**
 * Records that the bucket holds a later version of a stored file. One transaction: the newest version becomes an
 * older one, the file has the new object, and the change that caused it is answered. With `keep` `latest`, older
 * versions are then due to be removed. A canvas that was blank until now is confirmed. `not_ours`: another process
 * looks at the file now. `moved_on`: the file has another newest version or none. `purged`: it is being removed for
 * good, or was.
 */
export async function commitVersion(
  catalog: Catalog,
  o: {
    ref: FileRef;
    /** The newest version that the new one was compared with. */
    after: number;
    /** The number of the new one; see {@link nextNumber}. */
    number?: number;
    change: FileChange;
    owner: string;
    object: StoredObject;
    keep: 'all' | 'latest';
    confirm: ConfirmMode;
    lookedAt: number;
    /** When Slack says that it was last edited (ms), as far as these bytes show. */
    updatedAt: number | null;
    /** When to look once more in any case (ms). */
    again?: number | undefined;
    /** If it was changed meanwhile: how long it must be quiet before the next look (ms). */
    quietMs?: number | undefined;
    now: number;
  },
): Promise<VersionOutcome> {
  const { ref, owner, object, now } = o;
  return inTransaction(catalog, async (scope) => {
    const before = await lockFile(scope, ref);
    if (before === undefined) return 'moved_on';
    if (isGoing(before)) return 'purged';
    if ((before.state !== 'stored' && before.state !== 'trashed') || before.version !== o.after)
      return 'moved_on';
    if (!(await changeAnswered(scope, o.change, owner, o))) return 'not_ours';
    const isNews = before.state === 'stored' && before.quiet === BLANK && object.facts?.blank !== true;
    const shares = await shareRecords(scope, ref);
    const confirm = (await confirmIn(scope, ref.teamId, before.channelId)).confirm ?? o.confirm;
    const isTold = isNews && confirm !== 'off' && hasTarget(before, shares, confirm);
    const changes = {
      ...(isTold ? { told: 1 } : {}),
      ...(o.updatedAt === null ? {} : { updatedAt: o.updatedAt }),
    };
    const newest = { number: o.number ?? o.after + 1, object, storedAt: now, now, changes, shares };
    const after = await replaceNewest(scope, before, newest);
    if (scope.scans) await wantScan(scope, after, { storedAt: now, now });
    if (o.keep === 'latest') await removeOlder(scope, ref, now);
    if (isTold)
      await tellStored(scope, after, shares, { confirm, wasLeftOut: false, bytes: object.bytes, now });
    return 'stored';
  });
}

/** `quiet` of a file that was blank when it was stored: it is told once it is not blank. */
export const BLANK = 2;

/** Its bytes are being removed for good, or are gone. */
export function isGoing({ state, leaseOwner }: FileRecord): boolean {
  return state === 'purged' || (state === 'trashed' && leaseOwner !== null);
}

/** The newest version becomes an older one; the file gets another object. In the caller's transaction. */
export async function replaceNewest(
  scope: Scope,
  before: FileRecord,
  o: {
    number: number;
    object: StoredObject;
    storedAt: number;
    now: number;
    changes?: Partial<FileRecord>;
    /** The file's shares, where they are known already. */
    shares?: ShareRecord[];
  },
): Promise<FileRecord> {
  const { object, number, now } = o;
  const { key, bytes, type, facts, filetype: _, ...proven } = object;
  await insertVersion(scope, before, {
    number: before.version,
    object: {
      key: before.objectKey as string,
      bytes: before.storedBytes ?? 0,
      sha256: before.sha256 ?? '',
      crc32: before.crc32 ?? '',
      etag: before.etag,
      versionId: before.versionId,
      proof: before.proof ?? 'size',
      type: before.storedType ?? undefined,
    },
    storedAt: before.storedAt ?? now,
    holdApplied: await handOverHold(scope, before, now),
  });
  const after: FileRecord = {
    ...before,
    ...proven,
    objectKey: key,
    storedBytes: bytes,
    storedType: type ?? null,
    facts: mergeFacts(before.facts, { blank: false, ...facts }),
    storedAt: o.storedAt,
    version: number,
    olderVersions: before.olderVersions + 1,
    olderBytes: before.olderBytes + (before.storedBytes ?? 0),
    ...(before.quiet === BLANK && facts?.blank !== true ? { quiet: 0 } : {}),
    ...o.changes,
  };
  await putFile(scope, before, after, o.shares);
  const { sha256, proof } = object;
  await auditFile(scope, after, 'version', 'vault', now, { version: number, key, bytes, sha256, proof });
  await touchHomes(scope, before.teamId, now);
  return after;
}

/** The legal hold on the object that was the newest goes to the older version; the new object gets its own. */
async function handOverHold(scope: Scope, { teamId, fileId }: FileRef, now: number): Promise<number> {
  const hold = await scope.db
    .selectFrom('objectHold')
    .select('applied')
    .where('teamId', '=', teamId)
    .where('fileId', '=', fileId)
    .executeTakeFirst();
  if (hold === undefined && !(await isHeld(scope, { teamId, fileId }))) return LEGAL_HOLD.none;
  await setApplied(scope, { teamId, fileId }, LEGAL_HOLD.none);
  await wantObjectHold(scope, { teamId, fileId }, { wasHeld: false, now });
  return hold?.applied ?? LEGAL_HOLD.none;
}

/** Adds the row of an older version. A version recorded as lost comes back. */
export async function insertVersion(
  scope: Scope,
  { teamId, fileId }: FileRef,
  o: { number: number; object: StoredObject; storedAt: number; holdApplied?: number },
): Promise<void> {
  const { number, storedAt, holdApplied = LEGAL_HOLD.none } = o;
  const { key: objectKey, bytes: storedBytes, type, facts: _, filetype: __, ...proven } = o.object;
  const row = { teamId, fileId, number, objectKey, storedBytes, ...proven, storedType: type ?? null };
  const stands = { ...row, storedAt, lostAt: null, holdApplied, dueAt: null, leaseOwner: null };
  const written = await scope.db
    .insertInto('fileVersion')
    .values(stands)
    // A lost version with this number was found again meanwhile.
    .onConflict((conflict) =>
      conflict
        .columns(['teamId', 'fileId', 'number'])
        .doUpdateSet(stands)
        .where('fileVersion.lostAt', 'is not', null),
    )
    .returning('id')
    .executeTakeFirst();
  if (written === undefined) throw new Error(`Version ${number} of ${fileId} is written down already.`);
}

/** Changes the sums of a file's older versions, and everything counted from them. */
export async function countOlder(
  scope: Scope,
  before: FileRecord,
  versions: number,
  bytes: number,
): Promise<void> {
  const olderVersionsNow = before.olderVersions + versions;
  const after = { ...before, olderVersions: olderVersionsNow, olderBytes: before.olderBytes + bytes };
  await putFile(scope, before, after);
}

/** Where only the latest version is kept, the older ones are due to be removed. */
async function removeOlder({ db }: Scope, { teamId, fileId }: FileRef, now: number): Promise<void> {
  await db
    .updateTable('fileVersion')
    .set({ dueAt: now })
    .where('teamId', '=', teamId)
    .where('fileId', '=', fileId)
    .where('lostAt', 'is', null)
    .where('leaseOwner', 'is', null)
    .execute();
}

/** Every version was removed for good together with its file. */
export async function versionsPurged(scope: Scope, { teamId, fileId }: FileRef, now: number): Promise<void> {
  await forgetScans(scope, { teamId, fileId });
  await sql`update file_version set lost_at = ${now}, due_at = null, lease_owner = null
    where team_id = ${teamId} and file_id = ${fileId} and lost_at is null`.execute(scope.db);
}
