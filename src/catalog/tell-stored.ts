import type { ConfirmMode } from './model.ts';
import { placeOfStored } from './notice-places.ts';
import { addNotice } from './notices.ts';
import type { FileRecord, Scope } from './tables/schema.ts';

/** Tells the channel of a file that it was stored, in the caller's transaction. The caller marks the file as told. */
export async function tellStored(
  scope: Scope,
  file: FileRecord,
  { confirm, now }: { confirm: Exclude<ConfirmMode, 'off'>; now: number },
): Promise<void> {
  const { teamId, fileId, name, uploaderId: actorId, storedBytes: bytes } = file;
  const notice = { kind: 'stored' as const, fileId, actorId, name, bytes };
  await addNotice(scope, { teamId, place: placeOfStored(file, confirm, now), notice, now });
}
