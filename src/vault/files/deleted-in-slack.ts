import { channelsOfFile, everSharedIn, fileById, partsOf } from '../../catalog/files/lookup.ts';
import { markDeletedInSlack } from '../../catalog/files/slack-deletion.ts';
import { trashFile } from '../../catalog/files/trash.ts';
import { rulesOf } from '../../catalog/governance/rules.ts';
import type { FileRef } from '../../catalog/model.ts';
import type { Vault } from '../context.ts';
import { purgeTimeOf } from '../trash.ts';

/**
 * Slack deleted its copy of a file. The vault keeps its own, or trashes it if VAULT_ON_SLACK_DELETE or the channel's
 * own rules say so; a file of several channels only if all of them say so. `at` is when it was, if Slack said so.
 */
export async function fileWasDeletedInSlack(
  vault: Vault,
  gone: { fileId: string; at: number | null },
): Promise<void> {
  const mail = { teamId: vault.identity.teamId, fileId: gone.fileId };
  const at = gone.at ?? vault.now();
  // An e-mail takes its attachments with it: Slack sends no other event for them.
  for (const fileId of [mail.fileId, ...(await partsOf(vault.catalog, mail))])
    await deleted(vault, { ...mail, fileId }, at);
}

async function deleted(vault: Vault, ref: FileRef, at: number): Promise<void> {
  const now = vault.now();
  await markDeletedInSlack(vault.catalog, ref.teamId, ref.fileId, now, at);
  vault.wake('confirm');
  const file = await fileById(vault.catalog, ref);
  if (file?.state !== 'stored') return;
  const places = await everSharedIn(vault.catalog, ref);
  const rules = await rulesOf(vault.catalog, ref.teamId, places, vault.policy);
  if ([...rules.values()].some(({ onSlackDelete }) => onSlackDelete === 'keep')) return;
  const purgeAt = purgeTimeOf(vault, now);
  const tellIn = await channelsOfFile(vault.catalog, ref);
  const { channelId } = file;
  await trashFile(vault.catalog, { ref, actorId: 'vault', channelId, tellIn, purgeAt, now });
  vault.wake();
}
