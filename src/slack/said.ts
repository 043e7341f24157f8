import type { Said } from '../catalog/files/said-model.ts';
import type { SlackFile } from './file-shape.ts';
import { idOf, momentOrNull, objectsOf, textOf } from './shapes.ts';

/** The parts of a message that say something. They are the same in events, history and replies. */
export interface SayingMessage {
  ts?: string;
  user?: string;
  subtype?: string;
  text?: string;
  edited?: { ts?: string };
  /** Messages from before 2018 have one file, here. */
  file?: SlackFile;
  attachments?: unknown;
  blocks?: unknown;
}

/** Slack's own subtypes of messages that say nothing of a person's or an app's. */
const SAYS_NOTHING = new Set(['tombstone']);

/**
 * What a message says: its text, that of messages forwarded with files in it, and of an app's message without text that of its
 * blocks. As Slack wrote it; the catalog turns it into plain words. Null without a `ts`: it is no message.
 */
export function saidIn(message: SayingMessage): Said | null {
  const sent = momentOrNull(message.ts);
  if (sent === null) return null;
  // An edited message says when (docs.slack.dev/reference/events/message/message_changed).
  const at = Math.max(sent, momentOrNull(message.edited?.ts) ?? sent);
  return { author: idOf(message.user), text: textIn(message), at };
}

function textIn(message: SayingMessage): string {
  if (SAYS_NOTHING.has(message.subtype ?? '')) return '';
  // Before 2018, the text said only that somebody uploaded the file, and what they wrote was in the file object.
  if (message.file !== undefined) return textOf(message.file.initial_comment?.comment) ?? '';
  const forwarded = objectsOf<{ files?: unknown; text?: unknown }>(message.attachments)
    .filter(({ files }) => objectsOf(files).length > 0)
    .map(({ text }) => textOf(text));
  const own = textOf(message.text) ?? textOfBlocks(message.blocks);
  return [own, ...forwarded].filter((text) => text !== null).join('\n');
}

/** So many blocks has a message at most (docs.slack.dev/reference/block-kit). */
const MOST_BLOCKS = 50;

function textOfBlocks(blocks: unknown): string | null {
  const texts = objectsOf<{ type?: unknown; text?: unknown }>(blocks)
    .slice(0, MOST_BLOCKS)
    .filter(({ type }) => type === 'section' || type === 'header')
    .map(({ text }) => textOf((text as { text?: unknown } | undefined)?.text));
  const said = texts.filter((text) => text !== null);
  return said.length === 0 ? null : said.join('\n');
}
