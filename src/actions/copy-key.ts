import { objectKeyView } from '../blocks/object-key.ts';
import { objectPlace } from '../vault/files/object-place.ts';
import type { Action } from './click.ts';

/** Copy key: where the file is in the bucket. */
export const copyKey: Action = {
  id: 'copy_key',
  async run(vault, { userId, value, open }) {
    await open(async () => objectKeyView(await objectPlace(vault, { userId, fileId: value })));
  },
};
