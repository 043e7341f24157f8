import type { ModalView } from '@slack/types';
import { type DetailsInput, detailsView } from '../blocks/details.ts';
import { auditOf } from '../catalog/audit.ts';
import { fileById, sharesOf } from '../catalog/capture.ts';
import type { FileRow } from '../catalog/model.ts';
import { olderVersions } from '../catalog/versions.ts';
import { messagePermalink } from '../slack/permalink.ts';
import type { Vault } from '../vault.ts';
import type { Action, Click } from './click.ts';
import { fileFor } from './file-for.ts';
import { previewLink } from './link.ts';

const HISTORY = 20;

/** The Details button of a card. */
export const detailsOf: Action = {
  id: 'show_details',
  run: (vault, click) => showDetails(vault, click, click.value),
};

/** Details: everything known of a file, as far as this person may know it. */
export async function showDetails(vault: Vault, click: Click, fileId: string): Promise<void> {
  await click.open(() => details(vault, click, fileId));
}

async function details(vault: Vault, click: Click, fileId: string): Promise<ModalView> {
  const { userId, channelId } = click;
  const file = await fileFor(vault, userId, fileId, 'see');
  const [shares, visible, mayDelete, mayKnowKey, history, previewUrl, versions] = await Promise.all([
    sharesOf(vault.catalog, file),
    vault.rights.visibleChannelsOf(userId, file),
    vault.rights.mayDelete(userId, file),
    vault.rights.isAdmin(userId),
    auditOf(vault.catalog, file, HISTORY),
    previewLink(vault, userId, file),
    file.olderVersions > 0 ? olderVersions(vault.catalog, file) : [],
  ]);
  const known = new Set(visible);
  return detailsView({
    file,
    shares: shares.filter((share) => known.has(share.channelId)),
    // Who took a copy is for those who govern the file (a preview is none), and no channel is named to those who
    // cannot see it.
    history: history
      .filter((entry) => entry.action !== 'link' || (mayDelete && entry.detail.preview !== true))
      .map((entry) =>
        entry.channelId === null || known.has(entry.channelId) ? entry : { ...entry, channelId: null },
      ),
    mayDelete,
    versions,
    mayKnowKey,
    previewUrl,
    mail: await mailOf(vault, userId, file),
    permalink: (share) => messagePermalink(vault.identity.url, share),
    shareIn: channelId === null ? null : await shareIn(vault, userId, file, channelId, known),
  });
}

/** The e-mail that a file was attached to, for those who may see it. */
async function mailOf(vault: Vault, userId: string, file: FileRow): Promise<FileRow | null> {
  if (file.parentId === null) return null;
  const mail = await fileById(vault.catalog, { teamId: file.teamId, fileId: file.parentId });
  return mail !== undefined && (await vault.rights.maySeeFile(userId, mail)) ? mail : null;
}

/** Whether this person may post a card of the file here: where they and the bot are members. */
async function shareIn(
  vault: Vault,
  userId: string,
  file: FileRow,
  channelId: string,
  visible: ReadonlySet<string>,
): Promise<DetailsInput['shareIn']> {
  if (!(await mayPostIn(vault, userId, channelId))) return null;
  return { channelId, discloses: !visible.has(channelId) && file.uploaderId !== userId };
}

/** Whether both this person and the bot are members of a channel now. */
export async function mayPostIn(vault: Vault, userId: string, channelId: string): Promise<boolean> {
  const [theirs, ours] = await Promise.all([vault.people.memberships(userId), vault.people.botChannels()]);
  return theirs.has(channelId) && ours.has(channelId);
}
