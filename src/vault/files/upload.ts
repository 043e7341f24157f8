import { receive } from '../../capture/receive.ts';
import { upsertChannel } from '../../catalog/files/channels.ts';
import type { Share, Sighting } from '../../catalog/model.ts';
import type { Uploaded } from '../../catalog/notices/model.ts';
import { tellOfUpload } from '../../catalog/notices/uploads.ts';
import { errorCode } from '../../errors.ts';
import { cannotUploadHere, noFilesChosen, notYourFile, tooManyFiles } from '../../refusals/files.ts';
import { conversationWith } from '../../slack/in-private.ts';
import { nameOf } from '../../text/file-name.ts';
import { mayPostIn } from '../access.ts';
import type { Vault } from '../context.ts';
import { justUploaded } from './just-uploaded.ts';

const MOST_FILES = 10;

/**
 * Takes files that this person has put into Slack but not shared. They belong to the person. With a channel, they are
 * listed as if they were shared there; with `channelId` null, they are in a private channel that has the person's id
 * as its name, and nobody else can see them. A direct message tells the person how it ends. Returns the files' names,
 * and whether everybody in the workspace may open them. `again` are the waits for a file that Slack does not know yet.
 * Throws `UserError`.
 */
export async function uploadFiles(
  vault: Vault,
  asked: { userId: string; fileIds: readonly string[]; channelId: string | null },
  again?: readonly number[],
): Promise<{ names: Array<string | null>; isPublic: boolean }> {
  const { userId, fileIds, channelId } = asked;
  if (fileIds.length === 0) throw noFilesChosen();
  if (fileIds.length > MOST_FILES) throw tooManyFiles({ files: MOST_FILES });
  const share = await shareOf(vault, userId, channelId);
  const { teamId, botUserId } = vault.identity;
  const sightings: Sighting[] = [];
  for (const fileId of fileIds) {
    // We ask Slack who owns the file, because that decides who will see it.
    const { file, skip } = await justUploaded(vault, fileId, again);
    if (file.uploaderId !== userId) throw notYourFile();
    sightings.push({ file, share, quiet: channelId === null, ...(skip === undefined ? {} : { skip }) });
  }
  const files = sightings.map(({ file }) => ({ fileId: file.fileId, name: nameOf(file) }));
  // Written down first: should this process die before it has the files, the message says so.
  await promiseWord(vault, userId, { files, channelId });
  await receive(vault.catalog, { teamId, botUserId, policy: vault.policy, now: vault.now() }, sightings);
  vault.wake();
  return { names: files.map(({ name }) => name), isPublic: share.channelKind === 'public' };
}

/** The channel to choose for files uploaded from here: this one, if the person may post in it; else none. */
export async function uploadPlace(
  vault: Vault,
  { userId, channelId }: { userId: string; channelId: string },
): Promise<string | null> {
  return /^[CG]/.test(channelId) && (await mayPostIn(vault, userId, channelId)) ? channelId : null;
}

/** A direct message will tell how the upload ends. Somebody who cannot be written to uploads without one. */
async function promiseWord(vault: Vault, userId: string, upload: Uploaded): Promise<void> {
  const { catalog, identity, slack, log, now } = vault;
  const channelId = await conversationWith(slack, userId).catch((error: unknown) => {
    log.info({ code: errorCode(error), user: userId }, 'nobody can be told how an upload ends');
    return null;
  });
  if (channelId !== null)
    await tellOfUpload(catalog, { teamId: identity.teamId, channelId, upload, now: now() });
}

/** Where the files are listed. Throws `UserError` for a channel that the person or the bot is not in. */
async function shareOf(vault: Vault, userId: string, channelId: string | null): Promise<Share> {
  const { teamId } = vault.identity;
  const now = vault.now();
  const about = { ts: null, threadTs: null, userId, sharedAt: now };
  if (channelId === null) {
    const own = { channelId: userId, kind: 'im' as const, imUserId: userId };
    await upsertChannel(vault.catalog, { teamId, ...own, checkedAt: now });
    return { channelId: userId, channelKind: 'im', ...about };
  }
  if (!(await mayPostIn(vault, userId, channelId))) throw cannotUploadHere();
  const isPublic = (await vault.people.botChannels()).get(channelId) === true;
  const kind = isPublic ? 'public' : 'private';
  await upsertChannel(vault.catalog, { teamId, channelId, kind, isMember: true, checkedAt: now });
  return { channelId, channelKind: kind, ...about };
}
