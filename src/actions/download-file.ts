import { downloadScreen, downloadView } from '../blocks/download.ts';
import type { Vault } from '../vault/context.ts';
import { makeLink } from '../vault/files/link.ts';
import type { Action, Click } from './click.ts';

/** Download: a presigned link that works for a few minutes; only the asker sees it. */
export const downloadFile: Action = {
  id: 'download_file',
  run: (vault, click) => giveLink(vault, click, click.value),
};

/** Shows a link to the newest version of a file, or to the one with this number. */
export async function giveLink(vault: Vault, click: Click, fileId: string, version?: number): Promise<void> {
  const { userId, channelId } = click;
  const link = () => makeLink(vault, { userId, channelId, fileId, version });
  if (click.where === 'message') await click.show(downloadScreen(await link()));
  else await click.open(async () => downloadView(await link()));
}
