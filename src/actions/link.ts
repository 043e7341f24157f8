import { recordAudit } from '../catalog/audit.ts';
import type { FileRow } from '../catalog/model.ts';
import { versionOf } from '../catalog/versions.ts';
import { UserError } from '../errors.ts';
import { bareType, downloadName } from '../file-names.ts';
import { safeName } from '../storage/key.ts';
import { isPreviewable, presignDownload, presignPreview } from '../storage/presign.ts';
import { requireFile } from '../vault/access.ts';
import type { Vault } from '../vault/context.ts';

export interface GivenLink {
  file: FileRow;
  url: string;
  minutes: number;
}

/**
 * Makes a link that downloads the newest version of a file, or the one with this number, and writes down who has it
 * before they do. Throws `UserError`.
 */
export async function makeLink(
  vault: Vault,
  asked: { userId: string; channelId: string | null; fileId: string; version?: number | undefined },
): Promise<GivenLink> {
  const newest = await requireFile(vault, asked.userId, asked.fileId, 'see');
  const file = await versionFor(vault, newest, asked.version);
  if (file.state !== 'stored' || file.objectKey === null) {
    throw new UserError(
      'not_stored',
      'This file is not in the vault right now, so there is nothing to download.',
    );
  }
  const minutes = vault.policy.linkMinutes;
  const url = await presignDownload(vault.bucket, {
    key: file.objectKey,
    versionId: file.versionId,
    name: downloadName(file),
    contentType: file.storedType ?? file.mimetype,
    expiresSeconds: minutes * 60,
  });
  const older = file.version === newest.version ? {} : { version: file.version };
  await audit(vault, asked.userId, file, asked.channelId, { minutes, ...older });
  return { file, url, minutes };
}

/** The file as it was in this version. The number in a button proves nothing. Throws `UserError`. */
async function versionFor(vault: Vault, file: FileRow, number = file.version): Promise<FileRow> {
  if (number === file.version) return file;
  const version = await versionOf(vault.catalog, file, number);
  if (version === undefined)
    throw new UserError('no_such_version', 'The vault does not have this version of the file.');
  const { objectKey, versionId, storedBytes, sha256, storedAt, storedType } = version;
  const name = downloadName({ ...file, storedType });
  return {
    ...file,
    ...{ objectKey, versionId, storedBytes, sha256, storedAt, storedType, version: number },
    // Beside the newest one on somebody's disk, it must not have the same name.
    name: safeName(name, undefined, ` (version ${number})`),
  };
}

/** Slack fetches a preview as soon as it shows it; it needs no longer link than that. */
const PREVIEW_MINUTES = 1;
/** Larger images take Slack too long. */
const PREVIEW_BYTES = 10 * 2 ** 20;

/**
 * A link under which Slack fetches the picture of a file, for a person who may see it: null where the file is no
 * picture that Slack shows, or where Slack could not reach the bucket. Audited like any link.
 */
export async function previewLink(vault: Vault, userId: string, file: FileRow): Promise<string | null> {
  const { state, objectKey, storedBytes } = file;
  const contentType = bareType(file.storedType ?? file.mimetype);
  if (state !== 'stored' || objectKey === null || !isPreviewable(contentType)) return null;
  if ((storedBytes ?? 0) === 0 || (storedBytes ?? 0) > PREVIEW_BYTES) return null;
  const url = await presignPreview(vault.bucket, {
    key: objectKey,
    versionId: file.versionId,
    contentType,
    expiresSeconds: PREVIEW_MINUTES * 60,
  });
  if (!reachableFrom(new URL(vault.identity.url).hostname, new URL(url).hostname)) return null;
  await audit(vault, userId, file, null, { minutes: PREVIEW_MINUTES, preview: true });
  return url;
}

/** Slack on the internet reaches no private network; the sandbox's Slack runs on this machine and does. */
export function reachableFrom(slackHost: string, bucketHost: string): boolean {
  return isPrivate(slackHost) || !isPrivate(bucketHost);
}

/** Names without a dot and special-use ones (RFC 6761, RFC 8375), and addresses that are not routed (RFC 1918, RFC 4193). */
function isPrivate(host: string): boolean {
  if (/^\[/.test(host)) return /^\[(::1|f[cd]|fe8)/i.test(host);
  if (/^\d+(\.\d+){3}$/.test(host)) {
    return /^(0|10|127|169\.254|192\.168|172\.(1[6-9]|2\d|3[01]))\./.test(host);
  }
  return !host.includes('.') || /\.(localhost|local|internal|home\.arpa|test)$/i.test(host);
}

async function audit(
  vault: Vault,
  actorId: string,
  { teamId, fileId }: FileRow,
  channelId: string | null,
  detail: Record<string, unknown>,
): Promise<void> {
  await recordAudit(vault.catalog, {
    at: vault.now(),
    teamId,
    actorId,
    action: 'link',
    fileId,
    channelId,
    detail,
  });
}
