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

/** Single words that Slack and S3 were seen or said to use, beside those that the sandbox sends. */
const SINGLE = new Set([
  ...[
    'channel',
    'group',
    'im',
    'mpim',
    'message',
    'home',
    'messages',
    'hosted',
    'snippet',
    'external',
    'email',
  ],
  ...[
    'list',
    'quip',
    'canvas',
    'docs',
    'space',
    'post',
    'tombstone',
    'visible',
    'none',
    'processing',
    'complete',
  ],
  ...[
    'failed',
    'timeout',
    'warning',
    'interactive',
    'text',
    'binary',
    'bytes',
    'true',
    'false',
    'url',
    'COMPOSITE',
  ],
  ...[
    'STANDARD',
    'GLACIER',
    'AES256',
    'Enabled',
    'Suspended',
    'CRC32',
    'CRC32C',
    'CRC64NVME',
    'SHA1',
    'SHA256',
  ],
]);

/** `snake_case` of at least two words, as Slack's codes; two humps, as S3's; a status; a type of content. */
const FORMS = [
  /^[a-z]{2,20}(_[a-z0-9]{1,20}){1,6}$/i,
  /^([A-Z][a-z0-9]{1,20}){2,6}$/,
  /^[1-5]\d\d$/,
  /^(text\/(html|plain|xml|csv)|(application|binary)\/(xml|json|octet-stream|pdf)|image\/(png|jpeg))(; ?charset=utf-8)?$/i,
];

/** Whether a word that the sandbox does not send looks like one of a vocabulary, so that a report may name it. */
export function isVocabulary(word: string): boolean {
  return SINGLE.has(word) || FORMS.some((form) => form.test(word));
}
