import { alertMessage } from '../blocks/alert.ts';
import { backfillOfAllProgress } from '../blocks/backfill-all.ts';
import { backfillProgress } from '../blocks/backfill-progress.ts';
import { expiryMessage, type RuleNews, rulesMessage } from '../blocks/channel-news.ts';
import {
  type AboutLeftOut,
  digestMessage,
  signMessage,
  storedMessage,
  trashedMessage,
} from '../blocks/confirmation.ts';
import { joinedMessage } from '../blocks/joined.ts';
import type { Screen } from '../blocks/kit/elements.ts';
import type { Names } from '../blocks/kit/mrkdwn.ts';
import { LEAVING_SHOWN, leavingMessage } from '../blocks/leaving.ts';
import { foundInYoursMessage } from '../blocks/scan.ts';
import { cardScreen } from '../blocks/share.ts';
import { alertsById } from '../catalog/alerts/alerts.ts';
import type { Catalog } from '../catalog/db/open.ts';
import { fileById } from '../catalog/files/lookup.ts';
import type { DefaultRules } from '../catalog/governance/rule-model.ts';
import { rulesOf } from '../catalog/governance/rules.ts';
import { explainsLess } from '../catalog/notices/explain.ts';
import type { Post } from '../catalog/notices/model.ts';
import { isOfFile } from '../catalog/notices/rows.ts';
import { partSums } from '../catalog/sweep/backfill-all.ts';
import { backfillById, backfillFiles } from '../catalog/sweep/backfills.ts';
import { namesOf } from '../slack/names.ts';
import type { Vault } from '../vault/context.ts';
import { cardFacts } from '../vault/files/card.ts';
import { ownLeaving } from '../vault/retention.ts';
import { uploadScreen } from './upload-screen.ts';

const LOOKED_UP = 50;

/** Where a post's screen gets what its notices do not say. */
export interface PostSource {
  catalog: Catalog;
  policy: Vault['policy'];
  identity: Vault['identity'];
  rights: Vault['rights'];
  people: Vault['people'];
  now(): number;
}

/** Draws the message of a post as it should read now; `againAt` is when it may read differently by itself. */
export async function postScreen(
  source: PostSource,
  post: Post,
): Promise<Screen & { againAt?: number | undefined }> {
  const { catalog, policy, people, now } = source;
  if (post.kind === 'card' || post.kind === 'gift') return cardScreen(await cardFacts(source, post));
  if (post.kind === 'leaving') return leavingScreen(source, post);
  if (post.kind === 'upload') return uploadScreen({ catalog, policy, now: now() }, post);
  if (post.kind === 'stored') return storedScreen(source, post);
  if (post.kind === 'sign') return signMessage({ sign: policy.reaction });
  if (post.kind === 'joined') return joinedScreen(source, post);
  if (post.kind === 'backfill') return backfillScreen(source, post);
  if (post.kind === 'rules') {
    const names = await actorsOf(people, post);
    return rulesMessage({ news: ruleNews(post), names, sign: policy.reaction });
  }
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
  return trashedMessage({ post, names: await actorsOf(people, post) });
}

/** The channel may have rules from before, and everywhere some types may be left out. */
async function joinedScreen(
  { catalog, policy }: PostSource,
  { teamId, channelId }: { teamId: string; channelId: string },
): Promise<Screen> {
  const rules = (await rulesOf(catalog, teamId, [channelId], policy)).get(channelId);
  if (rules?.capture === false) return joinedMessage({ saves: 'nothing' });
  const leavesOut = rules !== undefined && (rules.excludeTypes.size > 0 || rules.external === 'record');
  return joinedMessage({ saves: leavesOut ? 'some' : 'all' });
}

async function storedScreen({ catalog, policy }: PostSource, post: Post): Promise<Screen> {
  const isSaved = post.notices.some(({ kind }) => kind === 'stored');
  const explains = isSaved && (await explainsLess(catalog, post, policy.confirm)) ? policy.reaction : null;
  return storedMessage({ post, about: await aboutLeftOut(catalog, policy, post), explains });
}

/** The plain names of those who did what a post tells. */
function actorsOf(people: PostSource['people'], post: Post): Promise<Names> {
  return namesOf(
    people,
    post.notices.map(({ actorId }) => actorId),
  );
}

/** Counted anew: some may be kept, on hold or gone by now. */
async function leavingScreen(source: PostSource, post: Post): Promise<Screen> {
  const told = post.notices.flatMap((notice) => (notice.kind === 'leaving' ? [notice] : []));
  const byDay = [...new Map(told.map((notice) => [notice.day, notice])).values()].sort(
    (a, b) => a.day - b.day,
  );
  const days = await Promise.all(
    byDay.map(async ({ userId, day }) => {
      return { day, ...(await ownLeaving(source, { userId, day, limit: LEAVING_SHOWN })) };
    }),
  );
  return leavingMessage({ days, trashDays: source.policy.trashDays });
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

async function backfillScreen({ catalog, people, now }: PostSource, post: Post): Promise<Screen> {
  const [notice] = post.notices;
  const id = notice?.kind === 'backfill' ? notice.backfillId : Number.NaN;
  const backfill = await backfillById(catalog, id);
  if (backfill === undefined) throw new Error(`There is no backfill ${id}`);
  const { requestedBy, stoppedBy } = backfill;
  if (backfill.isOfAll) {
    const [sums, names] = await Promise.all([
      partSums(catalog, id),
      namesOf(people, [requestedBy, stoppedBy]),
    ]);
    return backfillOfAllProgress({ backfill, sums, names });
  }
  const [files, names] = await Promise.all([
    backfillFiles(catalog, id),
    namesOf(people, [requestedBy, stoppedBy]),
  ]);
  return backfillProgress({ backfill, files, names, now: now() });
}
