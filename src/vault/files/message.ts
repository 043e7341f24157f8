import { receive } from '../../capture/receive.ts';
import { saidAsKept } from '../../capture/words.ts';
import { type KnownOfChannel, upsertChannel } from '../../catalog/files/channels.ts';
import { messageIsGone, rootWasChanged } from '../../catalog/files/said.ts';
import type { Said } from '../../catalog/files/said-model.ts';
import { type RemovedShare, removeShare } from '../../catalog/files/unshare.ts';
import type { ChannelKind, Sighting } from '../../catalog/model.ts';
import { renewHomes } from '../../catalog/notices/homes.ts';
import { parentDeleted } from '../../catalog/notices/judge.ts';
import { touchPost } from '../../catalog/notices/notices.ts';
import { targetOfReaction } from '../../catalog/notices/targets.ts';
import { momentOf } from '../../slack/shapes.ts';
import type { Vault } from '../context.ts';
import { type MessageChange, takenBack } from './taken-back.ts';

/** A message in a conversation of ours: new, edited or deleted. */
export interface SeenMessage {
  channelId: string;
  /** The kind of conversation, if Slack said so. */
  kind: ChannelKind | null;
  /** The person who posts now, if a person does. */
  speaker: string | null;
  /** What this message makes of the channel: private or public. */
  becomes: ChannelKind | null;
  /** The author of the message as it is now. */
  author: string | null;
  /** The files that the message holds now. */
  files: readonly Sighting[];
  /** When this happened, in ms, if Slack said so. */
  at: number | null;
  change: MessageChange | null;
  /** The first message of a thread, if it is what was changed. */
  root: { ts: string; said: Said } | null;
  /** The message that was deleted. */
  deletedTs: string | null;
}

/** Writes down the files that a message brings, and those that its change took back. */
export async function messageWasSeen(vault: Vault, seen: SeenMessage): Promise<void> {
  const { channelId, files, change } = seen;
  const { teamId, botUserId } = vault.identity;
  await noticePeople(vault, seen);
  if (files.length > 0) {
    const about = { teamId, botUserId, policy: vault.policy, now: vault.now() };
    const channel = knownOfChannel(vault, seen);
    const due = await receive(vault.catalog, { ...about, channel }, [...files]);
    if (due > 0) vault.wake('capture', 'journal');
  }
  const removed = change === null ? [] : takenBack(channelId, change, files);
  await takeBack(vault, removed, seen.at ?? vault.now());
  await followWords(vault, seen);
  if (seen.deletedTs !== null) await parentDeleted(vault.catalog, { teamId, channelId, ts: seen.deletedTs });
}

/** What is kept of a message's words, where they are not those of a file's own message, follows its change. */
async function followWords(
  { catalog, identity: { teamId }, policy: { text }, now }: Vault,
  { channelId, change, root, at }: SeenMessage,
): Promise<void> {
  if (change?.isGone === true && change.ts !== null)
    await messageIsGone(catalog, { teamId, channelId, ts: change.ts }, at ?? now());
  else if (root !== null) {
    const said = await saidAsKept(catalog, { teamId, channelId, text }, root.said);
    await rootWasChanged(catalog, { teamId, channelId, ts: root.ts }, said);
  }
}

/** Unshares the files that one message lost at the moment `at`, by Slack's clock. */
async function takeBack(vault: Vault, removed: readonly RemovedShare[], at: number): Promise<void> {
  const [first] = removed;
  if (first === undefined) return;
  const { catalog, identity, now } = vault;
  // The share existed before it was gone, even if the clock says otherwise.
  const gone = Math.max(at, momentOf(first.ts) + 1);
  for (const one of removed) await removeShare(catalog, identity.teamId, one, now(), gone);
  // Perhaps all files that are left in the message are stored by now.
  await touchPost(catalog, identity.teamId, targetOfReaction(first.channelId, first.ts, now()));
  vault.wake('confirm', 'home', 'journal');
}

/** A person who writes in a channel is in it. A message also says when a channel becomes private or public. */
async function noticePeople(
  { catalog, identity, people, ...vault }: Vault,
  { channelId, speaker, becomes }: SeenMessage,
): Promise<void> {
  if (speaker !== null) people.sawIn(speaker, channelId);
  if (becomes === null) return;
  const now = vault.now();
  people.forgetChannel(channelId);
  people.forgetMemberships();
  await upsertChannel(catalog, { teamId: identity.teamId, channelId, kind: becomes, checkedAt: now });
  await renewHomes(catalog, { teamId: identity.teamId, now });
  vault.wake();
}

/** Only one person may see a direct message: the one who writes in it and is not the bot. */
function knownOfChannel(
  { identity, now }: Vault,
  { channelId, kind, author }: SeenMessage,
): KnownOfChannel | undefined {
  if (kind === null) return undefined;
  const known = { teamId: identity.teamId, channelId, kind, isMember: true, checkedAt: now() };
  const isTheOther = kind === 'im' && author !== null && author !== identity.botUserId;
  return isTheOther ? { ...known, imUserId: author } : known;
}
