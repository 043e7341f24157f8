import { objectKeyView } from '../blocks/object-key.ts';
import { UserError } from '../errors.ts';
import { requireFile } from '../vault/access.ts';
import type { Action } from './click.ts';

/** Copy key: where the file lies in the bucket, for those who run the vault and may see the file. */
export const copyKey: Action = {
  id: 'copy_key',
  async run(vault, click) {
    await click.open(async () => {
      const file = await requireFile(vault, click.userId, click.value, 'see');
      if (!(await vault.rights.isAdmin(click.userId))) {
        throw new UserError('admins_only', 'Only admins may know where a file lies in the bucket.');
      }
      return objectKeyView({ file, bucket: vault.bucket.name });
    });
  },
};
