import { lockFile } from '../db/lock-file.ts';
import type { Catalog } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import type { FileRef, SharedFile, SkipReason } from '../model.ts';
import { isSlacks, shareRecords } from './share-rows.ts';
import { recordSharesIn } from './shares.ts';

/**
 * Records what only a known file names, such as an e-mail's attachments: each as a separate file, in every place where
 * the mail is, after it, and as quiet as it. In one transaction; repeats are harmless.
 */
export async function recordParts(
  catalog: Catalog,
  mail: FileRef,
  parts: Array<{ file: SharedFile; skip?: SkipReason }>,
  now: number,
): Promise<void> {
  if (parts.length === 0) return;
  await inTransaction(catalog, async (scope) => {
    const record = await lockFile(scope, mail);
    if (record === undefined) return;
    const shares = await shareRecords(scope, mail);
    // What was shared in the vault and taken back opens no attachment that comes later.
    const shown = shares.filter((share) => isSlacks(share) || share.removedAt === null);
    const found = parts.flatMap((part, at) =>
      shown.map(({ channelId, channelKind, ts, threadTs, userId, sharedAt, shownAt, ...more }) => ({
        ...part,
        share: {
          ...{ channelId, channelKind, ts: ts || null, threadTs, userId, sharedAt, shownAt },
          ...{ position: more.position + at + 1, silent: more.silent === 1, viaVault: !isSlacks(more) },
        },
        quiet: record.quiet === 1,
        ...(record.backfillId === null ? {} : { backfillId: record.backfillId }),
      })),
    );
    await recordSharesIn(scope, mail.teamId, found, now);
  });
}
