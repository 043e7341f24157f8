import type { ModalView } from '@slack/types';
import type { Screen } from '../blocks/kit/elements.ts';
import type { Vault } from '../vault/context.ts';
import type { InputValues } from './submission.ts';

/** A click on a button or a menu, without Slack's shapes. */
export interface Click {
  userId: string;
  /** The channel of the message that was clicked on; null in a modal or in App Home. */
  channelId: string | null;
  /** The value of the button or the chosen option. Never trusted, only looked up. */
  value: string;
  /** The id of the block that was clicked on. Never trusted. */
  blockId: string;
  /** The values of the fields and boxes around it. Never trusted. */
  values: InputValues;
  where: 'message' | 'modal' | 'home';
  /** The id of the window that was clicked in; null elsewhere. */
  viewId: string | null;
  /** What that window carries (private_metadata). Never trusted. */
  metadata: string;
  /** Whether `replace` replaces: not in a message that others read, too. */
  mayReplace: boolean;
  /** Replaces what was clicked on by `screen`, if only the clicker sees it; otherwise shows `screen` beside it. */
  replace(screen: Screen): Promise<void>;
  /** Shows something to this person alone, beside what was clicked on. */
  show(screen: Screen): Promise<void>;
  /** Replaces the modal that was clicked in; elsewhere, opens one. */
  redraw(build: () => Promise<ModalView>): Promise<void>;
  /**
   * Opens a modal at once that says to wait, and fills it with the result of `build`. After a click, Slack allows a
   * modal only for three seconds, and `build` may need longer. `build` gets the modal's id.
   */
  open(build: (viewId: string) => Promise<ModalView>): Promise<void>;
}

/** One button or menu: its `action_id` and what a click does. The click is already acknowledged. */
export interface Action {
  id: string;
  run(vault: Vault, click: Click): Promise<void>;
}
