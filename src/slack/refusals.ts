import { HOUR_CEILING_MS, waitAfter } from '../capture/back-off.ts';

import { DAY_MS } from '../time.ts';
import { SlackApiError } from './api.ts';

/** What Slack's refusal means for the same call at a later time. */
export type Refusal =
  | 'final' // it can never succeed
  | 'passing' // it will succeed: Slack is busy or cannot be reached
  | 'unknown'; // not known: it is tried less and less often, and given up after a day

/**
 * The channel, the workspace or its rules allow no such call, with any content. Sources:
 * docs.slack.dev/reference/methods/chat.postMessage, …/chat.update and …/reactions.add, tables "Errors".
 */
const NOWHERE = [
  ...['channel_not_found', 'not_in_channel', 'is_archived', 'is_inactive', 'team_not_found'],
  ...['ekm_access_denied', 'access_denied', 'app_access_restricted', 'team_access_not_granted'],
  ...[
    'enterprise_is_restricted',
    'no_permission',
    'channel_type_not_supported',
    'method_not_supported_for_channel_type',
  ],
  ...['cannot_dm_bot', 'user_not_found', 'user_disabled', 'messages_tab_disabled', 'thread_locked'],
  ...['invalid_arguments', 'invalid_channel', 'deprecated_endpoint', 'method_deprecated'],
  ...[
    'slack_connect_file_link_sharing_blocked',
    'slack_connect_canvas_sharing_blocked',
    'as_user_not_supported',
  ],
];

/** Our blocks are wrong. The same text without them may pass. Sources: as above. */
const BAD_BLOCKS = new Set([
  ...['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long', 'block_mismatch'],
  ...['invalid_attachments'],
]);

const FINAL: Record<string, ReadonlySet<string>> = {
  'chat.postMessage': new Set([
    ...NOWHERE,
    ...BAD_BLOCKS,
    ...['cannot_reply_to_message', 'thread_not_found', 'message_not_found', 'no_text', 'msg_too_long'],
    ...['msg_too_large', 'too_many_attachments', 'too_many_contact_cards', 'markdown_text_conflict'],
    ...[
      'metadata_too_large',
      'metadata_must_be_sent_from_app',
      'invalid_metadata_format',
      'invalid_metadata_schema',
    ],
    ...['duplicate_channel_not_found', 'duplicate_message_not_found', 'not_allowed_token_type'],
  ]),
  'chat.update': new Set([
    ...NOWHERE,
    ...BAD_BLOCKS,
    ...['message_not_found', 'cant_update_message', 'edit_window_closed', 'no_text', 'msg_too_long'],
    ...['msg_too_large', 'too_many_attachments', 'markdown_text_conflict', 'not_allowed_token_type'],
    ...[
      'metadata_too_large',
      'metadata_must_be_sent_from_app',
      'invalid_metadata_format',
      'invalid_metadata_schema',
    ],
  ]),
  'chat.delete': new Set([
    ...NOWHERE,
    ...['message_not_found', 'cant_delete_message', 'compliance_exports_prevent_deletion'],
  ]),
  'reactions.add': new Set([
    ...NOWHERE,
    ...[
      'message_not_found',
      'bad_timestamp',
      'invalid_name',
      'no_item_specified',
      'not_reactable',
      'no_access',
    ],
    ...['too_many_emoji', 'too_many_reactions', 'no_reaction', 'thread_not_found', 'not_allowed_token_type'],
  ]),
  'views.publish': new Set([
    ...['user_not_found', 'user_disabled', 'account_inactive', 'not_enabled', 'view_too_large'],
    ...['hash_conflict', 'duplicate_external_id', 'invalid_arguments', 'invalid_blocks', 'invalid_view'],
    ...['ekm_access_denied', 'access_denied', 'app_access_restricted', 'team_access_not_granted'],
    ...['enterprise_is_restricted', 'no_permission', 'not_allowed_token_type', 'deprecated_endpoint'],
    ...['method_deprecated', 'restricted_action'],
  ]),
  // These look for a message whose answer was lost. A channel that cannot be read cannot be written to either.
  'conversations.replies': new Set([...NOWHERE, 'thread_not_found', 'message_not_found']),
  'conversations.history': new Set(NOWHERE),
};

/** After this time, a call that Slack refuses for an unknown reason is given up. */
const GIVE_UP_MS = DAY_MS;

/** What an error means for the same attempt at a later time. */
export function refusalOf(error: unknown): Refusal {
  if (!(error instanceof SlackApiError)) return 'unknown';
  const { code, method, permanent } = error;
  // This conflict also passes. But unlike errors that are not permanent, it is no reason to call again at once.
  if (!permanent || code === 'streaming_state_conflict') return 'passing';
  // A workspace may forbid in ways that are not documented: restricted_action_read_only_channel and similar ones.
  const isFinal =
    FINAL[method]?.has(code) || (method !== 'views.publish' && code.startsWith('restricted_action'));
  return isFinal ? 'final' : 'unknown';
}

/**
 * When to try again after a refusal (ms): less and less often, and not sooner than Slack says. `dueAt` is null when the
 * call is given up: refused for good, or for a day for an unknown reason (since `failedAt`).
 */
export function nextTry(
  error: unknown,
  o: { refusal: Refusal; attempts: number; failedAt?: number | null | undefined; now: number },
): { dueAt: number | null; failedAt: number | null } {
  const failedAt = o.refusal === 'unknown' ? (o.failedAt ?? o.now) : null;
  if (o.refusal === 'final' || (failedAt !== null && o.now - failedAt >= GIVE_UP_MS))
    return { dueAt: null, failedAt };
  return {
    dueAt: o.now + waitAfter(error, o.attempts, HOUR_CEILING_MS),
    failedAt,
  };
}

/** True when the message may pass without its blocks. */
export function isBadBlocks(error: unknown): boolean {
  return error instanceof SlackApiError && BAD_BLOCKS.has(error.code);
}

/**
 * True when Slack certainly has not done the call. After its own failures, Slack says, part of the work may have been
 * done. Source: docs.slack.dev/reference/methods/chat.postMessage, `internal_error` and `fatal_error`.
 */
export function isRefused(error: unknown, method: string): boolean {
  if (!(error instanceof SlackApiError) || error.method !== method || error.uncertain) return false;
  return !['internal_error', 'fatal_error', 'service_unavailable'].includes(error.code);
}
