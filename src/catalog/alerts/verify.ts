import { sql } from 'kysely';
import type { Catalog } from '../db/schema.ts';
import { auditFile, changeFile } from '../files/change.ts';
import { LEGAL_HOLD, setApplied } from '../governance/object-holds.ts';
import type { FileRef, FileState } from '../model.ts';
import { touchHomes } from '../notices/homes.ts';

/** What the catalog says of an object in the bucket. */
export interface KeyedFile extends FileRef {
  state: FileState;
  objectKey: string | null;
  storedBytes: number | null;
  sha256: string | null;
  crc32: string | null;
  etag: string | null;
  slackDeletedAt: number | null;
  /** The number of an older version; null for a file's newest one. */
  older: number | null;
}

const NEWEST = sql`team_id, file_id, state, object_key, stored_bytes, sha256, crc32, etag, slack_deleted_at,
  cast(null as bigint) as older`;

const OLDER = sql`f.team_id, f.file_id, f.state, v.object_key, v.stored_bytes, v.sha256, v.crc32, v.etag,
  f.slack_deleted_at, v.number as older
  from file_version v join file f on f.team_id = v.team_id and f.file_id = v.file_id`;

/** An older version that should be in the bucket. For versions due to be removed, nobody knows. */
const IS_KEPT = sql<boolean>`(v.lost_at is null and v.due_at is null and f.state <> 'purged')`;

/** The states in which a file has an object. */
const HAS_OBJECT = sql<boolean>`state in ('stored', 'trashed')`;

/**
 * Files that have an object, and their older versions, in the order of their keys (by bytes, as S3 lists them): those
 * with a key after `after` and up to `until` (null: no bound), at most `limit`.
 */
export async function filesByKey(
  catalog: Catalog,
  o: { after: string; until: string | null; limit: number },
): Promise<KeyedFile[]> {
  const within = (table: string) => {
    const key = sql.ref(`${table}.object_key`);
    return o.until === null ? sql`${key} > ${o.after}` : sql`(${key} > ${o.after} and ${key} <= ${o.until})`;
  };
  // Each part uses its own index, so that a page costs only what it shows.
  const { rows } = await sql<KeyedFile>`
    select * from (
      select * from (select ${NEWEST} from file where ${within('file')} and ${HAS_OBJECT}
        order by object_key limit ${o.limit}) newest
      union all
      select * from (select ${OLDER} where ${within('v')} and ${IS_KEPT}
        order by v.object_key limit ${o.limit}) older) both_of_them
    order by object_key limit ${o.limit}`.execute(catalog.db);
  return rows;
}

/** Every file, and every older version, that was ever stored under this key, in any state. */
export async function filesAtKey(catalog: Catalog, key: string): Promise<KeyedFile[]> {
  const { rows } = await sql<KeyedFile>`
    select ${NEWEST} from file where object_key = ${key}
    union all
    select ${OLDER} where v.object_key = ${key} and (v.lost_at is null or f.state = 'purged')`.execute(
    catalog.db,
  );
  return rows;
}

/** A file as it is now. */
export async function keyedFile(catalog: Catalog, ref: FileRef): Promise<KeyedFile | undefined> {
  const { rows } = await sql<KeyedFile>`
    select ${NEWEST} from file where team_id = ${ref.teamId} and file_id = ${ref.fileId}`.execute(catalog.db);
  return rows[0];
}

/** An older version as it is now; undefined when it should not be in the bucket any more. */
export async function keyedVersion(
  catalog: Catalog,
  ref: FileRef,
  number: number,
): Promise<KeyedFile | undefined> {
  const { rows } = await sql<KeyedFile>`
    select ${OLDER} where v.team_id = ${ref.teamId} and v.file_id = ${ref.fileId} and v.number = ${number}
      and ${IS_KEPT}`.execute(catalog.db);
  return rows[0];
}

/** Files that should have an object but do not say where, and files whose time in the trash ended before `before`. */
export async function oddFiles(
  catalog: Catalog,
  o: { before: number; limit: number },
): Promise<{ keyless: KeyedFile[]; overdue: KeyedFile[] }> {
  const [keyless, overdue] = await Promise.all([
    sql<KeyedFile>`select ${NEWEST} from file where object_key is null and ${HAS_OBJECT}
      limit ${o.limit}`.execute(catalog.db),
    sql<KeyedFile>`select ${NEWEST} from file where state = 'trashed' and purge_at < ${o.before}
      limit ${o.limit}`.execute(catalog.db),
  ]);
  return { keyless: keyless.rows, overdue: overdue.rows };
}

/** How many files have an object. */
export async function storedFiles({ db }: Catalog): Promise<number> {
  const { rows } = await sql<{ files: number }>`
    select cast(count(*) as bigint) as files from file where object_key is not null and ${HAS_OBJECT}`.execute(
    db,
  );
  return rows[0]?.files ?? 0;
}

/** How many files have their object outside a prefix (which ends with a slash), because it was changed since. */
export async function filesOutside(catalog: Catalog, prefix: string): Promise<number> {
  if (prefix === '') return 0;
  const { rows } = await sql<{ files: number }>`
    select cast(count(*) as bigint) as files from file
    where (object_key < ${prefix} or object_key >= ${afterAll(prefix)}) and ${HAS_OBJECT}`.execute(
    catalog.db,
  );
  return rows[0]?.files ?? 0;
}

/** The smallest text that comes after every text beginning with `prefix`, which ends with a slash. */
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
 * The bucket lost a stored file: it is captured again, like a new one, but not confirmed again. Audited with what was
 * found. False when the file is not stored under this key any more.
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
    // The new object has no legal hold yet.
    await setApplied(scope, ref, LEGAL_HOLD.none);
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
