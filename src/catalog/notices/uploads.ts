import type { Catalog } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import type { Uploaded } from './model.ts';
import { addNotice } from './notices.ts';
import { targetOfUpload } from './targets.ts';

/** The uploader is told, in their direct conversation with the bot, how the upload ends. */
export async function tellOfUpload(
  catalog: Catalog,
  o: { teamId: string; channelId: string; upload: Uploaded; now: number },
): Promise<void> {
  const { teamId, upload, now } = o;
  const id = upload.files[0]?.fileId ?? '';
  const place = targetOfUpload(o.channelId, id, now);
  const notice = { kind: 'upload' as const, actorId: null, upload };
  await inTransaction(catalog, (scope) => addNotice(scope, { teamId, place, notice, now }));
}
