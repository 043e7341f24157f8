import type { Screen } from '../blocks/elements.ts';
import { nameOf } from '../blocks/file-line.ts';
import { decodePlace } from '../blocks/place.ts';
import { restoredScreen } from '../blocks/restored.ts';
import { screenModal } from '../blocks/screen-modal.ts';
import { staleScreen } from '../blocks/stale.ts';
import {
  isPurgeWord,
  mayBePurgeWord,
  purgeConfirmView,
  purgeOrderedScreen,
  readPurge,
  TRASH_PAGE,
  trashScreen,
} from '../blocks/trash.ts';
import { purge as words } from '../blocks/wording-govern.ts';
import { type TrashedFile, type TrashPlace, trashedFile, trashOf } from '../catalog/govern/trash-list.ts';
import { purgeNow } from '../catalog/trash.ts';
import { UserError } from '../errors.ts';
import { COMMAND } from '../text/handles.ts';
import { requireAdmin, requireChannel, requireFile } from '../vault/access.ts';
import type { Vault } from '../vault/context.ts';
import type { Action, Click } from './click.ts';
import { onHold } from './delete-file.ts';
import type { Submission } from './submission.ts';
import { restore } from './undo-delete.ts';
import { fieldOf, isTicked } from './values.ts';

/** One page of a channel's trash. Whether the person may see the channel is the caller's to know. */
export async function trashPage(
  vault: Vault,
  asked: { userId: string; channelId: string; after: TrashPlace | null },
): Promise<Screen> {
  const { catalog, identity, rights } = vault;
  const { userId, channelId, after } = asked;
  const [isAdmin, mayRestore, maySeeHolds, page] = await Promise.all([
    rights.isAdmin(userId),
    rights.deletes(userId),
    rights.mayAudit(userId),
    trashOf(catalog, { teamId: identity.teamId, channelId, after, limit: TRASH_PAGE }),
  ]);
  return trashScreen({
    ...{ channelId, hasMore: page.hasMore, paged: after !== null, isAdmin },
    // A hold tips nobody off: for others, the file waits for its day like any.
    files: maySeeHolds ? page.files : page.files.map((file) => ({ ...file, isHeld: false })),
    mayRestore,
  });
}

async function turn(vault: Vault, click: Click, channelId: string, after: TrashPlace | null): Promise<void> {
  await requireChannel(vault, click.userId, channelId);
  await click.replace(await trashPage(vault, { userId: click.userId, channelId, after }));
}

const stale = (click: Click) => click.replace(staleScreen({ command: `${COMMAND} trash` }));

export const trashNewest: Action = {
  id: 'trash_newest',
  async run(vault, click) {
    const place = decodePlace(click.value, 's');
    if (place === null) return stale(click);
    await turn(vault, click, String(place[0]), null);
  },
};

export const trashOlder: Action = {
  id: 'trash_older',
  async run(vault, click) {
    const place = decodePlace(click.value, 'sns');
    if (place === null) return stale(click);
    const after = { trashedAt: Number(place[1]), fileId: String(place[2]) };
    await turn(vault, click, String(place[0]), after);
  },
};

async function takeBack(vault: Vault, click: Click, fileId: string): Promise<void> {
  const file = await restore(vault, click.userId, fileId);
  await click.show(restoredScreen({ file }));
}

/** Restore, for who may delete but is no admin. */
export const trashRestore: Action = {
  id: 'trash_restore',
  run: (vault, click) => takeBack(vault, click, click.value),
};

/** The menu of admins: Restore, and Delete for good, which asks first. */
export const trashMenu: Action = {
  id: 'trash_menu',
  async run(vault, click) {
    const [, choice, fileId = ''] = /^(restore|purge):(\S+)$/.exec(click.value) ?? [];
    if (fileId === '') return stale(click);
    if (choice === 'restore') return takeBack(vault, click, fileId);
    await click.open(async () => purgeConfirmView(await purgeable(vault, click.userId, fileId)));
  },
};

/** "Delete for good" with its typed confirmation. */
export const purgeConfirm: Submission = {
  id: 'purge_confirm',
  check({ metadata, values }) {
    const meant = readPurge(metadata);
    const said = fieldOf(values, 'typed');
    return meant === null || mayBePurgeWord(said, meant.name) ? null : { typed: words.mismatch };
  },
  async run(vault, { userId, metadata, values }) {
    const meant = readPurge(metadata);
    if (meant === null)
      throw new UserError('outdated', 'This question is outdated. Type `/vault trash` again.');
    const file = await purgeable(vault, userId, meant.fileId);
    // The name in the metadata proves nothing; what was typed must fit the file itself.
    if (!isPurgeWord(fieldOf(values, 'typed'), nameOf(file) ?? ''))
      throw new UserError('not_confirmed', words.mismatch);
    const ref = { teamId: file.teamId, fileId: file.fileId };
    const forget = isTicked(values, 'forget');
    const outcome = await purgeNow(vault.catalog, { ref, actorId: userId, now: vault.now(), forget });
    vault.wake();
    if (outcome === 'held') throw await onHold(vault, userId);
    if (outcome === 'not_trashed') throw notInTrash();
    return screenModal(purgeOrderedScreen(file));
  },
};

/** The file in the trash, if this person may remove it for good now. Throws `UserError`. */
async function purgeable(vault: Vault, userId: string, fileId: string): Promise<TrashedFile> {
  await requireAdmin(vault, userId);
  const { teamId } = await requireFile(vault, userId, fileId, 'delete');
  const file = await trashedFile(vault.catalog, { teamId, fileId });
  if (file === undefined) throw notInTrash();
  if (file.isHeld) throw await onHold(vault, userId);
  return file;
}

function notInTrash(): UserError {
  return new UserError(
    'not_trashed',
    'This file is not in the trash; somebody may have restored it already.',
  );
}
