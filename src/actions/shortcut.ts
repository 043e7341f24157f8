import type { ModalView } from '@slack/types';
import type { Vault } from '../vault/context.ts';

/** One shortcut: its `callback_id` in the manifest, and the modal that it opens. */
export interface Shortcut {
  id: string;
  run(
    vault: Vault,
    asked: { userId: string; message?: { channelId: string; ts: string; threadTs?: string } },
  ): Promise<ModalView>;
}
