import { unshareFile } from '../../catalog/files/unshare.ts';
import type { Vault } from '../context.ts';

/** A file left a channel; Slack names no message. `at` is when, if Slack said so. */
export async function fileLeftChannel(
  vault: Vault,
  { fileId, channelId, at }: { fileId: string; channelId: string; at: number | null },
): Promise<void> {
  const { teamId } = vault.identity;
  const now = vault.now();
  await unshareFile(vault.catalog, { teamId, fileId, channelId }, now, at ?? now);
  vault.wake('home', 'journal');
}
