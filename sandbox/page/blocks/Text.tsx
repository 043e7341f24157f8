import type { ReactNode } from 'react';
import type { Block } from '../../slack/page-api.ts';
import { withEmoji } from '../text/emoji.ts';
import { Mrkdwn } from '../text/Mrkdwn.tsx';

/** A text object: mrkdwn or plain. */
export function Text({ text }: { text: Block | undefined }): ReactNode {
  if (!text) return null;
  return text.type === 'mrkdwn' ? <Mrkdwn text={text.text} /> : <span className="plain">{plain(text)}</span>;
}

/** The text of a plain_text object; shortcodes become emoji unless it says no. */
export function plain(text: Block | undefined): string {
  if (!text) return '';
  return text.emoji === false ? text.text : withEmoji(text.text);
}
