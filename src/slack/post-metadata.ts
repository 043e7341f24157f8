import type { Post } from '../catalog/notices/model.ts';

/** Marks our messages, so that a message can be found again when Slack's answer was lost. */
const TYPE = 'ria_vault_post';

/**
 * Slack refuses metadata that is too large (`metadata_too_large`) but documents no limit. Other people's apps keep it
 * under 8,000 characters. This is far below that.
 */
const MOST_IDS = 500;

interface Payload {
  post?: number;
  /** The ids of the notices in the message, if they are few. */
  notices?: string;
  /** Otherwise the first id, the last id and their number. */
  first?: number;
  last?: number;
  count?: number;
}

export interface Metadata {
  event_type?: string;
  event_payload?: Payload;
}

/** The metadata of a message of this post. Its size is limited, with any number of notices. */
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
 * True for a message of this post. In a new catalog, ids start again, so the notices must match too. The lost message
 * may have had only the first of the post's notices.
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
