import type { SlackFile } from './file-shape.ts';
import { idOf, objectsOf } from './shapes.ts';

/** Blocks can hold blocks: a list in a rich text in a forwarded message. Nobody nests them deeper than this. */
const MAX_DEPTH = 12;

/**
 * The files of pictures that an app shows in its blocks: `image` blocks and elements with a `slack_file`. No `files`
 * list names them. They are stubs: `files.info` has the rest.
 * Source: docs.slack.dev/reference/block-kit/composition-objects/slack-file-object.
 */
function picturesIn(blocks: unknown): SlackFile[] {
  const ids = new Set<string>();
  collect(blocks, ids, 0);
  return [...ids].map((id) => ({ id }));
}

function collect(value: unknown, ids: Set<string>, depth: number): void {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return;
  if (!Array.isArray(value)) {
    const { type, slack_file } = value as { type?: unknown; slack_file?: unknown };
    const id = type === 'image' ? idOfPicture(slack_file) : null;
    if (id !== null) ids.add(id);
  }
  for (const part of Object.values(value)) collect(part, ids, depth + 1);
}

function idOfPicture(picture: unknown): string | null {
  if (typeof picture !== 'object' || picture === null) return null;
  const { id, url } = picture as { id?: unknown; url?: unknown };
  return fileIdOf(idOf(id)) ?? idInAddress(url);
}

/**
 * All three addresses of a file contain its id: `…/files-pri/T012-F034/a.png`, the permalink `…/files/U012/F034/a.png`
 * and the public one, `https://slack-files.com/T012-F034-0f5c6bb30c`.
 */
function idInAddress(url: unknown): string | null {
  if (typeof url !== 'string' || !URL.canParse(url)) return null;
  const { hostname, pathname } = new URL(url);
  const [, shown] = /^\/files\/[A-Z0-9]+\/(F[A-Z0-9]+)(?:\/|$)/.exec(pathname) ?? [];
  const path = hostname === 'slack-files.com' ? `/files-pri${pathname}` : pathname;
  const [, own] = /^\/files-(?:pri|tmb)\/[A-Z0-9]+-(F[A-Z0-9]+)(?:[-/]|$)/.exec(path) ?? [];
  return fileIdOf(own ?? shown ?? null);
}

function fileIdOf(id: string | null): string | null {
  return id !== null && /^F[A-Z0-9]{1,30}$/.test(id) ? id : null;
}

/** Pictures in the blocks of a message, of its attachments, and of messages forwarded in it. */
export function picturesOfMessage(message: { blocks?: unknown; attachments?: unknown }): SlackFile[] {
  const attachments = objectsOf<{ blocks?: unknown; message_blocks?: unknown }>(message.attachments);
  return picturesIn([
    message.blocks,
    attachments.map(({ blocks, message_blocks }) => [blocks, message_blocks]),
  ]);
}
