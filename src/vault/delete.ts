import { closest } from 'fastest-levenshtein';
import { sharesOf } from '../catalog/files/lookup.ts';
import { threadsOf } from '../catalog/files/threads.ts';
import { isHeld } from '../catalog/governance/holds.ts';
import type { FileRow, FoundFile, Share } from '../catalog/model.ts';
import { Budget } from '../catalog/search/budget.ts';
import { findFiles } from '../catalog/search/find.ts';
import { UserError } from '../errors.ts';
import { nothingToDelete, staysUnstored } from '../refusals/trash.ts';
import { RANK } from '../text/match-rank.ts';
import { refuseWhileLost, requireFile } from './access.ts';
import type { Vault } from './context.ts';
import { type Named, namesShown } from './names.ts';
import { moveToTrash, refusalOfHeld } from './trash.ts';

/** How many of the newest names are compared with a mistyped one. */
const NAMES_TO_COMPARE = 100;

export interface Deletable {
  /** The files of a channel that this person may delete, the best match first. */
  files: FoundFile[];
  /** There are more files than these. */
  hasMore: boolean;
  /** Without a match: the name that is most like the words. */
  suggestion: string | null;
  /** The time ended before everything was searched. */
  stopped: boolean;
  names: Named;
}

/**
 * The files of a channel that this person may delete: all for an admin, for others their own uploads. `query` is the
 * typed text without quotes; `typed` has the quotes, which may belong to a name. A channel that the person cannot see
 * looks empty. Throws `UserError` if the bot was removed from it, so that the vault cannot know who sees it.
 */
export async function deletableFiles(
  vault: Vault,
  asked: { userId: string; channelId: string; query: string; typed: string; limit: number },
): Promise<Deletable> {
  const { userId, channelId, query, typed, limit } = asked;
  const { teamId } = vault.identity;
  const [mayDeleteAll, mayDeleteOwn, sees] = await Promise.all([
    vault.rights.isAdmin(userId),
    vault.rights.mayDelete(userId, { uploaderId: userId }),
    vault.rights.maySeeChannel(userId, channelId),
  ]);
  if (!sees) await refuseWhileLost(vault, channelId);
  const viewer = { teamId, channelIds: sees && mayDeleteOwn ? [channelId] : [] };
  const only = { stored: true, ...(mayDeleteAll ? {} : { uploaderId: userId }) };
  const budget = new Budget();
  const find = (words: string, most: number) =>
    findFiles(vault.catalog, {
      ...{ viewer, filter: words === '' ? {} : { text: words } },
      ...{ only, limit: most, budget },
    });
  const page = await find(query, limit);
  const asTyped = typed === query ? [] : (await find(typed, limit)).files;
  // Files that are only similar are not offered for deletion; their names are a hint.
  const matching = [...asTyped, ...page.files].filter(({ rank }) => rank !== RANK.similar);
  const files = [...new Map(matching.map((file) => [file.fileId, file])).values()];
  const isInVain = files.length === 0 && query !== '';
  const near = isInVain ? [...page.files, ...(await find('', NAMES_TO_COMPARE)).files] : [];
  const known = near.flatMap(({ name }) => name ?? []);
  const people = files.slice(0, limit).map(({ uploaderId }) => uploaderId);
  return {
    names: await namesShown(vault, userId, { people, channels: [channelId] }),
    files,
    hasMore: page.older !== null && files.length >= page.files.length,
    suggestion: known.length > 0 ? closest(query, known) : null,
    stopped: budget.isSpent,
  };
}

export interface FileToDelete {
  file: FileRow;
  /** Its shares that this person may know of. */
  shares: Share[];
  trashDays: number;
  names: Named;
}

/** The file and its facts for the question before a deletion. Throws `UserError` unless this person may delete it. */
export async function fileToDelete(
  vault: Vault,
  { userId, fileId }: { userId: string; fileId: string },
): Promise<FileToDelete> {
  const file = await requireFile(vault, userId, fileId, 'delete');
  const visible = new Set(await vault.rights.visibleChannelsOf(userId, file));
  const shares = (await sharesOf(vault.catalog, file)).filter((share) => visible.has(share.channelId));
  const places = shares.map(({ channelId }) => channelId);
  const names = await namesShown(vault, userId, { people: [file.uploaderId], channels: places });
  return { file, shares, trashDays: vault.policy.trashDays, names };
}

/** A file that stays; `file` is null if this person may not know of it. */
export interface Staying {
  file: FileRow | null;
  refusal: UserError;
}

/** The files that this person could move to the trash now. Throws `UserError` when there are none. */
export async function filesToDelete(
  vault: Vault,
  asked: { userId: string; fileIds: readonly string[] },
): Promise<{ files: FileRow[]; staying: Staying[]; trashDays: number; names: Named }> {
  const { files, staying } = await sorted(vault, asked);
  if (files.length === 0) throw nothingToDelete();
  const people = files.map(({ uploaderId }) => uploaderId);
  const names = await namesShown(vault, asked.userId, { people, channels: [] });
  return { files, staying, trashDays: vault.policy.trashDays, names };
}

/** Which of these files could go to the trash now, and which would stay. */
async function sorted(
  vault: Vault,
  { userId, fileIds }: { userId: string; fileIds: readonly string[] },
): Promise<{ files: FileRow[]; staying: Staying[] }> {
  const files: FileRow[] = [];
  const staying: Staying[] = [];
  for (const fileId of fileIds) {
    try {
      const file = await requireFile(vault, userId, fileId, 'delete');
      if (file.state !== 'stored') staying.push({ file, refusal: staysUnstored() });
      else if (await isHeld(vault.catalog, file))
        staying.push({ file, refusal: await refusalOfHeld(vault, userId) });
      else files.push(file);
    } catch (error) {
      staying.push({ file: null, refusal: refusalIn(error) });
    }
  }
  return { files, staying };
}

/**
 * Moves several files to the trash. Each is judged separately; the refused ones are returned. Each channel is told of
 * all in one line.
 */
export async function moveSeveralToTrash(
  vault: Vault,
  { userId, fileIds, channelId }: { userId: string; fileIds: readonly string[]; channelId: string | null },
): Promise<{ moved: FileRow[]; staying: Staying[]; purgeAt: number | null }> {
  const { files, staying: held } = await sorted(vault, { userId, fileIds });
  const staying: Staying[] = held.map(({ refusal }) => ({ file: null, refusal }));
  const moved: FileRow[] = [];
  let purgeAt: number | null = null;
  // The same moment and threads for all, so that one message names them all.
  const now = vault.now();
  const threads = await threadsOf(
    vault.catalog,
    vault.identity.teamId,
    files.map(({ fileId }) => fileId),
  );
  for (const { fileId } of files) {
    try {
      const done = await moveToTrash(vault, { userId, fileId, channelId, now, threads });
      moved.push(done.file);
      purgeAt = done.purgeAt;
    } catch (error) {
      staying.push({ file: null, refusal: refusalIn(error) });
    }
  }
  return { moved, staying, purgeAt };
}

/** The refusal of one file; any other error ends everything. */
function refusalIn(error: unknown): UserError {
  if (error instanceof UserError) return error;
  throw error;
}
