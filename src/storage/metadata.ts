/**
 * S3 allows 2 KB of user metadata, names and values together:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html. Some stores also count the
 * `x-amz-meta-` before each name, so it is counted here.
 */
const MAX_METADATA_BYTES = 2048;
const HEADER_PREFIX_BYTES = 'x-amz-meta-'.length;
const MAX_FIELD_BYTES = 120;
const MAX_LENGTH_DIGITS = 15;

/**
 * Kept with every object. With it, no store and no link shows an uploaded page in the browser, where the page would
 * run with the store's rights. Links that should show a picture override it.
 */
export const DISPOSITION = 'attachment';

/** What each object says about itself. It is enough to rebuild the catalog from the bucket alone. */
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
  /** Hex; null when the object is written before all its bytes are known. */
  sha256: string | null;
  /** Slack's word for files that it makes itself (`quip`, `email`, …), which the name does not show. */
  mode?: string | null;
  /** Whether it is the transcode of a recording. */
  transcode?: boolean;
  /** The number of the version, if it is not the first. */
  version?: number;
  /** In bytes; missing when the object was written before its length was known, or by an earlier vault. */
  length?: number;
}

/**
 * The description as S3 user metadata. Values are percent-encoded, so any name becomes printable ASCII. Names and
 * titles that are too long are cut at a whole character.
 */
export function encodeMetadata(object: ObjectDescription): Record<string, string> {
  const metadata: Record<string, string> = {};
  // What becomes known before the write is added later, so room is kept for it.
  let room = MAX_METADATA_BYTES - (object.sha256 ? 0 : HEADER_PREFIX_BYTES + 'sha256'.length + 64);
  room -= HEADER_PREFIX_BYTES + 'length'.length + MAX_LENGTH_DIGITS;
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

/** The inverse of `encodeMetadata`; null when the object is not ours. */
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
    ...(lengthOf(metadata) === null ? {} : { length: lengthOf(metadata) as number }),
  };
}

/** The same metadata, with what is known of the body before it is written. `length` is in bytes. */
export function withBody(
  metadata: Record<string, string>,
  { length, sha256 }: { length: number | null; sha256?: string },
): Record<string, string> {
  return { ...metadata, ...(length !== null && { length: String(length) }), ...(sha256 && { sha256 }) };
}

/** How long the object was to be, in bytes, by its own metadata; null when it does not say so. */
export function lengthOf(metadata: Record<string, string> | undefined): number | null {
  const text = metadata?.length ?? '';
  return /^\d+$/.test(text) && text.length <= MAX_LENGTH_DIGITS ? Number(text) : null;
}

/** The version number in an object's metadata; 1 for objects from before there were versions. */
export function versionOf(metadata: Record<string, string> | undefined): number {
  const text = metadata?.version ?? '';
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 1;
}

/** Keeps only what is safe in any header on any store. `=` is encoded too, since some stores decode `=?…?=`. */
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

/** Another program may have written the value. If it does not decode, it is used as it is. */
function decodeValue(text: string | undefined): string | null {
  if (text === undefined) return null;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
