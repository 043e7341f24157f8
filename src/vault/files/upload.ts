import { receive } from '../../capture/receive.ts';
import { upsertChannel } from '../../catalog/files/channels.ts';
import type { Share, Sighting } from '../../catalog/model.ts';
import { cannotUploadHere, noFilesChosen, notYourFile, tooManyFiles } from '../../refusals/files.ts';
import { fileInfo } from '../../slack/file-info.ts';
import { mayPostIn } from '../access.ts';
import type { Vault } from '../context.ts';

const MOST_FILES = 10;

/**
 * Takes files that this person has put into Slack but not shared. They belong to the person. With a channel, they are
 * listed as if they were shared there; with `channelId` null, they are in a private channel that has the person's id
 * as its name, and nobody else can see them. Returns how many files there are. Throws `UserError`.
 */
export async function uploadFiles(
  vault: Vault,
  asked: { userId: string; fileIds: readonly string[]; channelId: string | null },
): Promise<{ files: number }> {
  const { userId, fileIds, channelId } = asked;
  if (fileIds.length === 0) throw noFilesChosen();
  if (fileIds.length > MOST_FILES) throw tooManyFiles({ files: MOST_FILES });
  const share = await shareOf(vault, userId, channelId);
  const { teamId, botUserId } = vault.identity;
  const sightings: Sighting[] = [];
  for (const fileId of fileIds) {
    // We ask Slack who owns the file, because that decides who will see it.
    const info = await fileInfo(vault.slack, { teamId, fileId });
    if (!('file' in info) || info.file.uploaderId !== userId) throw notYourFile();
    const { file, skip } = info;
    sightings.push({ file, share, quiet: channelId === null, ...(skip === undefined ? {} : { skip }) });
  }
  await receive(vault.catalog, { teamId, botUserId, policy: vault.policy, now: vault.now() }, sightings);
  vault.wake();
  return { files: sightings.length };
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
