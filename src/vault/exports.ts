import { recordAudit } from '../catalog/governance/audit.ts';
import { type ExportJob, ExportRefused, exportById, requestExport } from '../catalog/governance/exports.ts';
import {
  exportGone,
  exportUnderWay,
  noSuchExport,
  overseersOnly,
  tooManyExports,
  tooManyOfThatName,
} from '../refusals/exports.ts';
import { minutesOfLink } from '../storage/link-check.ts';
import { presignDownload } from '../storage/presign.ts';
import { DAY_MS } from '../time.ts';
import { requireBucket, requireChannel } from './access.ts';
import { auditFilterFor } from './audit.ts';
import type { Vault } from './context.ts';

/** Each export reads the whole channel, and is an object in the bucket for a day. */
const EXPORTS_A_DAY = 40;

/** What is being made; for the message to the asker. */
export type OrderedExport = Pick<ExportJob, 'exportId' | 'kind' | 'format' | 'channelId' | 'requestedAt'>;

/** Tells the asker that an export is being made. The export begins afterwards, so it never arrives before this. */
type Tell = (ordered: OrderedExport) => Promise<void>;

/**
 * Orders a list of a channel's files, for people who may see the channel or oversee the vault. Throws `UserError`, also
 * when one is already being made, or when there were too many in a day.
 */
export async function orderManifest(
  vault: Vault,
  asked: { userId: string; channelId: string; format: ExportJob['format'] },
  tell: Tell,
): Promise<void> {
  const { userId, channelId, format } = asked;
  if (!(await vault.rights.oversees(userId))) await requireChannel(vault, userId, channelId);
  await order(vault, userId, { kind: 'manifest', format, channelId, filter: {} }, tell);
}

/** Orders a list of all files in the vault, for people who oversee it. Throws `UserError` like `orderManifest`. */
export async function orderWorkspace(
  vault: Vault,
  asked: { userId: string; channelId: string; format: ExportJob['format'] },
  tell: Tell,
): Promise<void> {
  const { userId, channelId, format } = asked;
  if (!(await vault.rights.oversees(userId))) throw overseersOnly();
  await order(vault, userId, { kind: 'workspace', format, channelId, filter: {} }, tell);
}

/** So many files of one name go into a CSV file of the audit log: their ids are part of the order. */
const MOST_OF_NAME = 10_000;

/**
 * Orders a CSV file of the entries of the audit log that `query` selects, for admins and auditors. `channelId` is where
 * they asked. Throws `UserError` like `orderManifest`.
 */
export async function orderAuditExport(
  vault: Vault,
  asked: { userId: string; channelId: string; query: string },
  tell: Tell,
): Promise<void> {
  const { userId, channelId } = asked;
  // The files are chosen; their typed name is not kept with the order, nor told to the log.
  const { text, cut, ...filter } = await auditFilterFor(vault, { ...asked, most: MOST_OF_NAME });
  if (cut !== undefined) throw tooManyOfThatName(cut);
  await order(vault, userId, { kind: 'audit', format: 'csv', channelId, filter }, tell);
}

async function order(
  vault: Vault,
  userId: string,
  job: Pick<ExportJob, 'kind' | 'format' | 'channelId' | 'filter'>,
  tell: Tell,
): Promise<void> {
  const now = vault.now();
  const wanted = { ...job, teamId: vault.identity.teamId, requestedBy: userId, now, mostADay: EXPORTS_A_DAY };
  const exportId = await requestExport(vault.catalog, wanted).catch((error: unknown) => {
    if (!(error instanceof ExportRefused)) throw error;
    throw error.code === 'export_under_way' ? exportUnderWay() : tooManyExports(EXPORTS_A_DAY);
  });
  const { kind, format, channelId } = job;
  await tell({ exportId, kind, format, channelId, requestedAt: now });
  vault.wake();
}

/**
 * Whether the person who asked for an export may have it now. The audit log: people who may read it. A channel's
 * manifest: people who may see the channel or oversee the vault. The whole vault's: people who oversee it.
 */
export async function mayHaveExport({ rights }: Vault, job: ExportJob): Promise<boolean> {
  const { requestedBy, channelId } = job;
  if (job.kind === 'audit') return rights.mayAudit(requestedBy);
  if (job.kind === 'workspace') return rights.oversees(requestedBy);
  return (await rights.oversees(requestedBy)) || rights.maySeeChannel(requestedBy, channelId);
}

/** A link to an export, and until when (ms) new ones can be made. */
export interface ExportLink {
  job: ExportJob;
  url: string;
  minutes: number;
  goneAt: number;
}

type AskedLink = { userId: string; exportId: string };

/**
 * A link to an export, for the person who asked for it, if they may still have it. Audited. Throws `UserError`, with
 * the same words if the export does not exist or belongs to somebody else.
 */
export async function linkToExport(vault: Vault, asked: AskedLink): Promise<ExportLink> {
  const link = await firstLinkToExport(vault, asked);
  const { teamId, channelId, exportId, kind } = link.job;
  await recordAudit(vault.catalog, {
    ...{ at: vault.now(), teamId, actorId: asked.userId, action: 'exported' as const },
    ...{ fileId: null, channelId },
    detail: { exportId, kind, fetched: true, minutes: link.minutes },
  });
  return link;
}

/** The same for the link that comes with the export: one act, and the order of it is in the audit log. */
export async function firstLinkToExport(vault: Vault, { userId, exportId }: AskedLink): Promise<ExportLink> {
  const { catalog, identity, bucket, policy, now } = vault;
  const job = await exportById(catalog, identity.teamId, exportId);
  if (job === undefined || job.requestedBy !== userId || !(await mayHaveExport(vault, job)))
    throw noSuchExport();
  if (job.objectKey === null || (job.state !== 'made' && job.state !== 'delivered')) throw exportGone();
  requireBucket(vault);
  const minutes = await minutesOfLink(bucket, policy.linkMinutes, now());
  const name = `${job.kind}-${new Date(job.madeAt ?? now()).toISOString().slice(0, 10)}.${job.format}`;
  const contentType = job.format === 'csv' ? 'text/csv' : 'application/x-ndjson';
  const expiresSeconds = minutes * 60;
  const url = await presignDownload(bucket, { key: job.objectKey, name, contentType, expiresSeconds });
  return { job, url, minutes, goneAt: exportGoneAt(job, now()) };
}

/** How long an export stays in the bucket. */
const KEPT_MS = DAY_MS;

/** When an export leaves the bucket (ms). */
export const exportGoneAt = ({ madeAt }: Pick<ExportJob, 'madeAt'>, now: number) => (madeAt ?? now) + KEPT_MS;
