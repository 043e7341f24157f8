import { sql } from 'kysely';
import { DAY_MS } from '../../time.ts';
import { lockExclusive } from '../db/dialect.ts';
import type { Catalog, Scope } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { addNotice, saidSince } from '../notices/notices.ts';
import { targetOfJoined } from '../notices/targets.ts';

/** If the bot is taken out of a channel and put back within this time, it does not say hello again. */
const HELLO_AGAIN_MS = DAY_MS;

/** When the bot joins many channels by itself, it says hello in one of them in this time. */
const TURN_MS = 15_000;

/**
 * The bot is in a channel from now on, and says so there, once. `inTurn`: it came by itself, perhaps into thousands of
 * channels, and says it after the channels before.
 */
export async function sayHello(
  catalog: Catalog,
  o: { teamId: string; channelId: string; inTurn?: boolean; now: number },
): Promise<void> {
  const { teamId, channelId, inTurn = false, now } = o;
  const place = targetOfJoined(channelId, now);
  await inTransaction(catalog, async (scope) => {
    await lockExclusive(scope, inTurn ? `joined ${teamId}` : `joined ${teamId} ${channelId}`);
    if (await saidSince(scope, teamId, place, now - HELLO_AGAIN_MS)) return;
    const dueAt = inTurn ? Math.max(place.dueAt, (await lastTurn(scope, teamId)) + TURN_MS) : place.dueAt;
    const notice = { kind: 'joined', actorId: null } as const;
    await addNotice(scope, { teamId, place: { ...place, dueAt }, notice, now });
  });
}

/** When the last hello that still waits will be said (ms), or the last one was begun; 0 for none. */
async function lastTurn({ db }: Scope, teamId: string): Promise<number> {
  const { rows } = await sql<{ at: number | null }>`
    select max(coalesce(due_at, opened_at)) as at from post where team_id = ${teamId} and topic = 'joined'`.execute(
    db,
  );
  return Number(rows[0]?.at ?? 0);
}
