import type { ModalView } from '@slack/types';
import type { Vault } from '../vault.ts';

/** One modal that can be submitted: its `callback_id`, and the view that takes its place. */
export interface Submission {
  id: string;
  /** `metadata` is the view's private_metadata: never believed, only looked up. */
  run(vault: Vault, submitted: { userId: string; metadata: string }): Promise<ModalView>;
}
