import { digestMessage, storedMessage, trashedMessage } from './blocks/confirmation.ts';
import type { Screen } from './blocks/elements.ts';
import { fileById } from './catalog/capture.ts';
import type { Post } from './catalog/model.ts';
import type { Catalog } from './catalog/open.ts';

/** Draws the message of a post as it should read now. */
export async function postScreen(catalog: Catalog, post: Post): Promise<Screen> {
  if (post.kind === 'stored') return storedMessage({ post });
  if (post.kind === 'digest') return digestMessage({ post });
  const ids = [...new Set(post.notices.map((notice) => notice.fileId))];
  const files = await Promise.all(ids.map((fileId) => fileById(catalog, { teamId: post.teamId, fileId })));
  const purgeAt = new Map(
    files.flatMap((file) => (file === undefined ? [] : [[file.fileId, file.purgeAt] as const])),
  );
  return trashedMessage({ post, purgeAt: (fileId) => purgeAt.get(fileId) ?? null });
}
