import type { Post } from '../catalog/notices/model.ts';
import { claimDuePosts, type DuePost, nextPostDueAt } from '../catalog/notices/notices.ts';
import { confirm } from '../vault/confirm.ts';
import type { Job, JobContext } from './job.ts';
import { postScreen } from './post-screen.ts';

const POSTS_AT_ONCE = 8;

/** Tells channels what happened to their files, and tells admins what they must do. */
export function confirmJob({ vault, owner, due }: JobContext): Job<DuePost> {
  const { catalog, slack, policy, log, now } = vault;
  const { reaction } = policy;
  const render = (told: Post) => postScreen(vault, told);
  const turns = { last: '' };
  return {
    name: 'confirm',
    rows: 'post',
    urgency: 'confirmation',
    concurrency: POSTS_AT_ONCE,
    claim: (limit) => claimDuePosts(catalog, due(limit), turns),
    nextDueAt: () => nextPostDueAt(catalog),
    key: ({ id }) => String(id),
    work: (post) => confirm({ catalog, api: slack, owner, render, reaction, log, now }, post),
  };
}
