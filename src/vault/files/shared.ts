import { receive } from '../../capture/receive.ts';
import { fileById } from '../../catalog/files/lookup.ts';
import { unknownFile } from '../../slack/unknown-file.ts';
import type { Vault } from '../context.ts';

/**
 * A file was shared in a channel; nothing else is known about it. If its message already told all, there is nothing to
 * do. Otherwise the file waits a moment for the message and is then looked up. `at` is when it was, if Slack said so.
 */
export async function fileWasShared(
  vault: Vault,
  seen: { fileId: string; userId: string | null; channelId: string; at: number | null },
): Promise<void> {
  const { fileId, userId, channelId, at } = seen;
  const { teamId, botUserId } = vault.identity;
  if (userId === botUserId) return;
  if (userId !== null) vault.people.sawIn(userId, channelId);
  const known = await fileById(vault.catalog, { teamId, fileId });
  if (known?.channelId === channelId && known.messageTs !== null) return;
  const share = {
    channelId,
    channelKind: null,
    ts: null,
    threadTs: null,
    userId,
    sharedAt: vault.now(),
    shownAt: at ?? vault.now(),
  };
  await receive(vault.catalog, { teamId, botUserId, policy: vault.policy, now: vault.now() }, [
    { file: unknownFile(teamId, fileId), share },
  ]);
  vault.wake();
}
