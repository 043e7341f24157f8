import type { ModalView } from '@slack/types';
import type { Vault } from '../vault/context.ts';

/** The values of a modal, by block and action id, in Slack's shapes: `{ value }`, `{ files }`, … */
export type InputValues = Record<string, Record<string, Record<string, unknown>>>;

/** One modal that can be submitted: its `callback_id`, and the view that replaces it. */
export interface Submission {
  id: string;
  /** What is wrong with the fields, by block: the modal stays and shows it. A quick check that proves nothing. */
  check?(submitted: Submitted): Record<string, string> | null;
  run(vault: Vault, submitted: Submitted): Promise<ModalView>;
}

export interface Submitted {
  userId: string;
  /** The id of the view. */
  viewId: string;
  /** The view's private_metadata. Like `values`, it is never trusted, only looked up. */
  metadata: string;
  values: InputValues;
}
