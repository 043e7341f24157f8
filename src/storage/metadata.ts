/**
 * S3 allows 2 KB of user metadata, counted over names and values:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html. Stores differ in whether the
 * `x-amz-meta-` before each name counts, so it is counted here.
 */
const MAX_METADATA_BYTES = 2048;
const HEADER_PREFIX_BYTES = 'x-amz-meta-'.length;
const MAX_FIELD_BYTES = 120;

/**
 * Kept with every object, so that no store, and nobody's own link to it, ever shows an uploaded page in place: it
 * would run with the store's rights. Links that are meant to show a picture say so themselves.
 */
export const DISPOSITION = 'attachment';

/** What each object tells about itself: enough to rebuild the catalog from the bucket alone. */
export interface ObjectDescription {
  teamId: string;
  fileId: string;
  channelId: string;
  uploaderId: string | null;
  /** In ms. */
  sharedAt: number;
  messageTs: string | null;
  name: string | null;
  title: string | null;
  mimetype: string | null;
  /** Hex; null where the object is written before its bytes are all known. */
  sha256: string | null;
  /** Slack's word for what it makes itself (`quip`, `email`, …), where the name does not tell. */
  mode?: string | null;
  /** Whether it is the transcode of a recording. */
  transcode?: boolean;
  /** Which version of the file it is, if it is not the first. */
  version?: number;
}

/**
 * The description as S3 user metadata. Values are percent-encoded, so they are printable ASCII whatever the name
 * says. Over-long names and titles are cut at a whole character.
 */
export function encodeMetadata(object: ObjectDescription): Record<string, string> {
  const metadata: Record<string, string> = {};
  // A hash that becomes known before the write is still added, so its place is kept.
  let room = MAX_METADATA_BYTES - (object.sha256 ? 0 : HEADER_PREFIX_BYTES + 'sha256'.length + 64);
  const add = (field: string, value: string | null, maxBytes = MAX_FIELD_BYTES) => {
    if (value === null || value === '') return;
    const text = encodeValue(value, Math.min(maxBytes, room - HEADER_PREFIX_BYTES - field.length));
    if (text === '') return;
    metadata[field] = text;
    room -= HEADER_PREFIX_BYTES + field.length + text.length;
  };
  add('team', object.teamId);
  add('file', object.fileId);
  add('channel', object.channelId);
  if (object.version !== undefined && object.version > 1) add('version', String(object.version));
  add('uploader', object.uploaderId);
  add('shared-at', new Date(object.sharedAt).toISOString());
  add('message-ts', object.messageTs);
  add('mimetype', object.mimetype);
  if (object.mode !== 'hosted') add('mode', object.mode ?? null);
  if (object.transcode) add('transcode', '1');
  add('sha256', object.sha256);
  add('name', object.name, room);
  if (object.title !== object.name) add('title', object.title, room);
  return metadata;
}

/** The inverse of `encodeMetadata`; null when the metadata is not of an object of ours. */
export function decodeMetadata(metadata: Record<string, string>): ObjectDescription | null {
  const read = (field: string) => decodeValue(metadata[field]);
  const [teamId, fileId, channelId] = [read('team'), read('file'), read('channel')];
  const sharedAt = Date.parse(read('shared-at') ?? '');
  if (!teamId || !fileId || !channelId || Number.isNaN(sharedAt)) return null;
  const name = read('name');
  return {
    teamId,
    fileId,
    channelId,
    uploaderId: read('uploader'),
    sharedAt,
    messageTs: read('message-ts'),
    name,
    title: read('title') ?? name,
    mimetype: read('mimetype'),
    sha256: read('sha256'),
    ...(read('mode') === null ? {} : { mode: read('mode') }),
    ...(read('transcode') === '1' ? { transcode: true } : {}),
    ...(versionOf(metadata) > 1 ? { version: versionOf(metadata) } : {}),
  };
}

/** The number of the version that an object says to be; objects from before there were versions say nothing. */
export function versionOf(metadata: Record<string, string> | undefined): number {
  const text = metadata?.version ?? '';
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 1;
}

/** Keeps what is safe in any header on any store; `=` goes too, since `=?…?=` would be decoded by some. */
function encodeValue(value: string, maxBytes: number): string {
  const text = value.toWellFormed().replace(/[^!-~]|[%=]/gu, percent);
  if (text.length <= maxBytes) return text;
  let cut = '';
  for (const character of value.toWellFormed()) {
    const next = character.replace(/[^!-~]|[%=]/gu, percent);
    if (cut.length + next.length > maxBytes) break;
    cut += next;
  }
  return cut;
}

function percent(character: string): string {
  let text = '';
  for (const byte of Buffer.from(character)) text += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  return text;
}

/** Other hands may have written the value: what does not decode is taken as it stands. */
function decodeValue(text: string | undefined): string | null {
  if (text === undefined) return null;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
