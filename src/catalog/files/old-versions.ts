import { sql } from 'kysely';
import { HOUR_MS } from '../../time.ts';
import { limitTo, skipLocked } from '../db/dialect.ts';
import { lockFile } from '../db/lock-file.ts';
import type { Catalog, Scope } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { againstHolds, heldOrLocked } from '../governance/holds.ts';
import { type Claim, lease, nextDue } from '../queue/due.ts';
import { forgetScans } from '../scan/rows.ts';
import { auditFile } from './change.ts';
import { countOlder, type VersionRecord } from './versions.ts';

/** How long a held version is left alone before it is looked at again. */
const HELD_AGAIN_MS = HOUR_MS;
const PUT_OFF_AT_ONCE = 100;

/**
 * Claims older versions that are to be removed from the bucket, where only the latest is kept. Held ones are skipped,
 * and no hold is set meanwhile: a removal has either begun before a hold was set, or never does.
 */
export async function claimOldVersions(catalog: Catalog, claim: Claim): Promise<VersionRecord[]> {
  const next = await nextOldVersionDueAt(catalog);
  if (next === null || next > claim.now) return [];
  return inTransaction(catalog, async (scope) => {
    await againstHolds(scope);
    await putOffHeld(scope, claim.now);
    return lease<VersionRecord>(scope, 'oldVersion', claim, await removable(scope, claim));
  });
}

/** When the next older version is to be removed (ms), or null. */
export function nextOldVersionDueAt(catalog: Catalog): Promise<number | null> {
  return nextDue(catalog, 'oldVersion');
}

const IS_HELD = sql<boolean>`exists (select 1 from file f
  where f.team_id = file_version.team_id and f.file_id = file_version.file_id and ${heldOrLocked('f')})`;

async function removable({ db, kind }: Scope, { now, limit }: Claim): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from file_version where due_at <= ${now} and due_at is not null and not ${IS_HELD}
    order by due_at ${limitTo(limit)} ${skipLocked(kind)}`.execute(db);
  return rows.map(({ id }) => id);
}

/** Otherwise due rows that are held would be looked at again and again. */
async function putOffHeld({ db }: Scope, now: number): Promise<void> {
  await sql`update file_version set due_at = ${now + HELD_AGAIN_MS} where id in (
    select id from (select * from file_version where due_at <= ${now} and due_at is not null
      order by due_at limit ${PUT_OFF_AT_ONCE}) file_version
    where ${IS_HELD})`.execute(db);
}

/** An older version is gone from the bucket: its row goes too. Audited. False when the lease was lost. */
export async function versionRemoved(
  catalog: Catalog,
  row: VersionRecord,
  owner: string,
  now: number,
): Promise<boolean> {
  return inTransaction(catalog, async (scope) => {
    const before = await lockFile(scope, row);
    const { numDeletedRows } = await scope.db
      .deleteFrom('fileVersion')
      .where('id', '=', row.id)
      .where('leaseOwner', '=', owner)
      .where('lostAt', 'is', null)
      .executeTakeFirst();
    if (numDeletedRows === 0n || !before) return false;
    const { number: version, objectKey: key, storedBytes: bytes, sha256 } = row;
    await forgetScans(scope, row, version);
    await countOlder(scope, before, -1, -bytes);
    await auditFile(scope, before, 'version_removed', 'vault', now, { version, key, bytes, sha256 });
    return true;
  });
}

/** An older version stays after all, or is removed later, at `dueAt` (ms). */
export async function deferVersion(
  { db }: Scope,
  { id }: Pick<VersionRecord, 'id'>,
  owner: string,
  dueAt: number | null,
): Promise<void> {
  await db
    .updateTable('fileVersion')
    .set({ dueAt, leaseOwner: null })
    .where('id', '=', id)
    .where('leaseOwner', '=', owner)
    .execute();
}
