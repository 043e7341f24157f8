import { restoredScreen } from '../blocks/restored.ts';
import type { FileRow } from '../catalog/model.ts';
import { restoreFile } from '../catalog/trash.ts';
import { UserError } from '../errors.ts';
import { requireFile } from '../vault/access.ts';
import type { Vault } from '../vault/context.ts';
import type { Action } from './click.ts';

/** Undo: takes a file out of the trash again. Whoever might have deleted it may also restore it. */
export const undoDelete: Action = {
  id: 'undo_delete',
  async run(vault, click) {
    await click.replace(restoredScreen({ file: await restore(vault, click.userId, click.value) }));
  },
};

/** Takes a file out of the trash for this person, and lets its channel know. Throws `UserError`. */
export async function restore(vault: Vault, userId: string, fileId: string): Promise<FileRow> {
  const file = await requireFile(vault, userId, fileId, 'delete');
  const outcome = await restoreFile(vault.catalog, { ref: file, actorId: userId, now: vault.now() });
  vault.wake();
  if (outcome === 'purged')
    throw new UserError('purged', 'This file has been removed from the bucket for good.');
  if (outcome === 'not_trashed')
    throw new UserError(
      'not_trashed',
      'This file is not in the trash; somebody may have restored it already.',
    );
  return file;
}
