import { sql } from 'kysely';
import type { Catalog, Scope } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { counted, inTrash, type Summed, unkept } from './sums-of.ts';

const FILES_AT_ONCE = 5_000;

/** The result of a recount. */
export interface Recounted {
  /** Files that were looked at. */
  files: number;
  /** Sums that there are. */
  sums: number;
  /** Sums that were wrong, and are right now. */
  wrong: number;
}

interface Sum {
  files: number;
  bytes: number;
}

/**
 * Makes all sums anew from the files: of channel sets, months, types, uploaders, the trash, what waits and what is not kept,
 * and of each file's older versions. In one transaction; on PostgreSQL bots can read meanwhile, and wait to write.
 */
export function recount(catalog: Catalog): Promise<Recounted> {
  return inTransaction(catalog, async (scope) => {
    if (scope.kind === 'postgres') {
      await sql`set local statement_timeout = 0`.execute(scope.db);
      await sql`lock table file, file_version, audience, tally, breakdown in share row exclusive mode`.execute(
        scope.db,
      );
    }
    const older = await recountVersions(scope);
    const { files, ...expected } = await sumAll(scope);
    const outcomes = [
      await putRight(scope, { table: 'audience', keys: ['id'], expected: expected.sets }),
      await putRight(scope, {
        table: 'tally',
        keys: ['teamId', 'uploaderId', 'audienceId'],
        expected: expected.uploaders,
      }),
      await putRight(scope, {
        table: 'breakdown',
        keys: ['teamId', 'part', 'audienceId', 'name'],
        expected: expected.parts,
      }),
    ];
    const total = (of: 'sums' | 'wrong') => outcomes.reduce((sum, outcome) => sum + outcome[of], 0);
    return { files, sums: total('sums'), wrong: total('wrong') + older };
  });
}

/** Each file knows how many older versions it has, and how many bytes these are; lost ones do not count. */
async function recountVersions({ db }: Scope): Promise<number> {
  const { rows } = await sql<{ id: number; versions: number; bytes: number }>`
    select f.id as id, cast(count(v.id) as bigint) as versions, cast(coalesce(sum(v.stored_bytes), 0) as bigint) as bytes
    from file f left join file_version v on v.team_id = f.team_id and v.file_id = f.file_id and v.lost_at is null
    group by f.id, f.older_versions, f.older_bytes
    having count(v.id) <> f.older_versions or coalesce(sum(v.stored_bytes), 0) <> f.older_bytes`.execute(db);
  for (const { id, versions, bytes } of rows)
    await db
      .updateTable('file')
      .set({ olderVersions: versions, olderBytes: bytes })
      .where('id', '=', id)
      .execute();
  return rows.length;
}

/** Sums by their keys, which are JSON. */
function createSums() {
  const sums = new Map<string, Sum>();
  return {
    sums,
    add(key: ReadonlyArray<string | number>, files: number, bytes: number) {
      const name = JSON.stringify(key);
      const sum = sums.get(name) ?? { files: 0, bytes: 0 };
      sums.set(name, { files: sum.files + files, bytes: sum.bytes + bytes });
    },
  };
}

async function sumAll(scope: Scope) {
  const [sets, uploaders, parts] = [createSums(), createSums(), createSums()];
  let files = 0;
  for await (const file of allFiles(scope)) {
    files++;
    const stored = counted(file);
    if (stored) {
      const { teamId, audienceId, uploaderId, month, type, bytes } = stored;
      sets.add([audienceId], 1, bytes);
      uploaders.add([teamId, uploaderId, audienceId], 1, bytes);
      parts.add([teamId, 'month', audienceId, month], 1, bytes);
      parts.add([teamId, 'type', audienceId, type], 1, bytes);
    }
    const trashed = inTrash(file);
    if (trashed) parts.add([trashed.teamId, 'trash', trashed.audienceId, ''], 1, trashed.bytes);
    const left = unkept(file);
    if (left) parts.add([left.teamId, left.part, left.audienceId, left.name], 1, 0);
    // So that uploaders find their files where they cannot look any more; see search/reach.ts.
    const theirs = trashed ?? left;
    if (theirs) uploaders.add([theirs.teamId, file.uploaderId ?? '', theirs.audienceId], 0, 0);
  }
  return { files, sets: sets.sums, uploaders: uploaders.sums, parts: parts.sums };
}

async function* allFiles({ db }: Scope): AsyncGenerator<Summed> {
  for (let after = 0; ; ) {
    const rows = await db
      .selectFrom('file')
      .select(['id', 'teamId', 'audienceId', 'state', 'reason', 'name', 'title'])
      .select(['uploaderId', 'sharedAt', 'filetype', 'storedBytes', 'olderBytes'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(FILES_AT_ONCE)
      .execute();
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
  }
}

/** Writes the sums of a table that are not as expected. Rows that should not be there are set to zero. */
async function putRight(
  { db }: Scope,
  o: { table: 'audience' | 'tally' | 'breakdown'; keys: readonly string[]; expected: Map<string, Sum> },
): Promise<{ sums: number; wrong: number }> {
  const { keys, expected } = o;
  const table = o.table as 'breakdown';
  const rows = (await db.selectFrom(table).selectAll().execute()) as unknown as Array<
    Record<string, string | number> & Sum
  >;
  let wrong = 0;
  const there = new Set<string>();
  for (const row of rows) {
    const name = JSON.stringify(keys.map((key) => row[key]));
    there.add(name);
    const { files, bytes } = expected.get(name) ?? { files: 0, bytes: 0 };
    if (row.files === files && row.bytes === bytes) continue;
    wrong++;
    const same = sql<boolean>`${sql.join(
      keys.map((key) => sql`${sql.ref(key)} = ${row[key]}`),
      sql` and `,
    )}`;
    await db.updateTable(table).set({ files, bytes }).where(same).execute();
  }
  for (const [name, { files, bytes }] of expected) {
    // What is left: uploaders and parts without a row. A channel set is made before a file is in it.
    if (there.has(name) || o.table === 'audience') continue;
    if (files !== 0 || bytes !== 0) wrong++;
    const values = (JSON.parse(name) as Array<string | number>).map((value, i) => [keys[i], value]);
    await db
      .insertInto(table)
      .values({ ...Object.fromEntries(values), files, bytes })
      .execute();
  }
  return { sums: expected.size, wrong };
}
