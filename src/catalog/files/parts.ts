import { lockFile } from '../db/lock-file.ts';
import type { Catalog } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import type { FileRef, SharedFile, SkipReason } from '../model.ts';
import { shareRecords } from './share-rows.ts';
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
    const found = parts.flatMap((part, at) =>
      shares.map(({ channelId, channelKind, ts, threadTs, userId, sharedAt, shownAt, position, silent }) => ({
        ...part,
        share: {
          ...{ channelId, channelKind, ts: ts || null, threadTs, userId, sharedAt, shownAt },
          ...{ position: position + at + 1, silent: silent === 1 },
        },
        quiet: record.quiet === 1,
        ...(record.backfillId === null ? {} : { backfillId: record.backfillId }),
      })),
    );
    await recordSharesIn(scope, mail.teamId, found, now);
  });
}
