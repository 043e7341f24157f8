import type { KnownBlock } from '@slack/types';
import type { SlackApi } from './api.ts';

/** Sends one person a direct message. Throws `SlackApiError`. */
export async function tellInPrivate(
  slack: SlackApi,
  userId: string,
  { text, blocks }: { text: string; blocks: KnownBlock[] },
): Promise<void> {
  await slack.call('chat.postMessage', { channel: await conversationWith(slack, userId), text, blocks });
}

/** The id of the direct conversation with a person. Throws `SlackApiError`. */
export async function conversationWith(slack: SlackApi, userId: string): Promise<string> {
  const { channel } = await slack.call<{ channel: { id: string } }>('conversations.open', { users: userId });
  return channel.id;
}
