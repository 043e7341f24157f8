import type { ModalView } from '@slack/types';
import {
  deletedSeveralScreen,
  deleteSeveralView,
  readSeveral,
  SEVERAL,
  type Staying,
} from '../blocks/delete-several.ts';
import { nameOf } from '../blocks/file-line.ts';
import { screenModal } from '../blocks/screen-modal.ts';
import { several as words } from '../blocks/wording-govern.ts';
import { isHeld } from '../catalog/govern/holds.ts';
import type { FileRow } from '../catalog/model.ts';
import { UserError } from '../errors.ts';
import { requireFile } from '../vault/access.ts';
import type { Vault } from '../vault/context.ts';
import type { Action } from './click.ts';
import { moveToTrash, onHold } from './delete-file.ts';
import type { Submission } from './submission.ts';
import { tickedIn } from './values.ts';

/** A box was ticked: Slack tells of it, and wants it acknowledged. */
export const deletePick: Action = { id: 'delete_pick', async run() {} };

/** Asks before the ticked files go, naming them all, and those that will stay. */
export const deleteSeveral: Action = {
  id: 'delete_several',
  async run(vault, click) {
    const fileIds = [...new Set(tickedIn(click.values, 'delete_pick'))].slice(0, SEVERAL);
    if (fileIds.length === 0) throw new UserError('none_ticked', words.noneTicked);
    await click.open(() => question(vault, click.userId, click.channelId ?? '', fileIds));
  },
};

async function question(
  vault: Vault,
  userId: string,
  channelId: string,
  fileIds: string[],
): Promise<ModalView> {
  const files: FileRow[] = [];
  const staying: Staying[] = [];
  for (const fileId of fileIds) {
    try {
      const file = await requireFile(vault, userId, fileId, 'delete');
      if (file.state !== 'stored')
        staying.push({ name: nameOf(file), why: 'It is not in the vault right now.' });
      else if (await isHeld(vault.catalog, file))
        staying.push({ name: nameOf(file), why: (await onHold(vault, userId)).told });
      else files.push(file);
    } catch (error) {
      staying.push({ name: null, why: sentenceOf(error) });
    }
  }
  if (files.length === 0) throw new UserError('nothing_to_delete', words.nothing);
  return deleteSeveralView({ files, staying, channelId, trashDays: vault.policy.trashDays });
}

/** "Move to trash" in the modal that asked about several: each is judged anew, and the refused ones are told. */
export const deleteSeveralConfirm: Submission = {
  id: 'delete_several_confirm',
  async run(vault, { userId, metadata }) {
    const meant = readSeveral(metadata);
    if (meant === null)
      throw new UserError('outdated', 'This question is outdated. Type `/vault delete` again.');
    const moved: FileRow[] = [];
    const staying: Staying[] = [];
    let purgeAt: number | null = null;
    // One moment for all, so that one message tells of them.
    const now = vault.now();
    for (const fileId of meant.fileIds) {
      try {
        const done = await moveToTrash(vault, { userId, fileId, channelId: meant.channelId, now });
        moved.push(done.file);
        purgeAt = done.purgeAt;
      } catch (error) {
        staying.push({ name: null, why: sentenceOf(error) });
      }
    }
    return screenModal(deletedSeveralScreen({ moved, staying, purgeAt }));
  },
};

/** Of one file's refusal; whatever is no refusal ends the whole. */
function sentenceOf(error: unknown): string {
  if (error instanceof UserError) return error.told;
  throw error;
}
