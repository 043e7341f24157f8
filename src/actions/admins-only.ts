import { UserError } from '../errors.ts';
import type { Vault } from '../vault.ts';

/** Throws `UserError` unless this person is an admin now: of the workspace, or in VAULT_ADMINS. */
export async function adminsOnly({ rights }: Vault, userId: string): Promise<void> {
  if (!(await rights.isAdmin(userId)))
    throw new UserError('admins_only', 'Only workspace admins and the vault’s admins may do that.');
}

/** Throws `UserError` unless this person could open the channel in Slack now. */
export async function onlyWhoSees({ rights }: Vault, userId: string, channelId: string): Promise<void> {
  if (!(await rights.maySeeChannel(userId, channelId)))
    throw new UserError('not_a_member', 'You can ask that only while you can see the channel in Slack.');
}
