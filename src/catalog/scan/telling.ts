import { sql } from 'kysely';
import type { Catalog } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { addNotice } from '../notices/notices.ts';

/** Something found that its uploader was not told of. */
export interface Untold {
  id: number;
  fileId: string;
  name: string | null;
  bytes: number | null;
  uploaderId: string | null;
}

/** Notices within this time become one message from the start: several files of one person. */
const GATHER_MS = 5_000;

export async function untold({ db }: Catalog, teamId: string, limit: number): Promise<Untold[]> {
  const { rows } = await sql<Untold>`select s.id, f.file_id, f.name, f.stored_bytes as bytes, f.uploader_id
    from scan s join file f on f.team_id = s.team_id and f.file_id = s.file_id
    where s.team_id = ${teamId} and s.state <> 'clean' and s.state = 'infected' and s.told = 0
      and s.released_by is null and f.state = 'stored' order by s.id limit ${limit}`.execute(db);
  return rows;
}

/** Tells an uploader, once. With a null channel, they cannot be told. */
export async function tellUploader(
  catalog: Catalog,
  teamId: string,
  { id, fileId, name, bytes }: Untold,
  { channelId, now }: { channelId: string | null; now: number },
): Promise<void> {
  await inTransaction(catalog, async (scope) => {
    const { numUpdatedRows } = await scope.db
      .updateTable('scan')
      .set({ told: 1 })
      .where('id', '=', id)
      .where('told', '=', 0)
      .executeTakeFirst();
    if (numUpdatedRows === 0n || channelId === null) return;
    const place = { channelId, threadTs: null, manner: 'message', kind: 'scan', topic: 'scan' } as const;
    const notice = { kind: 'infected', fileId, name, bytes, actorId: null } as const;
    await addNotice(scope, { teamId, place: { ...place, dueAt: now + GATHER_MS }, notice, now });
  });
}
