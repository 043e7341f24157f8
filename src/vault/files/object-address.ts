import type { FileRow } from '../../catalog/model.ts';
import { keyForAdminsOnly } from '../../refusals/files.ts';
import { requireFile } from '../access.ts';
import type { Vault } from '../context.ts';

/** Where a file is in the bucket, for people who run the vault and may see the file. Throws `UserError`. */
export async function objectAddress(
  vault: Vault,
  { userId, fileId }: { userId: string; fileId: string },
): Promise<{ file: FileRow; bucket: string }> {
  const file = await requireFile(vault, userId, fileId, 'see');
  if (!(await vault.rights.isAdmin(userId))) throw keyForAdminsOnly();
  return { file, bucket: vault.bucket.name };
}
