import { createHash } from 'node:crypto';
import type { Catalog } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';

/** What was seen at which time (ms), and how long such a note is kept (ms). */
export interface SeenRequest {
  signature: string;
  now: number;
  keptMs: number;
}

/**
 * Notes that a signed request came. Returns when the same one came first, in ms, or undefined if this is the first.
 * Of two bots that get copies at the same moment, one is the first. Throws `CatalogError`.
 */
export async function noteRequest(
  catalog: Catalog,
  { signature, now, keptMs }: SeenRequest,
): Promise<number | undefined> {
  // With the signature itself, a reader of the catalog could send the request again.
  const digest = createHash('sha256').update(signature).digest('hex');
  return inTransaction(catalog, async ({ db }) => {
    await db
      .deleteFrom('seenRequest')
      .where('at', '<', now - keptMs)
      .execute();
    const noted = await db
      .insertInto('seenRequest')
      .values({ digest, at: now })
      .onConflict((conflict) => conflict.doNothing())
      .returning('at')
      .executeTakeFirst();
    if (noted !== undefined) return undefined;
    const first = await db
      .selectFrom('seenRequest')
      .select('at')
      .where('digest', '=', digest)
      .executeTakeFirst();
    return first?.at;
  });
}
