import type { SkipReason } from '../catalog/model.ts';

/** Why files are not kept: every reason that there is. */
export const NOT_KEPT_REASONS = Object.keys({
  external: 1,
  hidden_by_limit: 1,
  tombstone: 1,
  deleted_in_slack: 1,
  access_denied: 1,
  too_large: 1,
  excluded_type: 1,
  other_org: 1,
  capture_off: 1,
  not_found: 1,
  not_in_channel: 1,
  no_content: 1,
} satisfies Record<SkipReason, 1>) as SkipReason[];

/**
 * The codes of failures that have a series of their own. Slack and stores have hundreds more, and may invent others:
 * they are all `other`. `retried`: a person asked for another try, which has not come yet.
 */
export const FAILURE_CODES = [
  ...['bucket_missing', 'bucket_forbidden', 'bucket_credentials', 'bucket_unreachable', 'bucket_stalled'],
  ...['bucket_busy', 'bucket_race', 'bucket_clock', 'bucket_full', 'bucket_refused', 'bucket_kms'],
  ...[
    'bucket_proxy',
    'bucket_untrusted',
    'bucket_failed',
    'bucket_away',
    'object_conflict',
    'object_damaged',
  ],
  ...['login_page', 'unauthorized', 'forbidden', 'not_found', 'gone', 'rate_limited', 'slack_failed'],
  ...['wrong_length', 'short_body', 'long_body', 'stalled', 'broken_off', 'unreachable', 'way_blocked'],
  ...['unexpected_answer', 'not_shown_yet', 'not_given_yet', 'ratelimited', 'invalid_auth', 'token_revoked'],
  ...['account_inactive', 'missing_scope', 'internal_error', 'retried', 'other'],
] as const;

const KNOWN: ReadonlySet<string> = new Set(FAILURE_CODES);

/** The label for a failure's code; null is the code of a file that a person had tried again. */
export function failureLabel(code: string | null): string {
  if (code === null) return 'retried';
  return KNOWN.has(code) ? code : 'other';
}
