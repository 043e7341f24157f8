import { retryAll } from '../../catalog/alerts/failing.ts';
import { retryFile } from '../../catalog/files/capture.ts';
import { mayPass } from '../../catalog/files/merge.ts';
import type { FileRow } from '../../catalog/model.ts';
import { nothingToRetry } from '../../refusals/files.ts';
import { requireAdmin, requireFile } from '../access.ts';
import type { Vault } from '../context.ts';

/**
 * Makes a file due at once that could not be captured. If the reason is permanent, it does nothing, and `isInVain` is
 * true. Throws `UserError`.
 */
export async function retryOne(
  vault: Vault,
  { userId, fileId }: { userId: string; fileId: string },
): Promise<{ file: FileRow; isInVain: boolean }> {
  const file = await requireFile(vault, userId, fileId, 'see');
  if (file.state !== 'failed' && file.state !== 'skipped') throw nothingToRetry();
  if (file.state === 'skipped' && !mayPass(file.reason)) return { file, isInVain: true };
  await retryFile(vault.catalog, file, userId, vault.now());
  vault.wake();
  return { file, isInVain: false };
}

/** Makes all failed files due at once, for admins. Returns how many these are. Throws `UserError`. */
export async function retryFailed(vault: Vault, { userId }: { userId: string }): Promise<{ files: number }> {
  await requireAdmin(vault, userId);
  const files = await retryAll(vault.catalog, vault.identity.teamId, userId, vault.now());
  vault.wake();
  return { files };
}
