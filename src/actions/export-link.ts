import { exportLink } from '../blocks/export.ts';
import { screenModal } from '../blocks/screen-modal.ts';
import { recordAudit } from '../catalog/audit.ts';
import { exportById } from '../catalog/govern/exports.ts';
import { UserError } from '../errors.ts';
import { mayHave } from '../export/run.ts';
import { presignDownload } from '../storage/presign.ts';
import type { Vault } from '../vault/context.ts';
import type { Action, Click } from './click.ts';

/** Download of an export: a link for a few minutes, for whoever asked for it and may still have it. */
export const exportLinkFor: Action = {
  id: 'export_link',
  async run(vault, click) {
    if (click.where === 'message') await click.show(await makeLink(vault, click));
    else await click.open(async () => screenModal(await makeLink(vault, click)));
  },
};

async function makeLink(vault: Vault, click: Click) {
  const { catalog, identity, bucket, policy, now } = vault;
  const job = await exportById(catalog, identity.teamId, click.value);
  if (job === undefined || job.requestedBy !== click.userId || !(await mayHave(vault, job)))
    throw new UserError('no_such_export', 'There is no such export, or it is not yours to have.');
  if (job.objectKey === null || (job.state !== 'made' && job.state !== 'delivered'))
    throw new UserError('export_gone', 'This export has been removed again. Ask for a new one.');
  const minutes = policy.linkMinutes;
  const name = `${job.kind}-${new Date(job.madeAt ?? now()).toISOString().slice(0, 10)}.${job.format}`;
  const contentType = job.format === 'csv' ? 'text/csv' : 'application/x-ndjson';
  const expiresSeconds = minutes * 60;
  const url = await presignDownload(bucket, { key: job.objectKey, name, contentType, expiresSeconds });
  await recordAudit(catalog, {
    ...{ at: now(), teamId: job.teamId, actorId: click.userId, action: 'exported' as const },
    ...{ fileId: null, channelId: job.channelId },
    detail: { exportId: job.exportId, kind: job.kind, fetched: true, minutes },
  });
  return exportLink({ job, url, minutes });
}
