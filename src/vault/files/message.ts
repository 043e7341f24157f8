import { receive } from '../../capture/receive.ts';
import { type KnownOfChannel, upsertChannel } from '../../catalog/files/channels.ts';
import { type RemovedShare, removeShare } from '../../catalog/files/unshare.ts';
import type { ChannelKind, Sighting } from '../../catalog/model.ts';
import { renewHomes } from '../../catalog/notices/homes.ts';
import { parentDeleted } from '../../catalog/notices/judge.ts';
import { touchPost } from '../../catalog/notices/notices.ts';
import { placeOfReaction } from '../../catalog/notices/places.ts';
import { momentOf } from '../../slack/shapes.ts';
import type { Vault } from '../context.ts';
import { type MessageChange, takenBack } from './taken-back.ts';

/** A message in a conversation of ours, or that one was edited or deleted. */
export interface SeenMessage {
  channelId: string;
  /** What kind of conversation it is, where Slack said so. */
  kind: ChannelKind | null;
  /** The person who posts, if this is what a person posts now. */
  speaker: string | null;
  /** What the channel was made by this message, a private or a public one. */
  becomes: ChannelKind | null;
  /** Whose message it is, as it is now. */
  author: string | null;
  /** The files that the message holds now. */
  files: readonly Sighting[];
  /** When this happened, in ms, if Slack said so. */
  at: number | null;
  change: MessageChange | null;
  /** The message that was deleted. */
  deletedTs: string | null;
}

/** Writes down what a message brings, and what its change took back. */
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
  if (seen.deletedTs !== null) await parentDeleted(vault.catalog, { teamId, channelId, ts: seen.deletedTs });
}

/** Unshares what one message lost at the moment `at`, by Slack's clock. */
async function takeBack(vault: Vault, removed: readonly RemovedShare[], at: number): Promise<void> {
  const [first] = removed;
  if (first === undefined) return;
  const { catalog, identity, now } = vault;
  // It was there before it was gone, whatever the clock says.
  const gone = Math.max(at, momentOf(first.ts) + 1);
  for (const one of removed) await removeShare(catalog, identity.teamId, one, now(), gone);
  // What is left of the message may all be stored by now.
  await touchPost(catalog, identity.teamId, placeOfReaction(first.channelId, first.ts, now()));
  vault.wake('confirm', 'home', 'journal');
}

/** Whoever shares or writes in a channel is in it, and a channel that was made private or public says so. */
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

/** Who may see a direct message hangs on who its one person is: whoever else than the bot writes in it. */
function knownOfChannel(
  { identity, now }: Vault,
  { channelId, kind, author }: SeenMessage,
): KnownOfChannel | undefined {
  if (kind === null) return undefined;
  const known = { teamId: identity.teamId, channelId, kind, isMember: true, checkedAt: now() };
  const isTheOther = kind === 'im' && author !== null && author !== identity.botUserId;
  return isTheOther ? { ...known, imUserId: author } : known;
}
