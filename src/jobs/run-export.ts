import { LRUCache } from 'lru-cache';
import { exportNotMade, exportReady } from '../blocks/export.ts';
import type { Screen } from '../blocks/kit/elements.ts';
import { backOff } from '../capture/back-off.ts';
import { keepLease } from '../capture/lease.ts';
import { channels } from '../catalog/files/channels.ts';
import { type ExportJob, exportStands, renewExport } from '../catalog/governance/exports.ts';
import { errorCode } from '../errors.ts';
import { type TableNames, tableBytes } from '../export/tables.ts';
import { tellInPrivate } from '../slack/in-private.ts';
import { namesOf } from '../slack/names.ts';
import type { Bucket } from '../storage/bucket.ts';
import { ownFolder } from '../storage/own-objects.ts';
import { putObject } from '../storage/put.ts';
import { removeIfAllowed } from '../storage/remove.ts';
import { namesFor } from '../vault/audit-names.ts';
import type { Vault } from '../vault/context.ts';
import { exportGoneAt, firstLinkToExport, mayHaveExport } from '../vault/exports.ts';
import { LEASE_MS } from './job.ts';

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
      body: tableBytes(catalog, job, {
        withKeys,
        onRow: () => rowCount++,
        names: await tableNames(vault),
        ...named,
      }),
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

/** The names for a table: those of channels as the catalog has them, those of people as Slack tells them. */
async function tableNames({ catalog, people, identity }: Vault): Promise<TableNames> {
  const known = await channels(catalog, identity.teamId);
  const names = new Map(known.map(({ channelId, name }) => [channelId, name]));
  const persons = new LRUCache<string, Promise<string>>({ max: 10_000 });
  const nameOf = async (userId: string) => (await namesOf(people, [userId])).get(userId) ?? '';
  return {
    channel: (channelId) => names.get(channelId) ?? null,
    async person(userId) {
      const asked = persons.get(userId) ?? nameOf(userId);
      persons.set(userId, asked);
      return (await asked) || null;
    },
  };
}

async function deliver(vault: Vault, owner: string, job: ExportJob): Promise<void> {
  const { catalog, now } = vault;
  const goneAt = exportGoneAt(job, now());
  await tell(vault, job, exportReady({ ...job, goneAt }), async () => {
    const asked = { userId: job.requestedBy, exportId: job.exportId };
    const { url, minutes } = await firstLinkToExport(vault, asked);
    return exportReady({ ...job, goneAt, link: { url, minutes } });
  });
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

/**
 * Tells the person who asked: where they asked, if that is still possible, else in a direct message. `atOnce` makes what
 * is shown to somebody who waits: its link would end before a direct message is read.
 */
async function tell(
  { slack, replies, log, now }: Vault,
  job: ExportJob,
  screen: Screen,
  atOnce: () => Promise<Screen> = async () => screen,
): Promise<void> {
  const reply = replies.take(job.exportId, now());
  if (reply !== undefined) {
    const shown = await atOnce().catch((error: unknown) => {
      log.info(
        { code: errorCode(error), export: job.exportId },
        'no link to the export yet: a button makes it',
      );
      return screen;
    });
    try {
      return await reply(shown);
    } catch (error) {
      log.info(
        { code: errorCode(error), export: job.exportId },
        'too late to answer there: a direct message',
      );
    }
  }
  await tellInPrivate(slack, job.requestedBy, screen);
}
