import type { ModalView } from '@slack/types';
import { detailsView } from '../blocks/details.ts';
import { auditOf } from '../catalog/audit.ts';
import { sharesOf } from '../catalog/capture.ts';
import type { Vault } from '../vault.ts';
import type { Click } from './click.ts';
import { fileFor } from './file-for.ts';

const HISTORY = 20;

/** Details: everything known of a file, as far as this person may know it. */
export async function showDetails(vault: Vault, click: Click, fileId: string): Promise<void> {
  await click.open(() => details(vault, click.userId, fileId));
}

async function details(vault: Vault, userId: string, fileId: string): Promise<ModalView> {
  const file = await fileFor(vault, userId, fileId, 'see');
  const [shares, visible, mayDelete, history] = await Promise.all([
    sharesOf(vault.catalog, file),
    vault.rights.visibleChannelsOf(userId, file),
    vault.rights.mayDelete(userId, file),
    auditOf(vault.catalog, file, HISTORY),
  ]);
  const known = new Set(visible);
  return detailsView({
    file,
    shares: shares.filter((share) => known.has(share.channelId)),
    // Who took a copy is for those who govern the file, and no channel is named to those who cannot see it.
    history: history
      .filter((entry) => mayDelete || entry.action !== 'link')
      .map((entry) =>
        entry.channelId === null || known.has(entry.channelId) ? entry : { ...entry, channelId: null },
      ),
    mayDelete,
  });
}
