import type { App } from '@slack/bolt';
import { receive } from '../capture/receive.ts';
import { fileById } from '../catalog/capture.ts';
import { idOf, momentOr } from '../slack/shapes.ts';
import { unknownFile } from '../slack/unknown-file.ts';
import type { Vault } from '../vault.ts';

/**
 * The safety net under `message`: it says only that a file was shared in a channel. Where the message has already
 * told all, there is nothing to do; otherwise the file waits a moment for it and is then looked up.
 */
export function fileShared(app: App, vault: Vault): void {
  app.event('file_shared', async ({ event }) => {
    const fileId = idOf(event.file_id) ?? idOf(event.file?.id);
    const [userId, channelId] = [idOf(event.user_id), idOf(event.channel_id)];
    const { teamId, botUserId } = vault.identity;
    if (fileId === null || channelId === null || userId === botUserId) return;
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
      shownAt: momentOr(event.event_ts, vault.now()),
    };
    await receive(vault.catalog, { teamId, botUserId, policy: vault.policy, now: vault.now() }, [
      { file: unknownFile(teamId, fileId), share },
    ]);
    vault.poke();
  });
}
