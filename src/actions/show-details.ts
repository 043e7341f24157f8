import type { ModalView } from '@slack/types';
import { type DetailsInput, detailsView } from '../blocks/details.ts';
import { policiesFor } from '../capture/receive.ts';
import { auditOf } from '../catalog/audit.ts';
import { fileById, sharesOf } from '../catalog/capture.ts';
import type { AuditEntry, FileRow } from '../catalog/model.ts';
import { olderVersions } from '../catalog/versions.ts';
import { RENEW_NO_MS } from '../slack/people.ts';
import { messagePermalink } from '../slack/permalink.ts';
import { requireFileToKnow } from '../vault/access.ts';
import type { Vault } from '../vault/context.ts';
import type { Action, Click } from './click.ts';
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
  const { rights, catalog } = vault;
  const { file, oversight } = await requireFileToKnow(vault, userId, fileId);
  const mayAudit = await rights.mayAudit(userId);
  const [shares, visible, mayDelete, isAdmin, log, previewUrl, versions] = await Promise.all([
    sharesOf(catalog, file),
    rights.visibleChannelsOf(userId, file),
    rights.mayDelete(userId, file),
    rights.isAdmin(userId),
    auditOf(catalog, file, HISTORY, mayAudit ? [] : QUIET),
    oversight ? null : previewLink(vault, userId, file),
    file.olderVersions > 0 && !oversight ? olderVersions(catalog, file) : [],
  ]);
  const known = oversight ? new Set(shares.map((share) => share.channelId)) : new Set(visible);
  const maxBytes =
    file.reason === 'too_large' ? (await policiesFor(catalog, file, vault.policy)).maxFileBytes : null;
  return detailsView({
    file,
    oversight,
    shares: shares.filter((share) => known.has(share.channelId)),
    history: historyFor(log, { known, seesLinks: mayDelete || oversight }),
    mayDelete: mayDelete && !oversight,
    maxBytes,
    versions,
    mayKnowKey: isAdmin && !oversight,
    previewUrl,
    mail: await mailOf(vault, userId, file),
    permalink: (share) => messagePermalink(vault.identity.url, share),
    shareIn: channelId === null || oversight ? null : await shareIn(vault, userId, file, channelId, known),
  });
}

/** What only those learn of who may read the audit log: a hold, or a look at it, warns whom it is about. */
const QUIET: AuditEntry['action'][] = ['hold_set', 'hold_lifted', 'looked'];

/**
 * The history as this person may know it. Who took a copy is for those who govern the file (a preview is none), and no
 * channel is named to those who cannot see it.
 */
function historyFor(log: AuditEntry[], o: { known: ReadonlySet<string>; seesLinks: boolean }): AuditEntry[] {
  return log
    .filter(({ action, detail }) => action !== 'link' || (o.seesLinks && detail.preview !== true))
    .map((entry) =>
      entry.channelId === null || o.known.has(entry.channelId) ? entry : { ...entry, channelId: null },
    );
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
  const { people } = vault;
  const [theirs, ours] = await Promise.all([people.memberships(userId), people.botChannels()]);
  if (theirs.has(channelId) && ours.has(channelId)) return true;
  // Either may have come meanwhile.
  const [newly, nowOurs] = await Promise.all([
    people.memberships(userId, RENEW_NO_MS),
    people.botChannels(RENEW_NO_MS),
  ]);
  return newly.has(channelId) && nowOurs.has(channelId);
}
