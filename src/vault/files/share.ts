import { randomUUID } from 'node:crypto';
import { writeCard, writeGift } from '../../catalog/files/cards.ts';
import { closeFile, openedTo, openMessageIn } from '../../catalog/files/open-to.ts';
import type { FileRow } from '../../catalog/model.ts';
import { endOfPost } from '../../catalog/notices/take-post.ts';
import { errorCode } from '../../errors.ts';
import {
  cannotPostHere,
  cannotWriteTo,
  notAllowedToPost,
  nothingToShare,
  notOpenThere,
  notYoursToShare,
} from '../../refusals/files.ts';
import { strangersGetNothing } from '../../refusals/people.ts';
import { SlackApiError } from '../../slack/api.ts';
import { conversationWith } from '../../slack/in-private.ts';
import { mayPostIn, requireFile, requireFileToKnow } from '../access.ts';
import { type ConfirmOptions, confirm } from '../confirm.ts';
import type { Vault } from '../context.ts';
import { refuseInfected } from '../scan/gate.ts';
import { type CardFacts, cardFacts } from './card.ts';

/** How a file was shared: its own uploader opens it; everybody else posts a card that opens it to nobody. */
export interface Shared {
  file: FileRow;
  isOpened: boolean;
  /** The bot's message, by its `ts`, or what stands for it while it waits. */
  ts: string;
  /** False while Slack does not take the card: it is posted as soon as it does. */
  isPosted: boolean;
  /** False if its uploader had shared it there already: no second card is posted. */
  isNew: boolean;
  /** The channel is public: everybody in the workspace may read it. */
  isPublic: boolean;
}

interface InChannel {
  userId: string;
  fileId: string;
  channelId: string;
}

/**
 * Shares a file in a channel through the bot: this person must be a member there now, and must be allowed to see the
 * file now. If the person uploaded it, the channel's people may open it from then on, as if it had been shared there in
 * Slack. The right and the card are written down first; `draw` draws the card, which is posted once, by another process
 * if this one dies. If Slack does not let us post there, nothing was shared. Throws `UserError`.
 */
export async function shareFile(
  vault: Vault,
  asked: InChannel & { draw(facts: CardFacts): Awaited<ReturnType<ConfirmOptions['render']>> },
): Promise<Shared> {
  const { userId, channelId, draw } = asked;
  const file = await requireToShare(vault, asked);
  const { catalog, policy, slack, log, now } = vault;
  const { teamId, fileId } = file;
  const isOpened = file.uploaderId === userId;
  const isPublic = (await vault.people.botChannels()).get(channelId) === true;
  const kind = isPublic ? 'public' : 'private';
  const owner = `share ${randomUUID()}`;
  const about = { teamId, fileId, channelId, actorId: userId, now: now() };
  const card = await writeCard(catalog, { ...about, kind, opens: isOpened, owner });
  if (card === null) {
    const ts = isOpened ? await openMessageIn(catalog, { teamId, fileId }, channelId) : null;
    if (ts === null) throw nothingToShare();
    return { file, isOpened, ts, isPosted: true, isNew: false, isPublic };
  }
  const render: ConfirmOptions['render'] = async (post) => draw(await cardFacts(vault, post));
  await confirm({ catalog, api: slack, owner, render, reaction: policy.reaction, log, now }, card);
  const { ts, droppedCode } = await endOfPost(catalog, card.id);
  vault.wake('journal', 'home', 'confirm');
  if (droppedCode !== null) throw notAllowedToPost();
  return { file, isOpened, ts: ts ?? card.topic ?? '', isPosted: ts !== null, isNew: true, isPublic };
}

/** Whether this person may share this file in this channel now. Throws `UserError`. */
export async function requireToShare(
  vault: Vault,
  { userId, fileId, channelId }: InChannel,
): Promise<FileRow> {
  const file = await requireFile(vault, userId, fileId, 'see');
  if (!(await mayPostIn(vault, userId, channelId))) throw cannotPostHere();
  if (file.state !== 'stored') throw nothingToShare();
  await refuseInfected(vault, file);
  return file;
}

interface ToPerson {
  userId: string;
  fileId: string;
  personId: string;
}

/**
 * Opens a file to one person, for its uploader. A direct message tells that person, as soon as Slack takes it; if it never
 * does, the file is closed to them again. `isNew` is false if they could open it this way before. Throws `UserError`, or
 * `SlackApiError` if it may pass: then nothing was given.
 */
export async function giveFile(vault: Vault, asked: ToPerson): Promise<{ file: FileRow; isNew: boolean }> {
  const { userId, personId } = asked;
  const file = await requireToGive(vault, asked);
  if (personId === userId) return { file, isNew: false };
  const conversation = await conversationOf(vault, personId);
  const { teamId, fileId } = file;
  const gift = { teamId, fileId, actorId: userId, personId, conversation, now: vault.now() };
  const isNew = await writeGift(vault.catalog, gift);
  vault.wake('journal', 'home', 'confirm');
  return { file, isNew };
}

/** Whether this person may give this file to that one now. Throws `UserError`. */
export async function requireToGive(vault: Vault, { userId, fileId, personId }: ToPerson): Promise<FileRow> {
  const file = await requireFile(vault, userId, fileId, 'see');
  if (file.uploaderId !== userId) throw notYoursToShare();
  if (file.state !== 'stored') throw nothingToShare();
  await refuseInfected(vault, file);
  const { isOurs } = await vault.people.person(personId);
  if (!isOurs || personId === vault.identity.botUserId) throw strangersGetNothing();
  return file;
}

/** Throws `UserError` for somebody who cannot be written to: nobody has a file without knowing. */
async function conversationOf({ slack, log }: Vault, personId: string): Promise<string> {
  try {
    return await conversationWith(slack, personId);
  } catch (error) {
    if (!(error instanceof SlackApiError) || !error.permanent) throw error;
    log.info({ code: errorCode(error), user: personId }, 'somebody who was given a file cannot be told');
    throw cannotWriteTo();
  }
}

/**
 * Closes a file again to a channel or a person to whom it was opened in the vault: for its uploader, and for admins. `ts`
 * is the bot's message in the channel, null for a person. Its card says so from then on. Throws `UserError`.
 */
export async function takeBackFile(
  vault: Vault,
  asked: { userId: string; fileId: string; channelId: string; ts: string | null },
): Promise<FileRow> {
  const { userId, channelId, ts } = asked;
  const { file } = await requireFileToKnow(vault, userId, asked.fileId);
  if (file.uploaderId !== userId && !(await vault.rights.isAdmin(userId))) throw notYoursToShare();
  const { teamId, fileId } = file;
  const change = { teamId, fileId, to: { channelId, ts }, actorId: userId, now: vault.now() };
  if (!(await closeFile(vault.catalog, change))) throw notOpenThere();
  vault.wake('journal', 'home', 'confirm');
  return file;
}

/** What somebody who wants to share a file has to know first. */
export interface SharePlan {
  file: FileRow;
  /** They uploaded it: sharing opens it. */
  isOwn: boolean;
  /** The channel where they asked, if they may post there. */
  channelId: string | null;
  /** Where it was opened in the vault, for its uploader and for admins. */
  opened: Array<{ channelId: string; ts: string | null }>;
  /** How many places there are besides, which an admin may not know of. */
  hidden: number;
}

/** Asked before the window to share a file is shown. Throws `UserError`. */
export async function planShare(
  vault: Vault,
  asked: { userId: string; fileId: string; channelId: string | null },
): Promise<SharePlan> {
  const { userId } = asked;
  const file = await requireFile(vault, userId, asked.fileId, 'see');
  if (file.state !== 'stored') throw nothingToShare();
  await refuseInfected(vault, file);
  const isOwn = file.uploaderId === userId;
  // Where it can be opened already, there is nothing to share.
  const isThere = (await vault.rights.visibleChannelsOf(userId, file)).includes(asked.channelId ?? '');
  const mayPost = asked.channelId !== null && !isThere && (await mayPostIn(vault, userId, asked.channelId));
  const mayTakeBack = isOwn || (await vault.rights.isAdmin(userId));
  const opened = mayTakeBack ? await openedTo(vault.catalog, file) : [];
  const seen = new Set(isOwn ? [] : await vault.rights.visibleChannelsOf(userId, file));
  const known = opened.filter(({ channelId, ts }) => isOwn || ts === '' || seen.has(channelId));
  return {
    ...{ file, isOwn, channelId: mayPost ? asked.channelId : null },
    opened: known.map(({ channelId, ts }) => ({ channelId, ts: ts || null })),
    hidden: opened.length - known.length,
  };
}
