import { channelsOfFile, fileById, placesOfFile } from '../catalog/capture.ts';
import { markDeletedInSlack } from '../catalog/gone.ts';
import { rulesOf } from '../catalog/govern/rules.ts';
import type { FileRef } from '../catalog/model.ts';
import { partsOf } from '../catalog/parts.ts';
import { trashFile } from '../catalog/trash.ts';
import type { Vault } from './context.ts';
import { purgeTimeOf } from './trash.ts';

/**
 * Slack deleted its copy of a file (at `at`, by Slack's clock), and with an e-mail what was attached to it, for which
 * Slack has no other word. Nobody asks for it, so there are no rights to ask about. The vault keeps its own copy, or
 * trashes it where VAULT_ON_SLACK_DELETE or the channel's own rules say so; a file of several channels only where all of
 * them do.
 */
export async function deletedInSlack(
  vault: Vault,
  { fileId, at }: { fileId: string; at: number },
): Promise<void> {
  const file = { teamId: vault.identity.teamId, fileId };
  for (const gone of [fileId, ...(await partsOf(vault.catalog, file))])
    await copyDeleted(vault, { ...file, fileId: gone }, at);
}

async function copyDeleted(vault: Vault, ref: FileRef, at: number): Promise<void> {
  const { catalog, policy } = vault;
  const now = vault.now();
  await markDeletedInSlack(catalog, ref.teamId, ref.fileId, now, at);
  vault.poke('confirm');
  const file = await fileById(catalog, ref);
  if (file?.state !== 'stored') return;
  const rules = await rulesOf(catalog, ref.teamId, await placesOfFile(catalog, ref), policy);
  if ([...rules.values()].some(({ onSlackDelete }) => onSlackDelete === 'keep')) return;
  const tellIn = await channelsOfFile(catalog, ref);
  const where = { channelId: file.channelId, tellIn };
  await trashFile(catalog, { ref, actorId: 'vault', ...where, purgeAt: purgeTimeOf(vault, now), now });
  vault.poke();
}
