import type { ModalView } from '@slack/types';
import type { Vault } from '../vault.ts';

/** What was put into a modal, by block and action id, in Slack's shapes: `{ value }`, `{ files }`, … */
export type InputValues = Record<string, Record<string, Record<string, unknown>>>;

/** One modal that can be submitted: its `callback_id`, and the view that takes its place. */
export interface Submission {
  id: string;
  /** `metadata` is the view's private_metadata. Like `values` it is never believed, only looked up. */
  run(vault: Vault, submitted: { userId: string; metadata: string; values: InputValues }): Promise<ModalView>;
}
