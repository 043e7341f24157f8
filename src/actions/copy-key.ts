import { objectKeyView } from '../blocks/object-key.ts';
import { objectAddress } from '../vault/files/object-address.ts';
import type { Action } from './click.ts';

/** Copy key: where the file is in the bucket. */
export const copyKey: Action = {
  id: 'copy_key',
  async run(vault, { userId, value, open }) {
    await open(async () => objectKeyView(await objectAddress(vault, { userId, fileId: value })));
  },
};
