import { exportNotMade, exportReady } from '../blocks/export.ts';
import type { Screen } from '../blocks/kit/elements.ts';
import { backOff } from '../capture/back-off.ts';
import { keepLease } from '../capture/lease.ts';
import { type ExportJob, exportStands, renewExport } from '../catalog/governance/exports.ts';
import { errorCode } from '../errors.ts';
import { tableBytes } from '../export/tables.ts';
import { tellInPrivate } from '../slack/in-private.ts';
import type { Bucket } from '../storage/bucket.ts';
import { ownFolder } from '../storage/own-objects.ts';
import { putObject } from '../storage/put.ts';
import { removeIfAllowed } from '../storage/remove.ts';
import { DAY_MS } from '../time.ts';
import { namesFor } from '../vault/audit-names.ts';
import type { Vault } from '../vault/context.ts';
import { mayHaveExport } from '../vault/exports.ts';
import { LEASE_MS } from './job.ts';

/** How long an export stays in the bucket. */
const KEPT_MS = DAY_MS;
const MOST_ATTEMPTS = 6;

/** The key of an export's object, in the folder that no listing of files shows. */
function exportKey(bucket: Bucket, { teamId, exportId, format }: ExportJob): string {
  return `${ownFolder(bucket, 'exports')}${teamId}/${exportId}.${format}`;
}

/**
 * Does the next step of an export: makes it, delivers it, or removes it after a day. To make and to deliver it, the
 * person must still be allowed to have it. If the process dies, at worst a step is repeated; then a direct message may
 * come twice.
 */
export async function runExport(
  vault: Vault,
  owner: string,
  job: ExportJob,
  stop: AbortSignal,
): Promise<void> {
  const { catalog, bucket, log, now } = vault;
  try {
    if (job.state === 'delivered') {
      await removeIfAllowed(bucket, exportKey(bucket, job));
      await exportStands(catalog, job, owner, { state: 'gone', objectKey: null, dueAt: null });
      return;
    }
    if (!(await mayHaveExport(vault, job))) return await giveUp(vault, owner, job, 'refused');
    if (job.state === 'waiting') await make(vault, owner, job, stop);
    else await deliver(vault, owner, job);
  } catch (error) {
    const code = errorCode(error);
    if (!stop.aborted && job.attempts >= MOST_ATTEMPTS) {
      log.error({ code, export: job.exportId, err: error }, 'an export could not be made');
      return giveUp(vault, owner, job, 'failed', code);
    }
    log.warn({ code, export: job.exportId, err: error }, 'an export was interrupted; it will be tried again');
    const dueAt = stop.aborted ? 0 : now() + backOff(job.attempts);
    await exportStands(catalog, job, owner, { errorCode: code, dueAt });
  }
}

async function make(vault: Vault, owner: string, job: ExportJob, stop: AbortSignal): Promise<void> {
  const { catalog, bucket, rights, log, now } = vault;
  const withKeys = await rights.isAdmin(job.requestedBy);
  const named = job.kind === 'audit' ? { named: await namesFor(vault, job.requestedBy) } : {};
  const key = exportKey(bucket, job);
  // Removes what an attempt that died has written.
  if (job.attempts > 1) await removeIfAllowed(bucket, key);
  let rowCount = 0;
  const lease = keepLease({ leaseMs: LEASE_MS, log, now }, { export: job.exportId }, (until) =>
    renewExport(catalog, job, owner, until),
  );
  try {
    const { bytes } = await putObject(bucket, {
      key,
      body: tableBytes(catalog, job, { withKeys, onRow: () => rowCount++, ...named }),
      length: null,
      contentType: job.format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson',
      metadata: { team: job.teamId, file: `export-${job.exportId}` },
      signal: AbortSignal.any([stop, lease.lost]),
    });
    const made = { state: 'made' as const, objectKey: key, rowCount, bytes, madeAt: now() };
    await exportStands(catalog, job, owner, { ...made, errorCode: null, dueAt: now(), fresh: true });
  } finally {
    lease.end();
  }
}

async function deliver(vault: Vault, owner: string, job: ExportJob): Promise<void> {
  const { catalog, now } = vault;
  const goneAt = (job.madeAt ?? now()) + KEPT_MS;
  await tell(vault, job, exportReady({ ...job, goneAt }));
  await exportStands(catalog, job, owner, { state: 'delivered', dueAt: goneAt, fresh: true });
}

async function giveUp(
  vault: Vault,
  owner: string,
  job: ExportJob,
  why: 'failed' | 'refused',
  errorCode: string = why,
): Promise<void> {
  const { catalog, bucket, log } = vault;
  await exportStands(catalog, job, owner, { state: 'failed', objectKey: null, errorCode, dueAt: null });
  await removeIfAllowed(bucket, exportKey(bucket, job));
  await tell(vault, job, exportNotMade({ why })).catch((error: unknown) => {
    log.warn({ export: job.exportId, err: error }, 'nobody could be told that an export failed');
  });
}

/** Tells the person who asked: where they asked, if that is still possible, else in a direct message. */
async function tell({ slack, replies, log, now }: Vault, job: ExportJob, screen: Screen): Promise<void> {
  const reply = replies.take(job.exportId, now());
  if (reply !== undefined) {
    try {
      return await reply(screen);
    } catch (error) {
      log.info(
        { code: errorCode(error), export: job.exportId },
        'too late to answer there: a direct message',
      );
    }
  }
  await tellInPrivate(slack, job.requestedBy, screen);
}
