import { receive, shownSince } from '../../capture/receive.ts';
import { channelById } from '../../catalog/files/channels.ts';
import { fileById } from '../../catalog/files/lookup.ts';
import type { ChannelKind } from '../../catalog/model.ts';
import { messageWithoutFiles, notInConversation, savedByMembersOnly } from '../../refusals/files.ts';
import { messageAt } from '../../slack/message-at.ts';
import { filesOfMessage } from '../../slack/message-files.ts';
import type { Vault } from '../context.ts';

/** How many files of a message are on their way, already in the vault, and not kept. */
interface Saved {
  onTheWay: number;
  already: number;
  notKept: number;
}

/**
 * Captures the files of a message now, even if its event was lost, for somebody who can see the conversation. The
 * message is read from Slack again, so that an invented one brings nothing in. Throws `UserError`.
 */
export async function saveMessageFiles(
  vault: Vault,
  asked: { userId: string; channelId: string; ts: string; threadTs?: string | undefined },
): Promise<Saved> {
  const { userId, channelId, ts, threadTs } = asked;
  const kind = await kindOf(vault, channelId);
  if (kind === null) throw notInConversation();
  if (!(await vault.rights.maySeeChannel(userId, channelId))) throw savedByMembersOnly();
  const { teamId, botUserId } = vault.identity;
  const askedAt = vault.now();
  const found = await messageAt(vault.slack, { channelId, ts, threadTs });
  const sightings = found === undefined ? [] : filesOfMessage(teamId, { id: channelId, kind }, found);
  if (sightings.length === 0) throw messageWithoutFiles();
  const shown = shownSince(askedAt, sightings);
  await receive(vault.catalog, { teamId, botUserId, policy: vault.policy, now: vault.now() }, shown);
  vault.wake();
  return standing(vault, [...new Set(sightings.map(({ file }) => file.fileId))]);
}

/** The kind of this conversation; null if the bot is not in it. */
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
