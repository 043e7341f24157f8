import { lockFile } from '../db/lock-file.ts';
import { prepared } from '../db/prepared.ts';
import type { Catalog, FileRecord, Scope, ShareRecord } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { updateDerived } from '../derived/update.ts';
import { recordAudit } from '../governance/audit.ts';
import type { AuditEntry, FileRef } from '../model.ts';
import { shareRecords } from './share-rows.ts';

/** Changes a file's record and everything derived from it. False when there is no such file or no change. */
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
    await putFile(scope, before, after);
    return true;
  });
}

/** Writes a file's record and everything derived from it and from its shares, in the caller's transaction. */
export async function putFile(
  scope: Scope,
  before: FileRecord,
  after: FileRecord,
  shares?: ShareRecord[],
): Promise<void> {
  await writeChanges(scope, before, after);
  await updateDerived(scope, before, after, shares ?? (await shareRecords(scope, before)));
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

/** No change touches `id`, which tells whose record it is. */
const changeRecord = prepared(({ db }: Scope, { id, ...changed }: Partial<FileRecord> & { id: number }) =>
  db.updateTable('file').set(changed).where('id', '=', id),
);

/** Writes the columns that differ, if any. */
export async function writeChanges(scope: Scope, before: FileRecord, after: FileRecord): Promise<void> {
  const changed = Object.entries(after).filter(
    ([column, value]) => before[column as keyof FileRecord] !== value,
  );
  if (changed.length === 0) return;
  await changeRecord(scope, { ...Object.fromEntries(changed), id: before.id });
}
