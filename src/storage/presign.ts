import { GetObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { Bucket } from './bucket.ts';
import { StorageError, storageError } from './errors.ts';
import { safeName } from './key.ts';

/** Slack's limit for the URL of a button: https://docs.slack.dev/reference/block-kit/block-elements/button-element */
const MAX_URL_LENGTH = 3000;
const MAX_NAME_BYTES = 255;
const MIN_NAME_BYTES = 32;

/**
 * A link that downloads one object, as an attachment under its original name, for `expiresSeconds` (at most 7 days).
 * It has fewer than 3,000 characters: a very long name is cut and keeps its extension. The link is a secret: everybody
 * who has it can download. Throws `StorageError`.
 */
export async function presignDownload(
  bucket: Bucket,
  file: {
    key: string;
    versionId?: string | null;
    name: string | null;
    contentType: string | null;
    expiresSeconds: number;
  },
): Promise<string> {
  for (let bytes = MAX_NAME_BYTES; bytes >= MIN_NAME_BYTES; bytes -= 16) {
    const url = await sign(bucket, file, attachment(file.name, bytes), headerSafe(file.contentType));
    if (url.length < MAX_URL_LENGTH) return url;
  }
  throw new StorageError(
    'link_too_long',
    'The download link is too long for Slack; set a shorter VAULT_PREFIX.',
  );
}

async function sign(
  bucket: Bucket,
  object: { key: string; versionId?: string | null; expiresSeconds: number },
  disposition: string,
  contentType: string,
): Promise<string> {
  const command = new GetObjectCommand({
    Bucket: bucket.name,
    Key: object.key,
    ...(object.versionId && { VersionId: object.versionId }),
    ResponseContentDisposition: disposition,
    ResponseContentType: contentType,
  });
  try {
    return await getSignedUrl(bucket.links ?? bucket.client, command, { expiresIn: object.expiresSeconds });
  } catch (error) {
    throw storageError(error, bucket.place);
  }
}

/** Slack shows these pictures: https://docs.slack.dev/reference/block-kit/blocks/image-block */
const PREVIEWABLE = new Set(['image/png', 'image/jpeg', 'image/gif']);

/** Whether Slack shows a file of this MIME type as a picture. */
export function isPreviewable(contentType: string | null): contentType is string {
  return contentType !== null && PREVIEWABLE.has(contentType.toLowerCase());
}

/**
 * A link that shows one object in the browser, for `expiresSeconds`. Only for the types of `isPreviewable`: a browser
 * would run others. Throws `StorageError`.
 */
export async function presignPreview(
  bucket: Bucket,
  file: { key: string; versionId?: string | null; contentType: string; expiresSeconds: number },
): Promise<string> {
  const type = headerSafe(isPreviewable(file.contentType) ? file.contentType : null);
  const url = await sign(bucket, file, 'inline', type);
  if (url.length < MAX_URL_LENGTH) return url;
  throw new StorageError(
    'link_too_long',
    'The preview link is too long for Slack; set a shorter VAULT_PREFIX.',
  );
}

/**
 * `Content-Disposition` with the exact name (RFC 6266, RFC 8187) and a plain ASCII one for old programs.
 * The name is cut to `maxBytes` of UTF-8 and keeps its extension.
 */
export function attachment(name: string | null, maxBytes: number = MAX_NAME_BYTES): string {
  const exact = downloadName(name, maxBytes);
  const plain = exact.replace(/[^ -~]/gu, '_').replace(/["\\%]/g, '_');
  const encoded = encodeURIComponent(exact).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return exact === plain
    ? `attachment; filename="${plain}"`
    : `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

/** The original name, without characters that are not safe in a path. */
function downloadName(name: string | null, maxBytes: number): string {
  const exact = (name ?? '').toWellFormed().replace(/[\p{Cc}/\\]/gu, '_');
  const harmless = exact !== '' && !/^\.+$/.test(exact) && !/[\u202a-\u202e\u2066-\u2069]/.test(exact);
  return harmless && Buffer.byteLength(exact) <= maxBytes ? exact : safeName(name, maxBytes);
}

function headerSafe(contentType: string | null): string {
  return contentType && /^[\w.+-]+\/[\w.+-]+(; ?charset=[\w-]+)?$/.test(contentType)
    ? contentType
    : 'application/octet-stream';
}
