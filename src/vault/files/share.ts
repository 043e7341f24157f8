import { recordAudit } from '../../catalog/governance/audit.ts';
import type { FileRow } from '../../catalog/model.ts';
import { cannotPostHere, nothingToShare } from '../../refusals/files.ts';
import { mayPostIn, requireFile } from '../access.ts';
import type { Vault } from '../context.ts';
import { refuseInfected } from '../scan/gate.ts';

/**
 * Shares a file in a channel through the bot: this person must be a member there now, and must be allowed to see the
 * file now. `post` shows it there, but gives nobody a right to it. Throws `UserError`.
 */
export async function shareFile(
  vault: Vault,
  asked: {
    userId: string;
    fileId: string;
    channelId: string;
    post(file: FileRow): Promise<void>;
  },
): Promise<FileRow> {
  const { userId, channelId } = asked;
  const file = await requireFile(vault, userId, asked.fileId, 'see');
  if (!(await mayPostIn(vault, userId, channelId))) throw cannotPostHere();
  if (file.state !== 'stored') throw nothingToShare();
  await refuseInfected(vault, file);
  await asked.post(file);
  const { teamId, fileId } = file;
  const about = { teamId, actorId: userId, fileId, channelId, detail: {} };
  await recordAudit(vault.catalog, { at: vault.now(), action: 'posted', ...about });
  return file;
}
