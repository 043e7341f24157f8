import { notToldScreen } from '../blocks/share.ts';
import type { Post } from '../catalog/notices/model.ts';
import { claimDuePosts, type DuePost, nextPostDueAt } from '../catalog/notices/notices.ts';
import { errorCode } from '../errors.ts';
import { tellInPrivate } from '../slack/in-private.ts';
import { confirm } from '../vault/confirm.ts';
import { cardFacts } from '../vault/files/card.ts';
import type { Job, JobContext } from './job.ts';
import { postScreen } from './post-screen.ts';

const POSTS_AT_ONCE = 8;

/** Tells channels what happened to their files, and tells admins what they must do. */
export function confirmJob({ vault, owner, due }: JobContext): Job<DuePost> {
  const { catalog, slack, policy, log, now } = vault;
  const { reaction } = policy;
  const render = (told: Post) => postScreen(vault, told);
  // The click that shared it is over: whoever shared it reads in a direct message that nothing came of it.
  const refused = async (post: Post, isClosed: boolean) => {
    if (isClosed) vault.wake('journal', 'home');
    try {
      const { file, userId, isGift } = await cardFacts(vault, post);
      await tellInPrivate(slack, userId, notToldScreen({ file, isGift, channelId: post.channelId }));
    } catch (error) {
      log.warn(
        { code: errorCode(error), post: post.id },
        'somebody was not told that their share was refused',
      );
    }
  };
  const turns = { last: '' };
  return {
    name: 'confirm',
    rows: 'post',
    urgency: 'confirmation',
    concurrency: POSTS_AT_ONCE,
    claim: (limit) => claimDuePosts(catalog, due(limit), turns),
    nextDueAt: () => nextPostDueAt(catalog),
    key: ({ id }) => String(id),
    work: (post) => confirm({ catalog, api: slack, owner, render, reaction, log, now, refused }, post),
  };
}
