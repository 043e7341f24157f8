import { recordAudit } from './audit.ts';
import { lockFile } from './lock-file.ts';
import type { AuditEntry, FileRef } from './model.ts';
import { relist } from './search/listing.ts';
import { shareRecords } from './share-rows.ts';
import { writeChanges } from './shares.ts';
import type { Catalog, FileRecord, Scope } from './tables/schema.ts';
import { inTransaction } from './transaction.ts';

/** Changes a file's record and all that is derived from it. False when there is no such file or no change. */
export async function changeFile(
  catalog: Catalog,
  ref: FileRef,
  change: (
    before: FileRecord,
    scope: Scope,
  ) => Partial<FileRecord> | undefined | Promise<Partial<FileRecord> | undefined>,
): Promise<boolean> {
  return inTransaction(catalog, async (scope) => {
    const before = await lockFile(scope, ref);
    const changes = before && (await change(before, scope));
    if (!changes) return false;
    const after = { ...before, ...changes };
    await writeChanges(scope, before, after);
    await relist(scope, before, after, await shareRecords(scope, ref));
    return true;
  });
}

/** Writes an audit entry about a file. */
export function auditFile(
  scope: Scope,
  { teamId, fileId, channelId }: FileRecord,
  action: AuditEntry['action'],
  actorId: string,
  at: number,
  detail: Record<string, unknown>,
): Promise<void> {
  return recordAudit(scope, { at, teamId, actorId, action, fileId, channelId, detail });
}
