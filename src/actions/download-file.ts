import { downloadScreen, downloadView } from '../blocks/download.ts';
import { recordAudit } from '../catalog/audit.ts';
import { UserError } from '../errors.ts';
import { presignDownload } from '../storage/presign.ts';
import type { Vault } from '../vault.ts';
import type { Action, Click } from './click.ts';
import { fileFor } from './file-for.ts';

/** Download: a presigned link, for a few minutes and for the asker's eyes only. */
export const downloadFile: Action = {
  id: 'download_file',
  run: (vault, click) => giveLink(vault, click, click.value),
};

export async function giveLink(vault: Vault, click: Click, fileId: string): Promise<void> {
  if (click.where === 'message') await click.show(downloadScreen(await makeLink(vault, click, fileId)));
  else await click.open(async () => downloadView(await makeLink(vault, click, fileId)));
}

/** Makes the link, and writes down who has it before they do. */
async function makeLink(vault: Vault, click: Click, fileId: string) {
  const file = await fileFor(vault, click.userId, fileId, 'see');
  if (file.state !== 'stored' || file.objectKey === null) {
    throw new UserError(
      'not_stored',
      'This file is not in the vault right now, so there is nothing to download.',
    );
  }
  const minutes = vault.policy.linkMinutes;
  const url = await presignDownload(vault.bucket, {
    key: file.objectKey,
    versionId: file.versionId,
    name: file.name ?? file.title ?? file.fileId,
    contentType: file.mimetype,
    expiresSeconds: minutes * 60,
  });
  await recordAudit(vault.catalog, {
    at: vault.now(),
    teamId: file.teamId,
    actorId: click.userId,
    action: 'link',
    fileId: file.fileId,
    channelId: click.channelId,
    detail: { minutes },
  });
  return { file, url, minutes };
}
