import { alertMessage } from '../blocks/alert.ts';
import { backfillProgress } from '../blocks/backfill-progress.ts';
import { expiryMessage, type RuleNews, rulesMessage } from '../blocks/channel.ts';
import { type AboutLeftOut, digestMessage, storedMessage, trashedMessage } from '../blocks/confirmation.ts';
import { joinedMessage } from '../blocks/joined.ts';
import type { Screen } from '../blocks/kit/elements.ts';
import { foundInYoursMessage } from '../blocks/scan.ts';
import { alertsById } from '../catalog/alerts/alerts.ts';
import type { Catalog } from '../catalog/db/open.ts';
import { fileById } from '../catalog/files/lookup.ts';
import type { DefaultRules } from '../catalog/governance/rule-model.ts';
import { rulesOf } from '../catalog/governance/rules.ts';
import type { Post } from '../catalog/notices/model.ts';
import { isOfFile } from '../catalog/notices/rows.ts';
import { backfillById, backfillFiles } from '../catalog/sweep/backfills.ts';

const LOOKED_UP = 50;

/** Where a post's screen gets what its notices do not say. */
export interface PostSource {
  catalog: Catalog;
  policy: DefaultRules;
}

/** Draws the message of a post as it should read now. */
export async function postScreen({ catalog, policy }: PostSource, post: Post): Promise<Screen> {
  if (post.kind === 'stored')
    return storedMessage({ post, about: await aboutLeftOut(catalog, policy, post) });
  if (post.kind === 'joined') return joinedMessage();
  if (post.kind === 'backfill') return backfillScreen(catalog, post);
  if (post.kind === 'rules') return rulesMessage({ news: ruleNews(post) });
  if (post.kind === 'expiry') {
    const expired = post.notices.filter(isOfFile).filter(({ kind }) => kind === 'expired');
    return expiryMessage({ files: new Set(expired.map(({ fileId }) => fileId)).size });
  }
  if (post.kind === 'scan') return foundInYoursMessage({ notices: post.notices.filter(isOfFile) });
  if (post.kind === 'digest')
    return digestMessage({ post, about: await aboutLeftOut(catalog, policy, post) });
  if (post.kind === 'trouble') {
    const ids = new Set(post.notices.flatMap((it) => ('alertId' in it ? it.alertId : [])));
    return alertMessage({ alerts: await alertsById(catalog, [...ids]) });
  }
  const ids = [...new Set(post.notices.filter(isOfFile).map(({ fileId }) => fileId))];
  const files = await Promise.all(ids.map((fileId) => fileById(catalog, { teamId: post.teamId, fileId })));
  const purgeAt = new Map(
    files.flatMap((file) => (file === undefined ? [] : [[file.fileId, file.purgeAt] as const])),
  );
  return trashedMessage({ post, purgeAt: (fileId) => purgeAt.get(fileId) ?? null });
}

/** Why files were not kept: where they live, who refuses them, how large a file the channel takes. */
async function aboutLeftOut(catalog: Catalog, policy: DefaultRules, post: Post): Promise<AboutLeftOut> {
  const { teamId, channelId } = post;
  const leftOut = post.notices.filter(isOfFile).filter(({ kind }) => kind === 'not_kept');
  if (leftOut.length === 0) return () => ({});
  const rules = await rulesOf(catalog, teamId, [channelId], policy);
  const maxFileBytes = rules.get(channelId)?.maxFileBytes ?? null;
  // Only links and refusals need more than their reason, and a message names few files.
  const unclear = leftOut.filter(({ reason }) => reason === 'external' || reason === 'access_denied');
  const files = await Promise.all(
    unclear.slice(0, LOOKED_UP).map(({ fileId }) => fileById(catalog, { teamId, fileId })),
  );
  const known = new Map(files.flatMap((file) => (file ? [[file.fileId, file] as const] : [])));
  return (fileId) => {
    const {
      externalUrl = null,
      filetype = null,
      mimetype = null,
      errorCode = null,
    } = known.get(fileId) ?? {};
    return { maxFileBytes, externalUrl, filetype, mimetype, errorCode };
  };
}

function ruleNews(post: Post): RuleNews[] {
  return post.notices.flatMap((notice) =>
    notice.kind === 'rules' ? { actorId: notice.actorId, changes: notice.changes } : [],
  );
}

async function backfillScreen(catalog: Catalog, post: Post): Promise<Screen> {
  const [notice] = post.notices;
  const id = notice?.kind === 'backfill' ? notice.backfillId : Number.NaN;
  const backfill = await backfillById(catalog, id);
  if (backfill === undefined) throw new Error(`There is no backfill ${id}`);
  return backfillProgress({ backfill, files: await backfillFiles(catalog, id), now: Date.now() });
}
