import type { Post } from '../catalog/notices/model.ts';

/** Marks our messages, so that one whose answer was lost can be found again. */
const TYPE = 'ria_vault_post';

/**
 * Slack refuses metadata that is too large (`metadata_too_large`), but documents no number; other people's apps keep it
 * under 8,000 characters. This is far below that.
 */
const MOST_IDS = 500;

interface Payload {
  post?: number;
  /** The ids of the notices that the message tells, while they are few. */
  notices?: string;
  /** Otherwise the first and the last of them, and how many they are. */
  first?: number;
  last?: number;
  count?: number;
}

export interface Metadata {
  event_type?: string;
  event_payload?: Payload;
}

/** What a message of this post carries. Of bounded size, however many notices there are. */
export function metadataOf(post: Post): Required<Metadata> {
  const ids = idsOf(post);
  const notices = ids.join(',');
  const told =
    notices.length <= MOST_IDS
      ? { notices }
      : { first: ids[0] as number, last: ids.at(-1) as number, count: ids.length };
  return { event_type: TYPE, event_payload: { post: post.id, ...told } };
}

/**
 * True for a message of this post. Ids start again in a new catalog, so the notices must match too: the lost message told
 * of the first of the post's.
 */
export function isOfPost(metadata: Metadata | undefined, post: Post): boolean {
  const payload = metadata?.event_payload;
  if (metadata?.event_type !== TYPE || payload === undefined || payload.post !== post.id) return false;
  const ids = idsOf(post);
  if (payload.count !== undefined) {
    const { first, last, count } = payload;
    return count > 0 && ids[0] === first && ids[count - 1] === last;
  }
  const ours = new Set(ids);
  return (payload.notices ?? '').split(',').every((id) => ours.has(Number(id)));
}

function idsOf(post: Post): number[] {
  return post.notices.map(({ id }) => id).sort((a, b) => a - b);
}
