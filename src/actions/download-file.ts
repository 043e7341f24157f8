import { downloadScreen, downloadView } from '../blocks/download.ts';
import { SlackApiError } from '../slack/api-error.ts';
import type { Vault } from '../vault/context.ts';
import { makeLink } from '../vault/files/link.ts';
import type { Action, Click } from './click.ts';

/**
 * Download: a window with a link that works for a few minutes, for the asker alone. The link is made for this click, as
 * each is written down with who got it. So it takes two clicks, and no message.
 */
export const downloadFile: Action = {
  id: 'download_file',
  run: (vault, click) => giveLink(vault, click, click.value),
};

/** Shows a link to the newest version of a file, or to the one with this number. */
export async function giveLink(vault: Vault, click: Click, fileId: string, version?: number): Promise<void> {
  const { userId, channelId } = click;
  const link = () => makeLink(vault, { userId, channelId, fileId, version });
  try {
    await click.open(async () => downloadView(await link()));
  } catch (error) {
    // Slack opens a window only for three seconds after a click; a link that comes later is still wanted.
    if (!(error instanceof SlackApiError) || click.where !== 'message') throw error;
    await click.show(downloadScreen(await link()));
  }
}
