import { recordAudit } from './audit.ts';
import { writeChanges } from './change.ts';
import { lockFile } from './lock-file.ts';
import { placeOfReaction } from './notice-places.ts';
import { touchPost } from './notices.ts';
import { updateDerived } from './search/listing.ts';
import { shareRecords } from './share-rows.ts';
import type { Catalog } from './tables/schema.ts';
import { inTransaction } from './transaction.ts';

/**
 * Remembers that Slack deleted its copy of a file, also when the file is not known yet (deliveries come in any
 * order). The first word of it is audited; the vault's copy is not touched. `at` is when that was, by Slack's clock.
 */
export async function markDeletedInSlack(
  catalog: Catalog,
  teamId: string,
  fileId: string,
  now: number,
  at: number = now,
): Promise<void> {
  await inTransaction(catalog, async (scope) => {
    const file = await lockFile(scope, { teamId, fileId });
    const first = await scope.db
      .insertInto('gone')
      .values({ teamId, fileId, deletedAt: at })
      .onConflict((conflict) => conflict.doNothing())
      .returning('deletedAt')
      .executeTakeFirst();
    if (!first) return;
    if (file) {
      const after = { ...file, slackDeletedAt: at };
      const shares = await shareRecords(scope, file);
      await writeChanges(scope, file, after);
      // The messages that went with it were not taken back.
      await updateDerived(scope, file, after, shares);
      // What is left of its messages may all be stored by now.
      for (const { channelId, ts } of shares)
        if (ts !== '') await touchPost(scope, teamId, placeOfReaction(channelId, ts, now));
    }
    const channelId = file?.channelId ?? null;
    await recordAudit(scope, {
      at: now,
      teamId,
      actorId: 'vault',
      action: 'deleted_in_slack',
      fileId,
      channelId,
      detail: {},
    });
  });
}
