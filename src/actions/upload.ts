import { screenModal } from '../blocks/screen-modal.ts';
import { uploadedScreen, uploadView } from '../blocks/upload.ts';
import { receive, type Sighting } from '../capture/receive.ts';
import { upsertChannel } from '../catalog/channels.ts';
import type { Share } from '../catalog/model.ts';
import { UserError } from '../errors.ts';
import { fileInfo } from '../slack/file-info.ts';
import type { Vault } from '../vault/context.ts';
import type { Action } from './click.ts';
import { mayPostIn } from './show-details.ts';
import type { InputValues, Submission } from './submission.ts';

const MOST_FILES = 10;

/** The button in App Home and under `/vault upload`. */
export const openUpload: Action = {
  id: 'open_upload',
  run: (_, click) => click.open(async () => uploadView()),
};

/**
 * Files that were put into the modal belong to whoever put them there, and are shared nowhere in Slack. In a channel
 * they are listed as if they had been shared there; otherwise they stand in a channel of the uploader's own, named
 * by their id, which nobody else can see.
 */
export const upload: Submission = {
  id: 'upload',
  async run(vault, { userId, values }) {
    const fileIds = chosenFiles(values);
    if (fileIds.length === 0) throw new UserError('no_files', 'Please choose at least one file.');
    if (fileIds.length > MOST_FILES) {
      throw new UserError(
        'too_many_files',
        `I take up to ${MOST_FILES} files at once. Choose fewer, please.`,
      );
    }
    const where = values.where?.where?.selected_conversation;
    const channelId = typeof where === 'string' ? where : null;
    const share = await shareOf(vault, userId, channelId);
    const { teamId, botUserId } = vault.identity;
    const sightings: Sighting[] = [];
    for (const fileId of fileIds) {
      // Asked of Slack, because whose file it is decides who will see it.
      const info = await fileInfo(vault.slack, { teamId, fileId });
      if (!('file' in info) || info.file.uploaderId !== userId) {
        throw new UserError('not_your_file', 'I can only take files that you have just uploaded yourself.');
      }
      const { file, skip } = info;
      sightings.push({ file, share, quiet: channelId === null, ...(skip === undefined ? {} : { skip }) });
    }
    await receive(vault.catalog, { teamId, botUserId, policy: vault.policy, now: vault.now() }, sightings);
    vault.wake();
    return screenModal(uploadedScreen({ files: sightings.length, channelId }));
  },
};

function chosenFiles(values: InputValues): string[] {
  const files = values.files?.files?.files;
  const ids = Array.isArray(files) ? files.map((file) => (file as { id?: unknown } | null)?.id) : [];
  return [...new Set(ids)].filter(
    (id): id is string => typeof id === 'string' && /^F[A-Z0-9]{1,30}$/.test(id),
  );
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
  if (!(await mayPostIn(vault, userId, channelId))) {
    throw new UserError('not_here', 'Choose a channel that you and I are both in, or none at all.');
  }
  const isPublic = (await vault.people.botChannels()).get(channelId) === true;
  const kind = isPublic ? 'public' : 'private';
  await upsertChannel(vault.catalog, { teamId, channelId, kind, isMember: true, checkedAt: now });
  return { channelId, channelKind: kind, ...about };
}
