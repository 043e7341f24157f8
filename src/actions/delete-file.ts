import { deletedScreen } from '../blocks/deleted.ts';
import { access as words } from '../blocks/wording-govern.ts';
import { channelsOfFile } from '../catalog/capture.ts';
import type { FileRow } from '../catalog/model.ts';
import { trashFile } from '../catalog/trash.ts';
import { UserError } from '../errors.ts';
import { requireFile } from '../vault/access.ts';
import type { Vault } from '../vault/context.ts';
import type { Action } from './click.ts';

const DAY_MS = 86_400_000;

/** The Delete button of the chooser, after its dialog was answered. */
export const deleteFile: Action = {
  id: 'delete_file',
  async run(vault, click) {
    const { file, purgeAt } = await moveToTrash(vault, {
      userId: click.userId,
      fileId: click.value,
      channelId: click.channelId,
    });
    await click.replace(deletedScreen({ file, purgeAt }));
  },
};

/**
 * Moves a file to the trash if this person may do so now, and lets all channels know that it is open to. `channelId` is
 * where it was asked for; a channel where the file was never shared, or was taken back, is not told of it. Throws `UserError`.
 */
export async function moveToTrash(
  vault: Vault,
  asked: { userId: string; fileId: string; channelId: string | null; now?: number },
): Promise<{ file: FileRow; purgeAt: number }> {
  const file = await requireFile(vault, asked.userId, asked.fileId, 'delete');
  const now = asked.now ?? vault.now();
  const purgeAt = now + vault.policy.trashDays * DAY_MS;
  const places = await channelsOfFile(vault.catalog, file);
  const channelId = places.find((id) => id === asked.channelId) ?? file.channelId;
  const outcome = await trashFile(vault.catalog, {
    ref: file,
    actorId: asked.userId,
    channelId,
    tellIn: places,
    purgeAt,
    now,
  });
  vault.wake();
  if (outcome === 'held') throw await onHold(vault, asked.userId);
  if (outcome === 'already_trashed')
    throw new UserError('already_trashed', 'This file is in the trash already.');
  if (outcome === 'not_stored')
    throw new UserError(
      'not_stored',
      'This file is not in the vault right now, so there is nothing to delete.',
    );
  return { file, purgeAt };
}

/**
 * The refusal of what is on hold. That there is a hold is for admins and auditors to know; everybody else, and the log,
 * is told that it cannot be done now.
 */
export async function onHold({ rights }: Vault, userId: string): Promise<UserError> {
  const told = (await rights.mayAudit(userId)) ? words.onHold : words.notNow;
  return new UserError('not_deletable', words.notNow, { told });
}
