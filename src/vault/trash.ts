import { channelsOfFile } from '../catalog/files/lookup.ts';
import type { Threads } from '../catalog/files/threads.ts';
import { purgeNow, restoreFile, trashFile } from '../catalog/files/trash.ts';
import {
  type TrashCursor,
  type TrashedFile,
  trashedFile,
  trashOf,
} from '../catalog/governance/trash-list.ts';
import type { FileRow } from '../catalog/model.ts';
import { UserError } from '../errors.ts';
import { noSuchFile } from '../refusals/access.ts';
import {
  alreadyTrashed,
  notConfirmed,
  notDeletable,
  nothingStored,
  notInTrash,
  purgedForGood,
} from '../refusals/trash.ts';
import { nameOf } from '../text/file-name.ts';
import { isPurgeWord } from '../text/purge-word.ts';
import { DAY_MS } from '../time.ts';
import { requireAdmin, requireChannel, requireFile } from './access.ts';
import type { Vault } from './context.ts';
import { type Named, namesShown } from './names.ts';

/** When a file that goes to the trash now will be removed for good (ms). */
export const purgeTimeOf = ({ policy }: Pick<Vault, 'policy'>, now: number) =>
  now + policy.trashDays * DAY_MS;

/**
 * Moves a file to the trash if this person may do so now, and tells all channels that can see it, in its threads.
 * `channelId` is where they asked; it is not told if the file was never shared there, or was taken back. `now` and
 * `threads` are for a batch; see `trashFile`. Throws `UserError`.
 */
export async function moveToTrash(
  vault: Vault,
  asked: { userId: string; fileId: string; channelId: string | null; now?: number; threads?: Threads },
): Promise<{ file: FileRow; purgeAt: number | null }> {
  const file = await requireFile(vault, asked.userId, asked.fileId, 'delete');
  const now = asked.now ?? vault.now();
  const purgeAt = purgeTimeOf(vault, now);
  const places = await channelsOfFile(vault.catalog, file);
  const channelId = places.find((id) => id === asked.channelId) ?? file.channelId;
  const outcome = await trashFile(vault.catalog, {
    ref: file,
    actorId: asked.userId,
    channelId,
    tellIn: places,
    ...(asked.threads === undefined ? {} : { threads: asked.threads }),
    purgeAt,
    now,
  });
  vault.wake();
  if (outcome === 'held') throw await refusalOfHeld(vault, asked.userId);
  if (outcome === 'already_trashed') throw alreadyTrashed();
  if (outcome === 'not_stored') throw nothingStored();
  // Where the trash keeps nothing, there is no time to name: it lasts until it is next emptied.
  return { file, purgeAt: vault.policy.trashDays === 0 ? null : purgeAt };
}

/** Why a file on hold cannot go, in the words that this person may read. */
export async function refusalOfHeld({ rights }: Vault, userId: string): Promise<UserError> {
  return notDeletable({ maySeeHolds: await rights.mayAudit(userId) });
}

/**
 * Takes a file out of the trash, and tells its channels. People who may delete a file may also restore it. Throws
 * `UserError`.
 */
export async function restore(
  vault: Vault,
  { userId, fileId }: { userId: string; fileId: string },
): Promise<FileRow> {
  const file = await requireFile(vault, userId, fileId, 'delete');
  const outcome = await restoreFile(vault.catalog, { ref: file, actorId: userId, now: vault.now() });
  vault.wake();
  if (outcome === 'purged') throw purgedForGood();
  if (outcome === 'not_trashed') throw notInTrash();
  return file;
}

/**
 * Takes several files out of the trash; each is judged separately. Throws the first `UserError` if none comes back.
 */
export async function restoreSeveral(
  vault: Vault,
  { userId, fileIds }: { userId: string; fileIds: readonly string[] },
): Promise<FileRow[]> {
  const files: FileRow[] = [];
  let refusal: UserError | undefined;
  for (const fileId of fileIds) {
    try {
      files.push(await restore(vault, { userId, fileId }));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      refusal ??= error;
    }
  }
  if (files.length === 0) throw refusal ?? noSuchFile();
  return files;
}

/** A file in the trash as one person sees it. */
export interface TrashEntry extends TrashedFile {
  /** Only people who may see holds learn that one covers the file; to others it looks like any file in the trash. */
  isHeld: boolean;
  mayRestore: boolean;
}

export interface TrashPage {
  channelId: string;
  /** It is of no channel: it has what this person alone could see, and what was given to them. */
  isOwn: boolean;
  /** Elsewhere: there are files of that kind, too. */
  hasOwn: boolean;
  /** Last deleted first. */
  files: TrashEntry[];
  /** There are older files after these. */
  hasMore: boolean;
  /** This person may remove files for good. */
  isAdmin: boolean;
  names: Named;
}

/**
 * What is in the trash of a channel, for people who can see the channel in Slack now. In a direct message (also with the
 * bot), and where there is no channel, it is what this person uploaded for themselves, or was given. Throws `UserError`.
 */
export async function trashPage(
  vault: Vault,
  asked: { userId: string; channelId: string; after: TrashCursor | null; limit: number },
): Promise<TrashPage> {
  const { catalog, identity, rights } = vault;
  const { userId, channelId, after, limit } = asked;
  const { teamId } = identity;
  const isOwn = isNoChannel(channelId);
  // Files for one person are in a place of that person’s id. Slack’s own direct message may have some, too.
  if (!isOwn) await requireChannel(vault, userId, channelId);
  const isSeen = isOwn && channelId.startsWith('D') && (await rights.maySeeChannel(userId, channelId));
  const channelIds = isOwn ? [userId, ...(isSeen ? [channelId] : [])] : [channelId];
  const [isAdmin, mayRestore, maySeeHolds, page, own] = await Promise.all([
    rights.isAdmin(userId),
    rights.deletes(userId),
    rights.mayAudit(userId),
    trashOf(catalog, { teamId, channelIds, after, limit }),
    isOwn ? null : trashOf(catalog, { teamId, channelIds: [userId], after: null, limit: 1 }),
  ]);
  const files = page.files.map((file) => ({
    ...file,
    isHeld: maySeeHolds && file.isHeld,
    mayRestore: mayRestore(file),
  }));
  const people = files.flatMap(({ trashedBy, uploaderId }) => [trashedBy, uploaderId]);
  const names = await namesShown(vault, userId, { people, channels: isOwn ? [] : [channelId] });
  const hasOwn = own !== null && own.files.length > 0;
  return { channelId, isOwn, hasOwn, files, hasMore: page.hasMore, isAdmin, names };
}

/** A direct message, or no conversation at all. */
const isNoChannel = (channelId: string) => !/^[CG]/.test(channelId);

/** The file in the trash and its uploader's name, for the question before it is removed for good. Throws `UserError`. */
export async function fileToPurge(
  vault: Vault,
  { userId, fileId }: { userId: string; fileId: string },
): Promise<{ file: TrashedFile; names: Named }> {
  const file = await purgeableFile(vault, { userId, fileId });
  const names = await namesShown(vault, userId, { people: [file.uploaderId], channels: [] });
  return { file, names };
}

/** The file in the trash, if this person may remove it for good now. Throws `UserError`. */
async function purgeableFile(
  vault: Vault,
  { userId, fileId }: { userId: string; fileId: string },
): Promise<TrashedFile> {
  await requireAdmin(vault, userId);
  const { teamId } = await requireFile(vault, userId, fileId, 'delete');
  const file = await trashedFile(vault.catalog, { teamId, fileId });
  if (file === undefined) throw notInTrash();
  if (file.isHeld) throw await refusalOfHeld(vault, userId);
  return file;
}

/**
 * Has a file in the trash removed for good as soon as possible; with `forget`, its name too. `typed` must be the file's
 * name or the confirming word. Throws `UserError`.
 */
export async function purge(
  vault: Vault,
  asked: { userId: string; fileId: string; typed: string; forget: boolean },
): Promise<TrashedFile> {
  const { userId, forget } = asked;
  const file = await purgeableFile(vault, asked);
  if (!isPurgeWord(asked.typed, nameOf(file) ?? '')) throw notConfirmed();
  const ref = { teamId: file.teamId, fileId: file.fileId };
  const outcome = await purgeNow(vault.catalog, { ref, actorId: userId, now: vault.now(), forget });
  vault.wake();
  if (outcome === 'held') throw await refusalOfHeld(vault, userId);
  if (outcome === 'not_trashed') throw notInTrash();
  return file;
}
