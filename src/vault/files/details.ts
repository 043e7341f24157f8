import { policiesFor } from '../../capture/receive.ts';
import { fileById, sharesOf } from '../../catalog/files/lookup.ts';
import { olderVersions } from '../../catalog/files/versions.ts';
import { auditOf } from '../../catalog/governance/audit.ts';
import type { AuditEntry, FileRow, FileVersion, Share } from '../../catalog/model.ts';
import { bareType } from '../../file-names.ts';
import { isPreviewable } from '../../storage/presign.ts';
import { mayPostIn, requireFileToKnow } from '../access.ts';
import type { Vault } from '../context.ts';
import { type ScanFacts, scanFacts } from '../scan/facts.ts';
import { previewLink } from './give-out.ts';
import { recordLink } from './link.ts';
import { reachableFrom } from './reach.ts';

/** How many entries of the log are shown. */
const HISTORY = 20;

/** Everything known about a file that one person may know. */
export interface FileDetails {
  file: FileRow;
  /** The person oversees the vault but could not see the file in Slack: they get none of its content. */
  oversight: boolean;
  /** Only the shares that the person may know of, newest first. */
  shares: Share[];
  /** The audit log of the file, newest first; only what the person may know. */
  history: AuditEntry[];
  mayDelete: boolean;
  /** For a file that was too large: the most bytes that its channels take. */
  maxBytes: number | null;
  /** Older versions that the bucket holds, newest first. */
  versions: FileVersion[];
  /** What the malware scanner said of it and of its older versions; null if there is none. */
  scan: ScanFacts | null;
  /** Whether the person may know where the file is in the bucket. */
  mayKnowKey: boolean;
  /** An address where Slack fetches the picture of an image; works for a short time. */
  previewUrl: string | null;
  /** The e-mail that the file was attached to, for those who may see it. */
  mail: FileRow | null;
  /** The channel where the person asked, if they may post a card there; `discloses` if it is news there. */
  shareIn: { channelId: string; discloses: boolean } | null;
}

/** Everything known about a file, for a person who asks in this channel or in none. Throws `UserError`. */
export async function fileDetails(
  vault: Vault,
  asked: { userId: string; channelId: string | null; fileId: string },
): Promise<FileDetails> {
  const { userId, channelId } = asked;
  const { rights, catalog } = vault;
  const { file, oversight } = await requireFileToKnow(vault, userId, asked.fileId);
  const mayAudit = await rights.mayAudit(userId);
  const [shares, visible, mayDelete, isAdmin, log, previewUrl, versions] = await Promise.all([
    sharesOf(catalog, file),
    rights.visibleChannelsOf(userId, file),
    rights.mayDelete(userId, file),
    rights.isAdmin(userId),
    auditOf(catalog, file, HISTORY, mayAudit ? [] : QUIET),
    oversight ? null : previewOf(vault, userId, file),
    file.olderVersions > 0 && !oversight ? olderVersions(catalog, file) : [],
  ]);
  const known = oversight ? new Set(shares.map((share) => share.channelId)) : new Set(visible);
  const maxBytes =
    file.reason === 'too_large' ? (await policiesFor(catalog, file, vault.policy)).maxFileBytes : null;
  return {
    file,
    oversight,
    shares: shares.filter((share) => known.has(share.channelId)),
    history: historyFor(log, { known, seesLinks: mayDelete || oversight }),
    mayDelete: mayDelete && !oversight,
    maxBytes,
    versions,
    scan: await scanFacts(vault, file, { versions, isAdmin }),
    mayKnowKey: isAdmin && !oversight,
    previewUrl,
    mail: await mailOf(vault, userId, file),
    shareIn: channelId === null || oversight ? null : await shareIn(vault, userId, file, channelId, known),
  };
}

/** Entries only for readers of the audit log: a hold, or a look, could warn the person whom it is about. */
const QUIET: AuditEntry['action'][] = ['hold_set', 'hold_lifted', 'looked'];

/**
 * The history that this person may know. Only those who govern the file see who took a copy (a preview is not a copy).
 * Nobody sees the name of a channel that they cannot see.
 */
function historyFor(log: AuditEntry[], o: { known: ReadonlySet<string>; seesLinks: boolean }): AuditEntry[] {
  return log
    .filter(({ action, detail }) => action !== 'link' || (o.seesLinks && detail.preview !== true))
    .map((entry) =>
      entry.channelId === null || o.known.has(entry.channelId) ? entry : { ...entry, channelId: null },
    );
}

/** The e-mail that a file was attached to, for those who may see it. */
async function mailOf(vault: Vault, userId: string, file: FileRow): Promise<FileRow | null> {
  if (file.parentId === null) return null;
  const mail = await fileById(vault.catalog, { teamId: file.teamId, fileId: file.parentId });
  return mail !== undefined && (await vault.rights.maySeeFile(userId, mail)) ? mail : null;
}

/** Whether this person may post a card of the file here: they and the bot must be members. */
async function shareIn(
  vault: Vault,
  userId: string,
  file: FileRow,
  channelId: string,
  visible: ReadonlySet<string>,
): Promise<FileDetails['shareIn']> {
  if (!(await mayPostIn(vault, userId, channelId))) return null;
  return { channelId, discloses: !visible.has(channelId) && file.uploaderId !== userId };
}

/** Slack fetches a preview as soon as it shows it, so a short-lived link is enough. */
const PREVIEW_MINUTES = 1;
/** Slack takes too long for larger images. */
const PREVIEW_BYTES = 10 * 2 ** 20;

/**
 * A link where Slack fetches the picture of a file for this person. Null if Slack cannot show the file as a picture, or
 * cannot reach the bucket. Audited like any link.
 */
async function previewOf(vault: Vault, userId: string, file: FileRow): Promise<string | null> {
  if (vault.bucketAwaySince !== undefined) return null;
  const { state, objectKey, storedBytes } = file;
  const contentType = bareType(file.storedType ?? file.mimetype);
  if (state !== 'stored' || objectKey === null || !isPreviewable(contentType)) return null;
  if ((storedBytes ?? 0) === 0 || (storedBytes ?? 0) > PREVIEW_BYTES) return null;
  const link = { contentType, expiresSeconds: PREVIEW_MINUTES * 60 };
  const url = await previewLink(vault, { ...file, objectKey }, link);
  if (url === null) return null;
  if (!reachableFrom(new URL(vault.identity.url).hostname, new URL(url).hostname)) return null;
  await recordLink(vault, userId, file, null, { minutes: PREVIEW_MINUTES, preview: true });
  return url;
}
