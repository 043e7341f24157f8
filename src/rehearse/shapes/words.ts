/** Keys whose words are Slack's, S3's or our own, never a person's: these are kept and compared. */
const WORD_KEYS = new Set([
  ...['type', 'subtype', 'channel_type', 'mode', 'filetype', 'file_access', 'external_type'],
  ...['media_display_type', 'error', 'warning', 'source', 'tab', 'reason', 'retry_reason', 'command'],
  // S3: of its XML.
  ...[
    'Code',
    'Status',
    'StorageClass',
    'EncodingType',
    'ChecksumType',
    'ChecksumAlgorithm',
    'ObjectLockEnabled',
  ],
  // S3: of its headers.
  ...[
    'content-type',
    'accept-ranges',
    'x-amz-checksum-type',
    'x-amz-server-side-encryption',
    'x-amz-delete-marker',
  ],
  // Of every answer.
  'status',
]);

/** A key whose words are part of the shape. */
export function isWordKey(key: string): boolean {
  return WORD_KEYS.has(key);
}

/** What a word may look like. Anything else under such a key is not kept. */
export const WORD = /^[A-Za-z0-9_./;=+ -]{1,60}$/;
