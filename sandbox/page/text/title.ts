import type { PageFile } from '../../slack/page-api.ts';
import { withEmoji } from './emoji.ts';
import { unescapeText } from './mrkdwn.ts';

/** Kinds whose titles Slack sends escaped and with shortcodes: people write them in Slack, not on a disk. */
const WRITTEN = new Set(['canvas', 'docs', 'quip', 'post', 'space', 'list', 'huddle_transcript', 'email']);

/** Whether this is one of the documents that people write in Slack itself. */
export function isCanvas(mode: string): boolean {
  return ['canvas', 'docs', 'quip'].includes(mode);
}

/** The name that people see for a file. */
export function titleOf(file: Pick<PageFile, 'name' | 'title' | 'mode'>): string {
  const raw = file.title || file.name || 'Untitled';
  return WRITTEN.has(file.mode) ? withEmoji(unescapeText(raw)) : raw;
}
