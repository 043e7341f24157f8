import { policiesFor } from '../../capture/receive.ts';
import { factsWithoutWords } from '../../catalog/derived/own-words.ts';
import { channelById } from '../../catalog/files/channels.ts';
import { fileById, sharesOf } from '../../catalog/files/lookup.ts';
import { olderVersions } from '../../catalog/files/versions.ts';
import { auditOf } from '../../catalog/governance/audit.ts';
import { type Hold, holdsOfFile } from '../../catalog/governance/holds.ts';
import { keptOf } from '../../catalog/governance/leaving.ts';
import type { AuditEntry, FileRow, FileVersion, Share } from '../../catalog/model.ts';
import { bareType } from '../../file-names.ts';
import { isPreviewable } from '../../storage/presign.ts';
import { mayPostIn, requireFileToKnow } from '../access.ts';
import type { Vault } from '../context.ts';
import { type Named, namesOfChannels, namesOfPeople } from '../names.ts';
import { type ScanFacts, scanFacts } from '../scan/facts.ts';
import { refusalOnCard } from './from-card.ts';
import { firstPageLink, previewLink } from './give-out.ts';
import { recordLink } from './link.ts';
import { reachableFrom } from './reach.ts';
import { type SaidLine, saidLines } from './said.ts';
import { type Unread, unreadOf } from './text-facts.ts';

/** How many entries of the log are shown. */
const HISTORY = 20;

/** Everything known about a file that one person may know. */
export interface FileDetails {
  file: FileRow;
  /** The person oversees the vault but could not see the file in Slack: they get none of its content. */
  oversight: boolean;
  /** Only the shares that the person may know of, oldest first; `removed` if the message is gone in Slack. */
  shares: Array<Share & { removed: boolean }>;
  /** The audit log of the file, newest first; only what the person may know. */
  history: AuditEntry[];
  mayDelete: boolean;
  /** The holds that cover it; null for people who may not see holds. */
  holds: Hold[] | null;
  /** Who kept it from retention, for people who may end that; null if nobody did. */
  kept: { by: string; at: number } | null;
  /** For a file that was too large: the most bytes that its channels take. */
  maxBytes: number | null;
  /** Older versions that the bucket holds, newest first. */
  versions: FileVersion[];
  /** What the malware scanner said of it and of its older versions; null if there is none. */
  scan: ScanFacts | null;
  /** What was said with it where the person sees that, the newest first. */
  said: SaidLine[];
  /** Why its text is not searched. */
  unread: Unread | null;
  /** Whether the person may know where the file is in the bucket. */
  mayKnowKey: boolean;
  /** An address where Slack fetches the picture of an image; works for a short time. */
  previewUrl: string | null;
  /** The e-mail that the file was attached to, for those who may see it. */
  mail: FileRow | null;
  /**
   * The channel where the person asked, if they may share it there; `discloses` if its name is news there, `opens` (with
   * the channel's name) if its people can open it from then on.
   */
  shareIn: {
    channelId: string;
    discloses: boolean;
    opens?: { name: string | null; isPublic: boolean };
  } | null;
  /** It is open in a public channel, and so to everybody in the workspace. */
  isPublic: boolean;
  /** Whether the person may put files on hold. */
  mayHold: boolean;
  /** Names of the people, and of the channels that the person sees. */
  names: Named;
}

/** Everything known about a file, for a person who asks in this channel or in none. Throws `UserError`. */
export async function fileDetails(
  vault: Vault,
  asked: { userId: string; channelId: string | null; fileId: string; more?: boolean },
): Promise<FileDetails> {
  const { userId, channelId } = asked;
  const { rights, catalog } = vault;
  const { file, oversight } = await requireFileToKnow(vault, userId, asked.fileId).catch(
    async (error: unknown) => {
      throw await refusalOnCard(vault, asked, error);
    },
  );
  const mayAudit = await rights.mayAudit(userId);
  const [shares, visible, mayDelete, isAdmin, log, previewUrl, versions] = await Promise.all([
    sharesOf(catalog, file),
    rights.visibleChannelsOf(userId, file),
    rights.mayDelete(userId, file),
    rights.isAdmin(userId),
    auditOf(catalog, file, HISTORY, mayAudit ? [] : QUIET),
    // The longer form has no picture: each is a link, and written down.
    oversight || asked.more ? null : previewOf(vault, userId, file),
    file.olderVersions > 0 && !oversight ? olderVersions(catalog, file) : [],
  ]);
  const known = oversight ? new Set(shares.map((share) => share.channelId)) : new Set(visible);
  const maxBytes =
    file.reason === 'too_large' ? (await policiesFor(catalog, file, vault.policy)).maxFileBytes : null;
  // The uploader knows to whom they gave it.
  const isOwn = file.uploaderId === userId;
  const shown = shares.filter(({ channelId: id }) => known.has(id) || (isOwn && /^[UW]/.test(id)));
  const history = historyFor(log, { known, seesLinks: mayDelete || oversight });
  const [holds, kept] = await Promise.all([
    mayAudit ? holdsOfFile(catalog, file) : null,
    mayDelete && !oversight ? keptOf(catalog, file) : null,
  ]);
  const people = [file.uploaderId, file.trashedBy, ...shown.map((share) => share.channelId)];
  const open = shown.filter(({ removed }) => !removed).map((share) => share.channelId);
  const isPublic = (await vault.people.publicAmong(open)).size > 0;
  const scan = await scanFacts(vault, file, { versions, isAdmin });
  people.push(
    kept?.by ?? null,
    scan?.newest?.release?.by ?? null,
    ...(holds ?? []).flatMap(({ setBy, personId }) => [setBy, personId]),
  );
  if (asked.more)
    people.push(...shown.map((share) => share.userId), ...history.map(({ actorId }) => actorId));
  const [named, channels] = await Promise.all([
    namesOfPeople(vault, people),
    namesOfChannels(vault, oversight ? [] : visible),
  ]);
  return {
    file: oversight ? withoutContent(file) : file,
    oversight,
    shares: shown,
    isPublic,
    history,
    mayHold: mayAudit && !oversight,
    names: { people: named, channels },
    mayDelete: mayDelete && !oversight,
    holds,
    kept,
    maxBytes,
    versions,
    scan,
    // The uploader has it wherever it was shared.
    said: oversight
      ? []
      : await saidLines(vault, file, {
          channelIds: visible,
          heldIn: isOwn ? shares.map((share) => share.channelId) : visible,
        }),
    unread: oversight ? null : await unreadOf(vault, file),
    mayKnowKey: isAdmin && !oversight,
    previewUrl,
    mail: await mailOf(vault, userId, file),
    shareIn: channelId === null || oversight ? null : await shareIn(vault, userId, file, channelId, known),
  };
}

/** What Slack tells of a file is content where it quotes it: words that are spoken in a recording, an e-mail. */
function withoutContent(file: FileRow): FileRow {
  return { ...file, facts: factsWithoutWords(file.facts) };
}

/** Entries only for readers of the audit log: a hold, or a look, could warn the person whom it is about. */
const QUIET: AuditEntry['action'][] = ['hold_set', 'hold_lifted', 'looked'];

/**
 * The history that this person may know. Only those who govern the file see who took a copy (a preview is not a copy).
 * Nobody sees the name of a channel that they cannot see.
 */
function historyFor(log: AuditEntry[], o: { known: ReadonlySet<string>; seesLinks: boolean }): AuditEntry[] {
  return log
    .filter(({ action }) => action !== 'preview')
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
  if (visible.has(channelId)) return { channelId, discloses: false };
  if (file.uploaderId !== userId) return { channelId, discloses: true };
  const isPublic = (await vault.people.publicAmong([channelId])).size > 0;
  const channel = await channelById(vault.catalog, file.teamId, channelId);
  return { channelId, discloses: false, opens: { name: channel?.name ?? null, isPublic } };
}

/** Slack fetches a preview as soon as it shows it, so a short-lived link is enough. */
const PREVIEW_MINUTES = 1;
/** Slack takes too long for larger images. */
const PREVIEW_BYTES = 10 * 2 ** 20;

/**
 * A link where Slack fetches the picture of a file, or of its first page, for this person. Null if there is none, or Slack cannot
 * reach the bucket. Audited like any link.
 */
async function previewOf(vault: Vault, userId: string, file: FileRow): Promise<string | null> {
  if (vault.bucketAwaySince !== undefined) return null;
  const expiresSeconds = PREVIEW_MINUTES * 60;
  const { state, objectKey, storedBytes } = file;
  if (state !== 'stored' || objectKey === null || (storedBytes ?? 0) === 0) return null;
  const contentType = bareType(file.storedType ?? file.mimetype);
  const stored = { ...file, objectKey };
  const isPicture = isPreviewable(contentType) && (storedBytes ?? 0) <= PREVIEW_BYTES;
  const url = isPicture
    ? await previewLink(vault, stored, { contentType, expiresSeconds })
    : await firstPageLink(vault, stored, expiresSeconds);
  if (url === null) return null;
  if (!reachableFrom(new URL(vault.identity.url).hostname, new URL(url).hostname)) return null;
  await recordLink(vault, userId, file, null, { minutes: PREVIEW_MINUTES }, 'preview');
  return url;
}
