import { lockFile } from '../db/lock-file.ts';
import type { Catalog, FileRecord, Scope } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { isHeld } from '../governance/holds.ts';
import { LEGAL_HOLD, setApplied, wantObjectHold } from '../governance/object-holds.ts';
import type { FileRef, StoredObject } from '../model.ts';
import { NO_LEASE } from '../queue/due.ts';
import { auditFile } from './change.ts';
import { wantLook } from './changes.ts';
import { isEdited } from './edited.ts';
import {
  countOlder,
  everyVersion,
  insertVersion,
  isGoing,
  olderVersions,
  replaceNewest,
} from './versions.ts';

/**
 * An object was found that says it is a version of this file, and no row tells of it: the vault died before that was
 * written down, or the catalog is being rebuilt. Returns `newest` or `older` when it is one now, and `known` when the
 * file already has that version or the same bytes.
 */
export async function addFoundVersion(
  catalog: Catalog,
  o: { ref: FileRef; number: number; object: StoredObject; storedAt: number; now: number },
): Promise<'newest' | 'older' | 'known'> {
  const { ref, number, object, now } = o;
  return inTransaction(catalog, async (scope) => {
    const before = await lockFile(scope, ref);
    if (!before || isGoing(before) || (before.state !== 'stored' && before.state !== 'trashed'))
      return 'known';
    // The same bytes may come back later as another version; right after each other they are no new version.
    const isRepeat = number === before.version + 1 && object.sha256 === before.sha256;
    if (number === before.version || isRepeat) return 'known';
    if (number > before.version) {
      await replaceNewest(scope, before, o);
      if (before.state === 'stored' && before.slackDeletedAt === null && isEdited(before))
        await wantLook(scope, ref, { now, dueAt: now });
      return 'newest';
    }
    const row = (await everyVersion(scope, ref)).find((one) => one.number === number);
    if (row !== undefined && (row.lostAt === null || row.sha256 !== object.sha256)) return 'known';
    if (row === undefined) await insertVersion(scope, ref, o);
    else
      await scope.db
        .updateTable('fileVersion')
        .set({ lostAt: null, objectKey: object.key, etag: object.etag, versionId: object.versionId })
        .where('id', '=', row.id)
        .execute();
    await countOlder(scope, before, 1, object.bytes);
    if (await isHeld(scope, ref)) await wantObjectHold(scope, ref, { wasHeld: false, now });
    return 'older';
  });
}

/**
 * The bucket does not have an older version any more, or not all of it. Slack does not have it either, so the loss is
 * written down, once. Audited with what was found. False when the version is not known under this key.
 */
export async function markVersionLost(
  catalog: Catalog,
  o: { ref: FileRef; number: number; key: string | null; found: Record<string, unknown>; now: number },
): Promise<boolean> {
  return inTransaction(catalog, async (scope) => {
    const before = await lockFile(scope, o.ref);
    const row = (await olderVersions(scope, o.ref)).find(({ number }) => number === o.number);
    if (!before || !row || row.objectKey !== o.key) return false;
    await scope.db.updateTable('fileVersion').set({ lostAt: o.now }).where('id', '=', row.id).execute();
    const { number, objectKey: key, storedBytes: bytes, sha256 } = row;
    await countOlder(scope, before, -1, -bytes);
    const detail = { version: number, key, bytes, sha256, ...o.found };
    await auditFile(scope, before, 'lost', 'vault', o.now, detail);
    return true;
  });
}

/**
 * The bucket lost the newest version of a file, and Slack does not give it any more: the next older one that is there
 * takes its place, in the caller's transaction. Returns the file's new state, or null if there is none.
 */
export async function takeOlder(
  scope: Scope,
  before: FileRecord,
  now: number,
): Promise<Partial<FileRecord> | null> {
  if (before.olderVersions === 0 || before.objectKey !== null) return null;
  const [version] = await olderVersions(scope, before);
  if (version === undefined) return null;
  await scope.db.deleteFrom('fileVersion').where('id', '=', version.id).execute();
  if (version.holdApplied !== LEGAL_HOLD.none) {
    const wasHeld = version.holdApplied === LEGAL_HOLD.ours;
    await wantObjectHold(scope, before, { wasHeld, now });
    await setApplied(scope, before, version.holdApplied);
  }
  const { number, objectKey, storedBytes, sha256, crc32, etag, versionId, proof, storedType, storedAt } =
    version;
  return {
    ...NO_LEASE,
    ...{ objectKey, storedBytes, sha256, crc32, etag, versionId, proof, storedType, storedAt },
    ...{ state: 'stored', version: number, reason: null, errorCode: null, errorText: null, failedAt: null },
    olderVersions: before.olderVersions - 1,
    olderBytes: before.olderBytes - storedBytes,
  };
}
