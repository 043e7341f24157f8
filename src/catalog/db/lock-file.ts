import type { FileRef } from '../model.ts';
import { prepared } from './prepared.ts';
import type { FileRecord, Scope } from './schema.ts';

const record = prepared(({ db, kind }: Scope, { teamId, fileId }: FileRef) =>
  db
    .selectFrom('file')
    .selectAll()
    .where('teamId', '=', teamId)
    .where('fileId', '=', fileId)
    .$if(kind === 'postgres', (query) => query.forUpdate()),
);

/** The record of a file. Where the database has row locks, it is locked until the transaction ends. */
export async function lockFile(scope: Scope, { teamId, fileId }: FileRef): Promise<FileRecord | undefined> {
  return (await record(scope, { teamId, fileId }))[0];
}
