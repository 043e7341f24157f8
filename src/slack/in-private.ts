import type { KnownBlock } from '@slack/types';
import type { SlackApi } from './api.ts';

/** Sends one person a direct message. Throws `SlackApiError`. */
export async function tellInPrivate(
  slack: SlackApi,
  userId: string,
  { text, blocks }: { text: string; blocks: KnownBlock[] },
): Promise<void> {
  const { channel } = await slack.call<{ channel: { id: string } }>('conversations.open', { users: userId });
  await slack.call('chat.postMessage', { channel: channel.id, text, blocks });
}
