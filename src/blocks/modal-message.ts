import type { ModalView } from '@slack/types';
import { context, plain, section } from './kit/elements.ts';
import { limits } from './kit/limits.ts';
import { code as codeSpan } from './kit/mrkdwn.ts';
import { problemText } from './problem.ts';
import { buttons, problem, modalMessage as words } from './text/wording.ts';

export interface ModalMessageInput {
  kind: 'loading' | 'error' | 'done';
  /** One sentence; `loading` has its own. */
  message?: string;
  /** The short code of an error. */
  code?: string | null;
  /** A refusal shows no code. */
  isRefusal?: boolean;
}

/** A modal with one message: opened at once during a look-up, or shown as the last view. */
export function modalMessage({ kind, message, code, isRefusal = false }: ModalMessageInput): ModalView {
  const { title, icon, text } = words[kind];
  return {
    type: 'modal',
    title: plain(title, limits.viewTitle),
    close: plain(buttons.close, limits.viewButton),
    blocks: [
      section(`${icon} ${message === undefined ? text : problemText(message)}`),
      ...(code && !isRefusal ? [context(problem.code(codeSpan(code, 60)))] : []),
    ],
  };
}
