import { lockFile } from '../db/lock-file.ts';
import type { Catalog } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';

import { recordAudit } from '../governance/audit.ts';
import { touchPost } from '../notices/notices.ts';
import { targetOfReaction } from '../notices/targets.ts';
import { putFile } from './change.ts';
import { shareRecords } from './share-rows.ts';

/**
 * Remembers that Slack deleted its copy of a file, also when the file is not known yet (deliveries come in any
 * order). The first report is audited; the vault's copy is not touched. `at` is when that was, by Slack's clock.
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
      // The messages that went with it were not taken back.
      await putFile(scope, file, after, shares);
      // The files left in its messages may all be stored now.
      for (const { channelId, ts } of shares)
        if (ts !== '') await touchPost(scope, teamId, targetOfReaction(channelId, ts, now));
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
