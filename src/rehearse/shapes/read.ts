/**
 * What the vault reads of Slack's payloads and answers and of the bucket's. A deviation matters when it is about one of
 * these; Slack sends many more keys, and nothing depends on them. A test holds that the code knows each.
 */
export const READ_KEYS: ReadonlySet<string> = new Set([
  // Every answer, every envelope.
  ...[
    'ok',
    'error',
    'status',
    'headers',
    'body',
    'payload',
    'type',
    'response_metadata',
    'next_cursor',
    'fact',
  ],
  ...['retry_reason', 'event', 'authorizations', 'is_bot'],
  // Who and where.
  ...['team_id', 'user_id', 'bot_id', 'channel', 'channel_id', 'channel_type', 'user', 'users', 'url'],
  ...[
    'channels',
    'members',
    'is_member',
    'is_private',
    'is_im',
    'is_mpim',
    'is_archived',
    'properties',
    'canvas',
  ],
  ...['is_admin', 'is_owner', 'is_primary_owner', 'is_restricted', 'is_ultra_restricted', 'tz_offset'],
  ...['deleted', 'name', 'profile'],
  // Messages.
  ...['ts', 'thread_ts', 'event_ts', 'message_ts', 'deleted_ts', 'subtype', 'message', 'previous_message'],
  ...['messages', 'has_more', 'text', 'files', 'attachments', 'metadata', 'event_type', 'event_payload'],
  ...['reply_count', 'latest_reply', 'reaction', 'permalink'],
  // Files.
  ...['file', 'file_id', 'id', 'created', 'updated', 'title', 'mimetype', 'filetype', 'mode', 'size'],
  ...['is_external', 'external_url', 'url_private', 'url_private_download', 'file_access', 'transcription'],
  ...['list_csv_download_url', 'shares', 'share_user_id', 'public', 'private', 'paging', 'page', 'pages'],
  // What people do with the app.
  ...[
    'trigger_id',
    'response_url',
    'container',
    'actions',
    'action_id',
    'block_id',
    'value',
    'view',
    'tab',
    'hash',
  ],
  ...['command', 'state', 'values'],
  // Headers.
  ...['retry-after', 'content-length', 'content-type', 'content-disposition', 'etag'],
  ...['x-amz-version-id', 'x-amz-checksum-crc32'],
  // The bucket's XML, by the element's name.
  ...['Code', 'Key', 'Size', 'ETag', 'LastModified', 'IsTruncated', 'Contents', 'Version', 'VersionId'],
  ...['UploadId', 'Upload', 'Deleted', 'Status', 'CopyObjectResult'],
  ...['ObjectLockEnabled', 'ChecksumCRC32', 'ListBucketResult', 'ListVersionsResult', 'Error'],
  ...['InitiateMultipartUploadResult', 'CompleteMultipartUploadResult', 'ListMultipartUploadsResult'],
  ...['DeleteResult', 'VersioningConfiguration', 'ObjectLockConfiguration', 'Initiated'],
]);

/** What the vault's libraries and people's browsers read for it, and what the rehearsal writes itself. */
const READ_FOR_US: ReadonlySet<string> = new Set([
  ...[
    'envelope_id',
    'retry_attempt',
    'x-oauth-scopes',
    'content-range',
    'DeleteMarker',
    'x-amz-meta-rehearsal',
  ],
]);

/** Below these, the vault reads nothing. */
const UNREAD = new Set([
  ...['bot_profile', 'icons', 'blocks', 'reactions', 'topic', 'purpose', 'user_profile', 'enterprise_user'],
  ...[
    'debug_info',
    'connection_info',
    'edited',
    'root',
    'Owner',
    'Initiator',
    'comments',
    'team',
    'enterprise',
  ],
]);

/** Whether the vault reads what stands under these keys, outermost first. The whole of an answer counts as read. */
export function isRead(under: readonly string[]): boolean {
  const key = under.at(-1);
  if (key === undefined) return true;
  return !under.slice(0, -1).some((one) => UNREAD.has(one)) && (isReadKey(key) || isFact(under));
}

/** Whether a key of this name is read anywhere. */
export function isReadKey(key: string): boolean {
  return READ_KEYS.has(key) || READ_FOR_US.has(key);
}

/** What the checks state themselves is always read. */
const isFact = (under: readonly string[]) => under.at(-2) === 'facts';
