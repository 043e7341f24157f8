import type { App } from '@slack/bolt';
import { receive } from '../capture/receive.ts';
import { fileById } from '../catalog/capture.ts';
import { idOf, momentOr } from '../slack/shapes.ts';
import { unknownFile } from '../slack/unknown-file.ts';
import type { Vault } from '../vault/context.ts';

/**
 * The safety net under `message`: it says only that a file was shared in a channel. Where the message has already
 * told all, there is nothing to do; otherwise the file waits a moment for it and is then looked up.
 */
export function fileShared(app: App, vault: Vault): void {
  app.event('file_shared', async ({ event }) => {
    const [fileId, userId, channelId] = [event.file_id, event.user_id, event.channel_id].map(idOf);
    const { teamId, botUserId } = vault.identity;
    if (!fileId || !userId || !channelId || userId === botUserId) return;
    vault.people.sawIn(userId, channelId);
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
    vault.wake();
  });
}
