import { restoredScreen } from '../blocks/restored.ts';
import { restoreFile } from '../catalog/trash.ts';
import { UserError } from '../errors.ts';
import type { Action } from './click.ts';
import { fileFor } from './file-for.ts';

/** Undo: takes a file out of the trash again. Whoever might have deleted it may also restore it. */
export const undoDelete: Action = {
  id: 'undo_delete',
  async run(vault, click) {
    const file = await fileFor(vault, click.userId, click.value, 'delete');
    const outcome = await restoreFile(vault.catalog, { ref: file, actorId: click.userId, now: vault.now() });
    vault.poke();
    if (outcome === 'purged')
      throw new UserError('purged', 'This file has been removed from the bucket for good.');
    if (outcome === 'not_trashed')
      throw new UserError(
        'not_trashed',
        'This file is not in the trash; somebody may have restored it already.',
      );
    await click.replace(restoredScreen({ file }));
  },
};
