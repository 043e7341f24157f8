import { DAY_MS } from '../../time.ts';
import { lockExclusive } from '../db/dialect.ts';
import type { Catalog } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { addNotice, saidSince } from '../notices/notices.ts';
import { targetOfJoined } from '../notices/targets.ts';

/** If the bot is taken out of a channel and put back within this time, it does not say hello again. */
const HELLO_AGAIN_MS = DAY_MS;

/** The bot is in a channel from now on, and says so there, once. */
export async function sayHello(
  catalog: Catalog,
  { teamId, channelId, now }: { teamId: string; channelId: string; now: number },
): Promise<void> {
  const place = targetOfJoined(channelId, now);
  await inTransaction(catalog, async (scope) => {
    await lockExclusive(scope, `joined ${teamId} ${channelId}`);
    if (await saidSince(scope, teamId, place, now - HELLO_AGAIN_MS)) return;
    const notice = { kind: 'joined', actorId: null } as const;
    await addNotice(scope, { teamId, place, notice, now });
  });
}
