import { fileById } from '../catalog/files/lookup.ts';
import { recordAudit } from '../catalog/governance/audit.ts';
import type { FileRow } from '../catalog/model.ts';
import {
  adminsOnly,
  auditorsOnly,
  botRemoved,
  mayNotDelete,
  noSuchFile,
  notAMember,
} from '../refusals/access.ts';
import { bucketAway } from '../refusals/bucket.ts';
import { RENEW_NO_MS } from '../slack/people.ts';
import type { Vault } from './context.ts';

/** Throws `UserError` while the bucket has not answered since the start: nothing can be had from it, or set for it. */
export function requireBucket({ bucketAwaySince }: Pick<Vault, 'bucketAwaySince'>): void {
  if (bucketAwaySince === undefined) return;
  const [day, time = ''] = new Date(bucketAwaySince).toISOString().split('T');
  throw bucketAway(`${day} ${time.slice(0, 5)} UTC`);
}

/**
 * The file, if this person may do this with it *now*. The id proves nothing: its message may be old, forwarded or
 * forged. Throws `UserError`: the same one for a file that they may not see and for a file that does not exist.
 */
export async function requireFile(
  vault: Vault,
  userId: string,
  fileId: string,
  to: 'see' | 'delete',
): Promise<FileRow> {
  const file = await fileById(vault.catalog, { teamId: vault.identity.teamId, fileId });
  if (file === undefined || !(await vault.rights.maySeeFile(userId, file))) throw noSuchFile();
  if (to === 'delete' && !(await vault.rights.mayDelete(userId, file))) throw mayNotDelete();
  return file;
}

/**
 * The file for its Details. People who oversee the vault may know of a file that they could not see in Slack, but not
 * its content; their look is written down first. Throws `UserError`.
 */
export async function requireFileToKnow(
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
  return { file: await requireFile(vault, userId, fileId, 'see'), oversight: false };
}

/** Throws `UserError` unless this person could open the channel in Slack now. */
export async function requireChannel(vault: Vault, userId: string, channelId: string): Promise<void> {
  if (await vault.rights.maySeeChannel(userId, channelId)) return;
  await refuseWhileLost(vault, channelId);
  throw notAMember();
}

/**
 * Throws `UserError` with what to do if the bot was removed from this channel. Call it only for a channel that the
 * person seems not to see: they may be a member in Slack, but Slack no longer tells the bot who the members are.
 */
export async function refuseWhileLost({ rights }: Vault, channelId: string): Promise<void> {
  if (await rights.isLost(channelId)) throw botRemoved(channelId);
}

/** Throws `UserError` unless this person is an admin now: of the workspace, or in VAULT_ADMINS. */
export async function requireAdmin({ rights }: Vault, userId: string): Promise<void> {
  if (!(await rights.isAdmin(userId))) throw adminsOnly();
}

/** Throws `UserError` unless this person may read the audit log and see, set and lift holds. */
export async function requireAuditor({ rights }: Vault, userId: string): Promise<void> {
  if (!(await rights.mayAudit(userId))) throw auditorsOnly();
}

/** Whether this person may post in a channel through the bot: both must be members now. */
export async function mayPostIn({ people }: Vault, userId: string, channelId: string): Promise<boolean> {
  const [theirs, ours] = await Promise.all([people.memberships(userId), people.botChannels()]);
  if (theirs.has(channelId) && ours.has(channelId)) return true;
  // Either may have joined meanwhile.
  const [newly, nowOurs] = await Promise.all([
    people.memberships(userId, RENEW_NO_MS),
    people.botChannels(RENEW_NO_MS),
  ]);
  return newly.has(channelId) && nowOurs.has(channelId);
}
