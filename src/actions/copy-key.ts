import { objectKeyView } from '../blocks/object-key.ts';
import type { Vault } from '../vault/context.ts';
import { objectAddress } from '../vault/files/object-address.ts';
import type { Action, Click } from './click.ts';

/** Copy key: where the file is in the bucket. */
export const copyKey: Action = {
  id: 'copy_key',
  run: (vault, click) => showKey(vault, click, click.value),
};

/** The same from a file's menu. */
export async function showKey(vault: Vault, { userId, open }: Click, fileId: string): Promise<void> {
  await open(async () => objectKeyView(await objectAddress(vault, { userId, fileId })));
}
