import type { ModalView } from '@slack/types';
import type { Screen } from '../blocks/kit/elements.ts';
import type { Vault } from '../vault/context.ts';
import type { InputValues } from './submission.ts';

/** A click on a button or a menu, without Slack's shapes. */
export interface Click {
  userId: string;
  /** The channel of the message that was clicked on; null in a modal or in App Home. */
  channelId: string | null;
  /** What the button or the chosen option carries. Never believed, only looked up. */
  value: string;
  /** The id of the block that was clicked on. Never believed either. */
  blockId: string;
  /** What the fields and boxes around it hold. Never believed either. */
  values: InputValues;
  where: 'message' | 'modal' | 'home';
  /** Puts `screen` in the place of what was clicked on, where only the clicker sees that; else shows it beside. */
  replace(screen: Screen): Promise<void>;
  /** Shows something to this person alone, beside what was clicked on. */
  show(screen: Screen): Promise<void>;
  /**
   * Opens a modal at once, with a word to wait, and fills it with what `build` comes to: Slack lets a click open a
   * modal for three seconds only, which looking things up may take.
   */
  open(build: () => Promise<ModalView>): Promise<void>;
}

/** One button or menu: its `action_id` and what a click does. The click is already acknowledged. */
export interface Action {
  id: string;
  run(vault: Vault, click: Click): Promise<void>;
}
