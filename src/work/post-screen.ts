import { backfillProgress } from '../blocks/backfill-progress.ts';
import { expiryMessage, type RuleNews, rulesMessage } from '../blocks/channel.ts';
import { digestMessage, storedMessage, trashedMessage } from '../blocks/confirmation.ts';
import type { Screen } from '../blocks/elements.ts';
import { joinedMessage } from '../blocks/joined.ts';
import { troubleMessage } from '../blocks/trouble.ts';
import { fileById } from '../catalog/capture.ts';
import type { Post } from '../catalog/model.ts';
import type { Catalog } from '../catalog/open.ts';
import { backfillById, backfillFiles } from '../catalog/sweep/backfills.ts';
import { troublesById } from '../catalog/watch/troubles.ts';

/** Draws the message of a post as it should read now. */
export async function postScreen(catalog: Catalog, post: Post): Promise<Screen> {
  if (post.kind === 'stored') return storedMessage({ post });
  if (post.kind === 'joined') return joinedMessage();
  if (post.kind === 'backfill') return backfillScreen(catalog, post);
  if (post.kind === 'rules') return rulesMessage({ news: ruleNews(post) });
  if (post.kind === 'expiry') {
    const files = new Set(post.notices.filter(({ kind }) => kind === 'expired').map(({ fileId }) => fileId));
    return expiryMessage({ files: files.size });
  }
  if (post.kind === 'digest') return digestMessage({ post });
  if (post.kind === 'trouble') {
    const ids = new Set(post.notices.map((notice) => Number(notice.fileId)));
    return troubleMessage({ troubles: await troublesById(catalog, [...ids]) });
  }
  const ids = [...new Set(post.notices.map((notice) => notice.fileId))];
  const files = await Promise.all(ids.map((fileId) => fileById(catalog, { teamId: post.teamId, fileId })));
  const purgeAt = new Map(
    files.flatMap((file) => (file === undefined ? [] : [[file.fileId, file.purgeAt] as const])),
  );
  return trashedMessage({ post, purgeAt: (fileId) => purgeAt.get(fileId) ?? null });
}

/** A notice of changed rules has what changed, as JSON, for its name. */
function ruleNews(post: Post): RuleNews[] {
  return post.notices.map(({ actorId, name }) => ({ actorId, changes: JSON.parse(name ?? '{}') }));
}

async function backfillScreen(catalog: Catalog, post: Post): Promise<Screen> {
  const id = Number(post.notices[0]?.fileId);
  const backfill = await backfillById(catalog, id);
  if (backfill === undefined) throw new Error(`There is no backfill ${id}`);
  return backfillProgress({ backfill, files: await backfillFiles(catalog, id), now: Date.now() });
}
