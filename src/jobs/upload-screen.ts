import { briefReason, failureSentence } from '../blocks/state.ts';
import { uploads as words } from '../blocks/text/wording-share.ts';
import { type UploadEnd, uploadMessage } from '../blocks/upload.ts';
import type { Catalog } from '../catalog/db/open.ts';
import { fileById } from '../catalog/files/lookup.ts';
import type { DefaultRules } from '../catalog/governance/rule-model.ts';
import { rulesOf } from '../catalog/governance/rules.ts';
import type { FileRow } from '../catalog/model.ts';
import type { Post } from '../catalog/notices/model.ts';
import { DAY_MS } from '../time.ts';

/** A file that the catalog does not know by then never comes: it is written down in the same moment as this. */
const LOST_AFTER_MS = 60_000;
const SOONEST_MS = 2_000;
const LATEST_MS = 10 * 60_000;

/** The message of an upload as it reads now. It is looked at again until all its files came to an end, or for a day. */
export async function uploadScreen(
  { catalog, policy, now }: { catalog: Catalog; policy: DefaultRules; now: number },
  post: Post,
) {
  const notice = post.notices.find(({ kind }) => kind === 'upload');
  if (notice?.kind !== 'upload') throw new Error(`Post ${post.id} tells of no upload`);
  const { files, channelId } = notice.upload;
  const age = now - notice.at;
  const place = channelId ?? '';
  const { maxFileBytes } = (await rulesOf(catalog, post.teamId, [place], policy)).get(place) ?? policy;
  const ends = await Promise.all(
    files.map(async ({ fileId, name }) => {
      const file = await fileById(catalog, { teamId: post.teamId, fileId });
      return file === undefined ? unknown(name, age) : endOf(file, maxFileBytes);
    }),
  );
  const isOver = ends.every(({ end }) => end !== null) || age > DAY_MS;
  const pause = Math.min(Math.max(SOONEST_MS, age), LATEST_MS);
  return { ...uploadMessage({ files: ends, channelId }), againAt: isOver ? undefined : now + pause };
}

function unknown(name: string | null, age: number): UploadEnd {
  const isLost = age > LOST_AFTER_MS;
  return { name, bytes: null, end: isLost ? 'not_saved' : null, why: isLost ? words.lost : null };
}

function endOf(file: FileRow, maxBytes: number): UploadEnd {
  const about = { name: file.name ?? file.title, bytes: file.storedBytes };
  if (file.state === 'skipped') return { ...about, end: 'not_saved', why: briefReason(file, maxBytes) };
  if (file.state === 'failed') return { ...about, end: null, why: failureSentence(file) };
  const isWaiting = file.state === 'pending' || file.state === 'storing';
  return { ...about, end: isWaiting ? null : 'saved', why: null };
}
