import type { Insertable } from 'kysely';
import { prepared } from '../db/prepared.ts';
import type { Schema, Scope } from '../db/schema.ts';
import type { AuditEntry, FileRef } from '../model.ts';

const newEntry = prepared(({ db }: Scope, entry: Insertable<Schema['audit']>) =>
  db.insertInto('audit').values(entry),
);

/** Writes one entry of the audit log, in the transaction of the change it describes. Entries are never changed. */
export async function recordAudit(scope: Scope, entry: AuditEntry): Promise<void> {
  await newEntry(scope, { ...entry, detail: JSON.stringify(entry.detail) });
}

/** The newest entries about a file, newest first; entries with an action in `without` are left out. */
export async function auditOf(
  scope: Scope,
  ref: FileRef,
  limit: number,
  without: ReadonlyArray<AuditEntry['action']> = [],
): Promise<AuditEntry[]> {
  const rows = await scope.db
    .selectFrom('audit')
    .selectAll()
    .where('teamId', '=', ref.teamId)
    .where('fileId', '=', ref.fileId)
    .$if(without.length > 0, (query) => query.where('action', 'not in', without))
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ id, detail, ...row }) => ({ ...row, detail: JSON.parse(detail) }));
}

/** Whether a card of this file was posted in a channel, by its uploader (`shared`) or by somebody else. */
export async function wasPostedIn(
  { db }: Scope,
  { teamId, fileId }: FileRef,
  channelId: string,
): Promise<boolean> {
  const posted = await db
    .selectFrom('audit')
    .select('id')
    .where('teamId', '=', teamId)
    .where('fileId', '=', fileId)
    .where('action', 'in', ['posted', 'shared'])
    .where('channelId', '=', channelId)
    .limit(1)
    .executeTakeFirst();
  return posted !== undefined;
}
