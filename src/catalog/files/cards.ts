/** Messages of the bot that show a file: written down together with the right that they speak of, before they are posted. */
import { randomUUID } from 'node:crypto';
import { lockExclusive } from '../db/dialect.ts';
import { lockFile } from '../db/lock-file.ts';
import type { Catalog, Scope } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { updateDerived } from '../derived/update.ts';
import { recordAudit } from '../governance/audit.ts';
import type { ChannelKind, FileRef } from '../model.ts';
import { addNotice, type DuePost, dropPost, markPosted } from '../notices/notices.ts';
import { takePost } from '../notices/take-post.ts';
import { CARD, targetOfCard, targetOfGift } from '../notices/targets.ts';
import { closeFileIn, openFileIn } from './open-to.ts';
import { removalLock, settle, shareRecords } from './share-rows.ts';

/** How long whoever wrote a card down has to post it. Then it is due for every bot. */
const LEASE_MS = 60_000;

interface Written extends FileRef {
  /** Who shares it. */
  actorId: string;
  now: number;
}

/**
 * Writes down that a file is shared in a channel. If it `opens` the file, the channel's people may open it from now on:
 * what the card will say is true before it is posted. Returns the card, taken for `owner`; null when the file is not
 * stored any more, or when a card opens it in this channel already.
 */
export async function writeCard(
  catalog: Catalog,
  o: Written & { channelId: string; kind: ChannelKind; opens: boolean; owner: string },
): Promise<DuePost | null> {
  const { teamId, fileId, channelId, kind, opens, actorId, owner, now } = o;
  const topic = `${CARD}${randomUUID()}`;
  return inTransaction(catalog, async (scope) => {
    const to = { channelId, kind, ts: topic };
    if (opens && !(await openFileIn(scope, { teamId, fileId, to, actorId, now }))) return null;
    const place = targetOfCard(channelId, topic, now + LEASE_MS);
    const notice = { kind: 'card' as const, cardOf: fileId, opens, actorId };
    await addNotice(scope, { teamId, place, notice, now });
    return takePost(scope, teamId, place, owner);
  });
}

/**
 * Opens a file to a person, and writes down the message that tells them in this `conversation`. False when the file is not stored any more, or is open to them already.
 */
export async function writeGift(
  catalog: Catalog,
  o: Written & { personId: string; conversation: string },
): Promise<boolean> {
  const { teamId, fileId, personId, conversation, actorId, now } = o;
  return inTransaction(catalog, async (scope) => {
    const to = { channelId: personId, kind: 'im' as const, ts: null };
    if (!(await openFileIn(scope, { teamId, fileId, to, actorId, now }))) return false;
    const place = targetOfGift(conversation, fileId, personId, now);
    const notice = { kind: 'gift' as const, cardOf: fileId, personId, actorId };
    await addNotice(scope, { teamId, place, notice, now });
    return true;
  });
}

/** Like `markPosted`, for a card: its share gets the message's `ts`. Audited if it opens nothing. */
export async function cardPosted(
  catalog: Catalog,
  card: Pick<DuePost, 'id' | 'teamId' | 'channelId' | 'topic' | 'ts' | 'notices'>,
  owner: string,
  o: { ts: string; version: number; now: number },
): Promise<boolean> {
  const { teamId, channelId } = card;
  return inTransaction(catalog, async (scope) => {
    if (card.ts === null) await nameMessage(scope, card, o.ts);
    const isOurs = await markPosted(scope, card.id, owner, o);
    const [notice] = card.notices;
    if (!isOurs || card.ts !== null || notice?.kind !== 'card' || notice.opens) return isOurs;
    const { cardOf: fileId, actorId } = notice;
    const about = { teamId, actorId: actorId ?? 'vault', fileId, channelId, detail: { ts: o.ts } };
    await recordAudit(scope, { at: o.now, action: 'posted', ...about });
    return true;
  });
}

/**
 * Like `dropPost`, for a card or a gift's message that nobody has seen: what it was to open is closed again in the same
 * transaction. True when that closed the file.
 */
export async function cardDropped(
  catalog: Catalog,
  card: Pick<DuePost, 'id' | 'teamId' | 'channelId' | 'topic' | 'ts' | 'notices'>,
  owner: string,
  { code, now }: { code: string; now: number },
): Promise<boolean> {
  const { id, teamId, channelId, topic = '', ts } = card;
  const [notice] = card.notices;
  const opened =
    ts !== null
      ? null
      : notice?.kind === 'gift'
        ? { fileId: notice.cardOf, to: { channelId: notice.personId, ts: null } }
        : notice?.kind === 'card' && notice.opens
          ? { fileId: notice.cardOf, to: { channelId, ts: topic } }
          : null;
  return inTransaction(catalog, async (scope) => {
    const change = { teamId, actorId: 'vault', now };
    const isClosed = opened !== null && (await closeFileIn(scope, { ...change, ...opened }));
    const isOurs = await dropPost(scope, id, owner, code);
    // Whoever has the card now may post it: nothing is closed.
    if (!isOurs && isClosed) throw new LostCard();
    return isClosed;
  }).catch((error: unknown) => {
    if (error instanceof LostCard) return false;
    throw error;
  });
}

/** Ends the transaction without a change. */
class LostCard extends Error {}

async function nameMessage(
  scope: Scope,
  { teamId, channelId, topic = '' }: Pick<DuePost, 'teamId' | 'channelId' | 'topic'>,
  ts: string,
): Promise<void> {
  const rows = await scope.db
    .selectFrom('share')
    .select(['id', 'fileId', 'userId'])
    .where('teamId', '=', teamId)
    .where('channelId', '=', channelId)
    .where('ts', '=', topic)
    .orderBy('fileId')
    .execute();
  for (const { fileId } of rows) await lockExclusive(scope, removalLock({ teamId, fileId }));
  for (const { id, fileId } of rows) {
    const ref = { teamId, fileId };
    const file = await lockFile(scope, ref);
    // Slack may have told already that this message is gone. Then nothing else is known of it, and this is its share.
    await scope.db
      .deleteFrom('share')
      .where('teamId', '=', teamId)
      .where('fileId', '=', fileId)
      .where('channelId', '=', channelId)
      .where('ts', '=', ts)
      .execute();
    await scope.db.updateTable('share').set({ ts }).where('id', '=', id).execute();
    const isChanged = await settle(scope, { ...ref, channelId });
    if (isChanged && file !== undefined)
      await updateDerived(scope, file, file, await shareRecords(scope, ref));
  }
}
