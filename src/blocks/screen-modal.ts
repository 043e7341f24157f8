import type { ModalView } from '@slack/types';
import { plain, type Screen } from './elements.ts';
import { limits } from './limits.ts';
import { BOT_NAME, buttons } from './wording.ts';

/** A screen as a modal, for places where no message can be shown: App Home and other modals. */
export function screenModal({ blocks }: Screen): ModalView {
  return {
    type: 'modal',
    title: plain(BOT_NAME, limits.viewTitle),
    close: plain(buttons.close, limits.viewButton),
    blocks,
  };
}
