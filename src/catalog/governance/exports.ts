import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import { DAY_MS } from '../../time.ts';
import { lockExclusive } from '../db/dialect.ts';
import type { Catalog, Schema } from '../db/schema.ts';
import type { ExportJobTable } from '../db/schema-govern.ts';
import { inTransaction } from '../db/transaction.ts';
import { type Claim, claimDue, nextDue } from '../queue/due.ts';
import { recordAudit } from './audit.ts';
import { type AuditFilter, filterInLog } from './audit-list.ts';

/** A table of files or of audit entries, made in the background for one person. */
export interface ExportJob {
  id: number;
  teamId: string;
  exportId: string;
  kind: 'manifest' | 'audit' | 'workspace';
  format: 'csv' | 'ndjson';
  channelId: string;
  filter: AuditFilter;
  requestedBy: string;
  requestedAt: number;
  state: ExportJobTable['state'];
  objectKey: string | null;
  rowCount: number;
  bytes: number;
  madeAt: number | null;
  attempts: number;
}

/** Why somebody gets no other export now. */
export class ExportRefused extends Error {
  readonly code: 'export_under_way' | 'too_many_exports';

  constructor(code: ExportRefused['code']) {
    super(code);
    this.name = 'ExportRefused';
    this.code = code;
  }
}

/**
 * Writes down that somebody wants an export; it is due at once. Audited. Returns its id. Throws `ExportRefused` while
 * the same export for the same person is being made, and after `mostADay` in 24 hours.
 */
export async function requestExport(
  catalog: Catalog,
  o: Pick<ExportJob, 'teamId' | 'kind' | 'format' | 'channelId' | 'filter' | 'requestedBy'> & {
    now: number;
    mostADay?: number;
  },
): Promise<string> {
  const { filter, now, mostADay = Number.POSITIVE_INFINITY, ...given } = o;
  const exportId = randomUUID();
  const { teamId, kind, format, channelId, requestedBy: actorId } = o;
  await inTransaction(catalog, async (scope) => {
    await lockExclusive(scope, `exports of ${teamId}/${actorId}`);
    const lately = await scope.db
      .selectFrom('exportJob')
      .select(['kind', 'channelId', 'state'])
      .where('teamId', '=', teamId)
      .where('requestedBy', '=', actorId)
      .where('requestedAt', '>', now - DAY_MS)
      .execute();
    const isSame = (job: (typeof lately)[number]) => job.kind === kind && job.channelId === channelId;
    if (lately.some((job) => job.state === 'waiting' && isSame(job)))
      throw new ExportRefused('export_under_way');
    if (lately.length >= mostADay) throw new ExportRefused('too_many_exports');
    await scope.db
      .insertInto('exportJob')
      .values({
        ...{
          ...given,
          exportId,
          filter: JSON.stringify(filter),
          requestedAt: now,
          state: 'waiting' as const,
        },
        ...{ objectKey: null, rowCount: 0, bytes: 0, madeAt: null, errorCode: null },
        ...{ dueAt: now, leaseOwner: null },
      })
      .execute();
    const detail = { kind, format, exportId, ...(kind === 'audit' ? { filter: filterInLog(filter) } : {}) };
    await recordAudit(scope, {
      at: now,
      teamId,
      actorId,
      action: 'exported',
      fileId: null,
      channelId,
      detail,
    });
  });
  return exportId;
}

export async function claimDueExports(catalog: Catalog, claim: Claim): Promise<ExportJob[]> {
  const rows = await claimDue<Selectable<Schema['exportJob']>>(catalog, 'exportJob', claim);
  return rows.map(toJob);
}

export function nextExportDueAt(catalog: Catalog): Promise<number | null> {
  return nextDue(catalog, 'exportJob');
}

export async function exportById(
  { db }: Catalog,
  teamId: string,
  exportId: string,
): Promise<ExportJob | undefined> {
  const row = await db
    .selectFrom('exportJob')
    .selectAll()
    .where('teamId', '=', teamId)
    .where('exportId', '=', exportId)
    .executeTakeFirst();
  return row && toJob(row);
}

/** A job's new state, if it still belongs to this owner: due again at `dueAt`, or never. */
export async function exportStands(
  { db }: Catalog,
  job: ExportJob,
  owner: string,
  o: Partial<Pick<ExportJob, 'state' | 'objectKey' | 'rowCount' | 'bytes' | 'madeAt'>> & {
    errorCode?: string | null;
    dueAt: number | null;
    /** Starts counting the attempts again. */
    fresh?: boolean;
  },
): Promise<boolean> {
  const { fresh, ...changes } = o;
  const result = await db
    .updateTable('exportJob')
    .set({ ...changes, leaseOwner: null, ...(fresh ? { attempts: 0 } : {}) })
    .where('id', '=', job.id)
    .where('leaseOwner', '=', owner)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Makes the lease of a long export end later. False when somebody else has it now. */
export async function renewExport(
  { db }: Catalog,
  job: ExportJob,
  owner: string,
  until: number,
): Promise<boolean> {
  const result = await db
    .updateTable('exportJob')
    .set({ dueAt: until })
    .where('id', '=', job.id)
    .where('leaseOwner', '=', owner)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

function toJob({ leaseOwner, dueAt, errorCode, filter, ...row }: Selectable<ExportJobTable>): ExportJob {
  return { ...row, filter: JSON.parse(filter) };
}
