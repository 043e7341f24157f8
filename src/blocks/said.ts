import type { KnownBlock } from '@slack/types';
import { context } from './kit/elements.ts';
import { day, quietName } from './kit/mrkdwn.ts';
import { rows as words } from './text/wording-rows.ts';

/** Something that was said with a file. */
export interface SaidShown {
  text: string;
  of: 'message' | 'thread' | 'file';
  /** Their name; null for an app, or where nobody knows it. */
  author: string | null;
  at: number | null;
}

/** In letters. */
const LONGEST = 200;
const NAME = 40;

/** `“here is the budget you asked for”, Anna, 3 May`; empty for nothing. */
export function saidLine(said: SaidShown | undefined): string {
  if (said === undefined || said.text.trim() === '') return '';
  const { text, of, author, at } = said;
  const shown = quietName(text.replace(/\s+/g, ' ').trim(), LONGEST);
  const by = author === null ? '' : quietName(author, NAME);
  const line = words.said(shown, of, by, at === null ? '' : day(at));
  return of === 'thread' ? words.saidInThread(line) : line;
}

/** What was said with a file, in its Details. */
export function saidBlocks(said: readonly SaidShown[]): KnownBlock[] {
  const lines = said.map(saidLine).filter((line) => line !== '');
  return lines.length === 0 ? [] : [context(lines.join('\n'))];
}
