import { type InsertObject, type Selectable, sql } from 'kysely';
import { goOnAfterLargestId, idTable } from '../db/dialect.ts';
import { CatalogError } from '../db/errors.ts';
import type { Catalog, FileRecord, JournalKind, Schema, Scope } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { foldFile } from '../derived/fold.ts';
import { updateDerived } from '../derived/update.ts';
import { auditFile, changeFile } from '../files/change.ts';
import { putSaid } from '../files/said-replay.ts';
import { goneForGood } from '../files/trash.ts';
import { claimWorkspaceIn } from '../governance/workspace.ts';
import type { FileRef } from '../model.ts';
import { putScans } from '../scan/rows.ts';
import { emptyOut, hasContent } from './content.ts';
import { type JournalRecord, removedBefore, type ToldFile, type ToldHold } from './journal-record.ts';
import { putAudit } from './replay-audit.ts';
import { thingName } from './tell.ts';

export { dropDoubledAudit, guestNumber } from './replay-audit.ts';

/** Columns that older versions of the vault did not tell, with the values they had then. */
const NOT_TOLD_YET = {
  file: {
    ...{ updatedAt: null, parentId: null, facts: '{}', storedType: null },
    ...{ version: 1, olderVersions: 0, olderBytes: 0, forget: 0 },
    ...{ keptBy: null, keptAt: null, warnedDay: null },
  },
  share: { position: 0, silent: 0, shownAt: 0, viaVault: 0 },
  hold: { fileIds: null },
  rule: { tellExcluded: null, mayKeep: null, bookmark: null, bookmarkDone: null, external: null, text: null },
};

/** Rows per statement: stays well below both databases' limits of parameters. */
const ROWS_AT_ONCE = 200;
const FILES_AT_ONCE = 500;

/** What `journal.rebuilding` says of a catalog. */
export const STANDING = {
  /** It is whole: bots may use it. */
  whole: 0,
  /** `npm run rebuild` was begun and has not ended. */
  byHand: 1,
  /** It is new, and nobody has looked yet whether the bucket holds a vault. It may hold what was shared meanwhile. */
  unlooked: 2,
  /** A bot has begun to rebuild it by itself and has not ended. */
  byItself: 3,
} as const;

/**
 * Makes a catalog ready to be rebuilt. It must never have been used, except by a rebuild that was cut short, or by bots
 * that have not looked at the bucket yet: then it is emptied. Until {@link endRebuild} no bot may use it. Throws
 * {@link CatalogError} `catalog_in_use` or `catalog_other_workspace`. From now on it belongs to this workspace, if it is
 * known.
 */
export async function beginRebuild(
  catalog: Catalog,
  by: typeof STANDING.byHand | typeof STANDING.byItself = STANDING.byHand,
  teamId: string | null = null,
): Promise<void> {
  await inTransaction(catalog, async (scope) => {
    const isWhole = (await standingOf(scope)) === STANDING.whole;
    if (isWhole && (await hasContent(scope)))
      throw new CatalogError(
        'catalog_in_use',
        'This catalog is not empty, and a rebuild never overwrites one. Point DATABASE_URL or VAULT_DATA_DIR at a new one, or move the old one away.',
      );
    if (!isWhole) await emptyOut(scope);
    if (teamId !== null) await claimWorkspaceIn(scope, teamId);
    await scope.db.updateTable('journal').set({ rebuilding: by }).execute();
  });
}

async function standingOf({ db }: Scope): Promise<number | undefined> {
  return (await db.selectFrom('journal').select('rebuilding').executeTakeFirst())?.rebuilding;
}

/** Throws {@link CatalogError} `catalog_unfinished` when `npm run rebuild` was begun on this catalog and never ended. */
export async function refuseHalfRebuilt(catalog: Catalog): Promise<void> {
  if ((await standingOf(catalog)) !== STANDING.byHand) return;
  throw new CatalogError(
    'catalog_unfinished',
    'The rebuild of this catalog did not come to its end. Run npm run rebuild again.',
  );
}

/**
 * Takes in what a segment tells. Later records overwrite earlier ones, so segments must come in order. With `guest`,
 * the records are of another history than the one that continues, and their audit entries get separate ids. The
 * journal does not tell any of this again.
 */
export async function replay(
  catalog: Catalog,
  records: JournalRecord[],
  o: { now: number; guest: number | null },
): Promise<void> {
  const last = new Map<string, JournalRecord>();
  for (const record of records) last.set(nameOfRecord(record), record);
  const told = Map.groupBy(last.values(), (record) => record.kind) as {
    get<K extends JournalRecord['kind']>(kind: K): Array<Extract<JournalRecord, { kind: K }>> | undefined;
  };
  await inTransaction(catalog, async (scope) => {
    for (const { of, teamId, key } of told.get('removed') ?? []) await remove(scope, of, teamId, key);
    await putFiles(scope, told.get('file') ?? [], o.now);
    await upsert(
      scope,
      'channel',
      ['teamId', 'channelId'],
      told.get('channel')?.map(({ channel: c }) => ({
        createdAt: null,
        imOtherId: null,
        workspaces: null,
        removedAt: removedBefore(c),
        ...c,
      })) ?? [],
    );
    await upsert(scope, 'gone', ['teamId', 'fileId'], told.get('gone')?.map((r) => r.gone) ?? []);
    await putHolds(scope, told.get('hold')?.map((r) => r.hold) ?? [], o.now);
    await upsert(
      scope,
      'rule',
      ['teamId', 'channelId'],
      told.get('rule')?.map((r) => ({ ...NOT_TOLD_YET.rule, ...r.rule })) ?? [],
    );
    await putAudit(scope, told.get('audit')?.map((r) => r.audit) ?? [], o.guest);
    await scope.db.deleteFrom('journalDirty').execute();
  });
}

/** A name for the thing that a record is about: what {@link untoldNames} gives. */
export function nameOfRecord(record: JournalRecord): string {
  const name = (kind: JournalKind, teamId: string, key: string | number) =>
    thingName({ kind, teamId, key: String(key) });
  switch (record.kind) {
    case 'file':
      return name('file', record.file.teamId, record.file.fileId);
    case 'channel':
      return name('channel', record.channel.teamId, record.channel.channelId);
    case 'gone':
      return name('gone', record.gone.teamId, record.gone.fileId);
    case 'audit':
      return name('audit', record.audit.teamId, record.audit.id);
    case 'hold':
      return name('hold', record.hold.teamId, record.hold.holdId);
    case 'rule':
      return name('rule', record.rule.teamId, record.rule.channelId);
    case 'removed':
      return name(record.of, record.teamId, record.key);
  }
}

async function remove(scope: Scope, kind: JournalKind, teamId: string, key: string): Promise<void> {
  const tables = kind === 'file' ? ['share', 'file_version', 'scan', 'said', 'file'] : [kind];
  const column =
    kind === 'hold' ? 'hold_id' : kind === 'channel' || kind === 'rule' ? 'channel_id' : 'file_id';
  for (const table of tables) {
    await sql`delete from ${sql.table(table)}
      where team_id = ${teamId} and ${sql.ref(column)} = ${key}`.execute(scope.db);
  }
}

async function putFiles(
  scope: Scope,
  told: Array<Extract<JournalRecord, { kind: 'file' }>>,
  now: number,
): Promise<void> {
  const files = told.map(({ file }) => ({
    ...NOT_TOLD_YET.file,
    ...file,
    told: file.told ?? Number(file.storedAt !== null),
    ...standing(file, now),
    folded: foldFile(file),
  }));
  await upsert(scope, 'file', ['teamId', 'fileId'], files);
  for (const [teamId, group] of Map.groupBy(files, (file) => file.teamId)) {
    const ids = idTable(
      scope.kind,
      group.map((file) => file.fileId),
    );
    for (const table of ['share', 'file_version', 'scan', 'said'])
      await sql`delete from ${sql.table(table)} where team_id = ${teamId}
        and file_id in (select id from ${ids} ids)`.execute(scope.db);
  }
  const untold = { dueAt: null, leaseOwner: null };
  await insert(
    scope,
    'fileVersion',
    told.flatMap(({ versions = [] }) => versions.map((version) => ({ ...version, ...untold }))),
  );
  await putScans(scope, told, now);
  await insert(
    scope,
    'share',
    told.flatMap(({ shares }) =>
      shares.map((share) => ({
        ...NOT_TOLD_YET.share,
        ...{ takenAt: share.removedAt, heardAt: share.removedAt },
        ...share,
      })),
    ),
  );
  await putSaid(scope, told);
}

/** Holds walk through their files again: objects may have been missed. */
async function putHolds(scope: Scope, told: ToldHold[], now: number): Promise<void> {
  const holds = told.map((hold) => ({
    ...NOT_TOLD_YET.hold,
    ...hold,
    dueAt: now,
    leaseOwner: null,
    walkedTo: 0,
    walked: 0,
  }));
  await upsert(scope, 'hold', ['teamId', 'holdId'], holds);
}

/** What a file is due for, as if it had just come to this state. Its URL is asked for again. */
function standing(file: ToldFile, now: number) {
  const waits = file.state === 'pending' || file.state === 'failed';
  const dueAt = file.state === 'trashed' ? file.purgeAt : waits ? now : null;
  return { dueAt, leaseOwner: null, attempts: 0, url: null, audienceId: null };
}

async function upsert<T extends 'file' | 'channel' | 'gone' | 'hold' | 'rule'>(
  { db }: Scope,
  table: T,
  key: Array<keyof Schema[T] & string>,
  rows: object[],
): Promise<void> {
  for (let i = 0; i < rows.length; i += ROWS_AT_ONCE) {
    const values = rows.slice(i, i + ROWS_AT_ONCE);
    const others = Object.keys(values[0] ?? {}).filter((column) => !key.includes(column as never));
    await db
      .insertInto(table as 'gone')
      .values(values as unknown as InsertObject<Schema, 'gone'>[])
      .onConflict((conflict) =>
        conflict
          .columns(key as never)
          .doUpdateSet((eb) =>
            Object.fromEntries(others.map((column) => [column, eb.ref(`excluded.${column}` as never)])),
          ),
      )
      .execute();
  }
}

async function insert<T extends 'share' | 'fileVersion'>(
  { db }: Scope,
  table: T,
  rows: Array<InsertObject<Schema, T>>,
): Promise<void> {
  for (let i = 0; i < rows.length; i += ROWS_AT_ONCE) {
    await db
      .insertInto(table)
      .values(rows.slice(i, i + ROWS_AT_ONCE))
      .execute();
  }
}

/** Computes everything derived from files and shares: channels' lists, tallies, totals. Reports the files done. */
export async function derive(catalog: Catalog, onProgress: (files: number) => void): Promise<void> {
  let after = Number.MIN_SAFE_INTEGER;
  for (let done = 0; ; ) {
    const files = await catalog.db
      .selectFrom('file')
      .selectAll()
      .where('id', '>', after)
      .orderBy('id')
      .limit(FILES_AT_ONCE)
      .execute();
    const last = files.at(-1);
    if (!last) return;
    await inTransaction(catalog, (scope) => deriveSome(scope, files));
    after = last.id;
    done += files.length;
    onProgress(done);
  }
}

async function deriveSome(scope: Scope, files: FileRecord[]): Promise<void> {
  for (const [teamId, group] of Map.groupBy(files, (file) => file.teamId)) {
    const ids = idTable(
      scope.kind,
      group.map((file) => file.fileId),
    );
    const { rows } = await sql<Selectable<Schema['share']>>`select s.* from ${ids} ids
      cross join share s where s.team_id = ${teamId} and s.file_id = ids.id`.execute(scope.db);
    const shares = Map.groupBy(rows, (share) => share.fileId);
    for (const file of group) await updateDerived(scope, undefined, file, shares.get(file.fileId) ?? []);
  }
}

/** A trashed file has no object any more: it was purged after the journal's last record. */
export function purgedMeanwhile(catalog: Catalog, ref: FileRef, now: number): Promise<boolean> {
  return changeFile(catalog, ref, async (file, scope) => {
    if (file.state !== 'trashed') return undefined;
    await auditFile(scope, file, 'purged', 'vault', now, { key: file.objectKey, bytes: file.storedBytes });
    return goneForGood(scope, file, now);
  });
}

/** The rebuilt catalog continues a history where it ended; null: it begins its own. Bots may use it from now on. */
export async function endRebuild(
  catalog: Catalog,
  history: { history: string; number: number; first: number; segments: number } | null,
): Promise<void> {
  await inTransaction(catalog, async (scope) => {
    await goOnAfterLargestId(scope, 'audit');
    await scope.db
      .updateTable('journal')
      .set({
        ...history,
        lastWritten: history?.number ?? null,
        rebuilding: STANDING.whole,
        ...{ leaseOwner: null, dueAt: null },
      })
      .execute();
  });
}
