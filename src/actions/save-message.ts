import type { ModalView } from '@slack/types';
import { type Saved, savedScreen } from '../blocks/saved.ts';
import { screenModal } from '../blocks/screen-modal.ts';
import { receive, shownSince } from '../capture/receive.ts';
import { fileById } from '../catalog/capture.ts';
import { channelById } from '../catalog/channels.ts';
import type { ChannelKind } from '../catalog/model.ts';
import { UserError } from '../errors.ts';
import { messageAt } from '../slack/message-at.ts';
import { filesOfMessage } from '../slack/message-files.ts';
import type { Vault } from '../vault/context.ts';
import type { Shortcut } from './shortcut.ts';

/**
 * "Save to vault" on a message: its files are captured now, whatever became of the event about them. The message is
 * asked of Slack anew, so that a made-up one brings nothing in.
 */
export const saveMessage: Shortcut = {
  id: 'save_to_vault',
  async run(vault, { userId, message }): Promise<ModalView> {
    const { channelId, ts, threadTs } = message ?? { channelId: '', ts: '' };
    const kind = await kindOf(vault, channelId);
    if (kind === null) {
      throw new UserError(
        'not_in_channel',
        'I am not in this conversation, so Slack shows me none of its files. In a channel, type `/invite @ria-vault` and try again.',
      );
    }
    if (!(await vault.rights.maySeeChannel(userId, channelId))) {
      throw new UserError('not_a_member', 'You can save files only from conversations that you are in.');
    }
    const { teamId, botUserId } = vault.identity;
    const askedAt = vault.now();
    const found = await messageAt(vault.slack, { channelId, ts, threadTs });
    const sightings = found === undefined ? [] : filesOfMessage(teamId, { id: channelId, kind }, found);
    if (sightings.length === 0) throw new UserError('no_files', 'This message has no files.');
    const shown = shownSince(askedAt, sightings);
    await receive(vault.catalog, { teamId, botUserId, policy: vault.policy, now: vault.now() }, shown);
    vault.wake();
    const fileIds = [...new Set(sightings.map(({ file }) => file.fileId))];
    return screenModal(savedScreen(await standing(vault, fileIds)));
  },
};

/** What kind of conversation of the bot's this is; null when it is none. */
async function kindOf(vault: Vault, channelId: string): Promise<ChannelKind | null> {
  const known = await channelById(vault.catalog, vault.identity.teamId, channelId);
  if (known?.kind === 'im') return known.channelId.startsWith('D') ? 'im' : null;
  const isPublic = (await vault.people.botChannels()).get(channelId);
  if (isPublic === undefined) return null;
  return isPublic ? 'public' : known?.kind === 'mpim' ? 'mpim' : 'private';
}

async function standing(vault: Vault, fileIds: string[]): Promise<Saved> {
  const saved: Saved = { onTheWay: 0, already: 0, notKept: 0 };
  for (const fileId of fileIds) {
    const file = await fileById(vault.catalog, { teamId: vault.identity.teamId, fileId });
    if (file?.state === 'stored') saved.already += 1;
    else if (file && ['pending', 'storing', 'failed'].includes(file.state)) saved.onTheWay += 1;
    else saved.notKept += 1;
  }
  return saved;
}
