import { recordAudit } from '../catalog/audit.ts';
import { fileById } from '../catalog/capture.ts';
import type { FileRow } from '../catalog/model.ts';
import { UserError } from '../errors.ts';
import type { Vault } from '../vault.ts';

/**
 * The file for its Details: those who oversee the vault may know of it where they could not see it in Slack, but not what
 * is in it, and that they looked is written down before they do. Throws `UserError`.
 */
export async function fileToKnow(
  vault: Vault,
  userId: string,
  fileId: string,
): Promise<{ file: FileRow; oversight: boolean }> {
  const { catalog, identity, rights, now } = vault;
  const { teamId } = identity;
  if (await rights.oversees(userId)) {
    const file = await fileById(catalog, { teamId, fileId });
    if (file !== undefined && !(await rights.maySeeFile(userId, file))) {
      const about = { actorId: userId, fileId, channelId: null, detail: { what: 'details' } };
      await recordAudit(catalog, { at: now(), teamId, action: 'looked', ...about });
      return { file, oversight: true };
    }
  }
  return { file: await fileFor(vault, userId, fileId, 'see'), oversight: false };
}

/**
 * The file that a click named, if this person may do that with it *now*. The id in a button proves nothing: the
 * message may be old, forwarded or forged. A file that may not be seen and one that does not exist are told in the
 * same words. Throws `UserError`.
 */
export async function fileFor(
  vault: Vault,
  userId: string,
  fileId: string,
  to: 'see' | 'delete',
): Promise<FileRow> {
  const file = await fileById(vault.catalog, { teamId: vault.identity.teamId, fileId });
  if (file === undefined || !(await vault.rights.maySeeFile(userId, file))) {
    throw new UserError('no_such_file', 'There is no such file in the vault, or it is not yours to see.');
  }
  if (to === 'delete' && !(await vault.rights.mayDelete(userId, file))) {
    throw new UserError(
      'may_not_delete',
      'Only the person who uploaded this file, workspace admins and the vault’s admins may do that.',
    );
  }
  return file;
}
