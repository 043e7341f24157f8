import type { ModalView } from '@slack/types';
import { BOT_NAME } from '../text/handles.ts';
import { plain, type Screen } from './kit/elements.ts';
import { limits } from './kit/limits.ts';
import { buttons } from './text/wording.ts';
import { find } from './text/wording-find.ts';

/**
 * A screen as a modal, for places where no message can be shown: App Home and other modals. If words can be typed into
 * it, it has a button to submit them: Slack demands one for every input.
 */
export function screenModal({ blocks }: Screen): ModalView {
  const typed = blocks.some(({ type }) => type === 'input');
  return {
    type: 'modal',
    title: plain(BOT_NAME, limits.viewTitle),
    close: plain(buttons.close, limits.viewButton),
    ...(typed ? { callback_id: 'find_words', submit: plain(find.search, limits.viewButton) } : {}),
    blocks,
  };
}
