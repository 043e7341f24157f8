import { sql } from 'kysely';
import { auditFile, changeFile } from '../change.ts';
import { touchHomes } from '../home.ts';
import type { FileRef, FileState } from '../model.ts';
import type { Catalog } from '../tables/schema.ts';

/** What the catalog says of an object in the bucket. */
export interface KeyedFile extends FileRef {
  state: FileState;
  objectKey: string | null;
  storedBytes: number | null;
  sha256: string | null;
  crc32: string | null;
  etag: string | null;
  slackDeletedAt: number | null;
}

const COLUMNS = sql`team_id, file_id, state, object_key, stored_bytes, sha256, crc32, etag, slack_deleted_at`;

/** The states in which a file has an object. */
const HAS_OBJECT = sql<boolean>`state in ('stored', 'trashed')`;

/**
 * Files that have an object, in the order of their keys (by bytes, as S3 lists them): those with a key after
 * `after` and up to `until` (null: no bound), at most `limit`.
 */
export async function filesByKey(
  catalog: Catalog,
  o: { after: string; until: string | null; limit: number },
): Promise<KeyedFile[]> {
  const bound = o.until === null ? sql`` : sql`and object_key <= ${o.until}`;
  const { rows } = await sql<KeyedFile>`
    select ${COLUMNS} from file where object_key > ${o.after} ${bound} and ${HAS_OBJECT}
    order by object_key limit ${o.limit}`.execute(catalog.db);
  return rows;
}

/** Every file that was ever stored under this key, whatever became of it. */
export async function filesAtKey(catalog: Catalog, key: string): Promise<KeyedFile[]> {
  const { rows } = await sql<KeyedFile>`
    select ${COLUMNS} from file where object_key = ${key}`.execute(catalog.db);
  return rows;
}

/** A file as it stands now. */
export async function keyedFile(catalog: Catalog, ref: FileRef): Promise<KeyedFile | undefined> {
  const { rows } = await sql<KeyedFile>`
    select ${COLUMNS} from file where team_id = ${ref.teamId} and file_id = ${ref.fileId}`.execute(
    catalog.db,
  );
  return rows[0];
}

/** Files that should have an object and do not say where, and files whose time in the trash ended before `before`. */
export async function oddFiles(
  catalog: Catalog,
  o: { before: number; limit: number },
): Promise<{ keyless: KeyedFile[]; overdue: KeyedFile[] }> {
  const [keyless, overdue] = await Promise.all([
    sql<KeyedFile>`select ${COLUMNS} from file where object_key is null and ${HAS_OBJECT}
      limit ${o.limit}`.execute(catalog.db),
    sql<KeyedFile>`select ${COLUMNS} from file where state = 'trashed' and purge_at < ${o.before}
      limit ${o.limit}`.execute(catalog.db),
  ]);
  return { keyless: keyless.rows, overdue: overdue.rows };
}

/** How many files have their object outside of a prefix (which ends with a slash): it was changed since. */
export async function filesOutside(catalog: Catalog, prefix: string): Promise<number> {
  if (prefix === '') return 0;
  const { rows } = await sql<{ files: number }>`
    select cast(count(*) as bigint) as files from file
    where (object_key < ${prefix} or object_key >= ${afterAll(prefix)}) and ${HAS_OBJECT}`.execute(
    catalog.db,
  );
  return rows[0]?.files ?? 0;
}

/** The least text that comes after everything that begins with `prefix`, which ends with a slash. */
function afterAll(prefix: string): string {
  return `${prefix.slice(0, -1)}0`; // `0` is the byte after `/`
}

/** True when the catalog holds any file of this workspace. */
export async function knowsTeam(catalog: Catalog, teamId: string): Promise<boolean> {
  const row = await catalog.db
    .selectFrom('file')
    .select('id')
    .where('teamId', '=', teamId)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * The bucket lost a stored file: it is captured again, as if it were new, but not confirmed again. Audited with
 * what was found. False when the file is not stored under this key any more.
 */
export function captureAgain(
  catalog: Catalog,
  ref: FileRef,
  o: { key: string | null; found: Record<string, unknown>; now: number },
): Promise<boolean> {
  return changeFile(catalog, ref, async (file, scope) => {
    if (file.state !== 'stored' || file.objectKey !== o.key) return undefined;
    const { storedBytes: bytes, sha256 } = file;
    await auditFile(scope, file, 'lost', 'vault', o.now, { key: o.key, bytes, sha256, ...o.found });
    await touchHomes(scope, ref.teamId, o.now);
    const noObject = { objectKey: null, storedBytes: null, sha256: null, crc32: null, etag: null };
    return {
      ...noObject,
      versionId: null,
      proof: null,
      state: 'pending',
      attempts: 0,
      leaseOwner: null,
      dueAt: o.now,
    };
  });
}
