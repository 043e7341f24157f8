import { channel } from '../blocks/mrkdwn.ts';
import { access as words } from '../blocks/wording-govern.ts';
import { UserError } from '../errors.ts';
import type { Vault } from '../vault.ts';

/** Throws `UserError` unless this person is an admin now: of the workspace, or in VAULT_ADMINS. */
export async function adminsOnly({ rights }: Vault, userId: string): Promise<void> {
  if (!(await rights.isAdmin(userId)))
    throw new UserError('admins_only', 'Only workspace admins and the vault’s admins may do that.');
}

/** Throws `UserError` unless this person may read the audit log and see, set and lift holds. */
export async function auditorsOnly({ rights }: Vault, userId: string): Promise<void> {
  if (!(await rights.mayAudit(userId)))
    throw new UserError(
      'admins_only',
      'Only workspace admins, the vault’s admins and its auditors may do that.',
    );
}

/**
 * Throws `UserError` with what to do when the bot was removed from this channel. To be asked only about a channel that
 * the person may not see, or seems not to: its members may see it in Slack, but Slack tells the bot no more who they are.
 */
export async function notWhileLost({ rights }: Vault, channelId: string): Promise<void> {
  if (await rights.isLost(channelId)) throw new UserError('bot_removed', words.lost(channel(channelId)));
}

/** Throws `UserError` unless this person could open the channel in Slack now. */
export async function onlyWhoSees(vault: Vault, userId: string, channelId: string): Promise<void> {
  if (await vault.rights.maySeeChannel(userId, channelId)) return;
  await notWhileLost(vault, channelId);
  throw new UserError('not_a_member', 'You can ask that only while you can see the channel in Slack.');
}
