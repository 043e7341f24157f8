import type { SlackApi } from './api.ts';
import type { SlackMessage } from './message-files.ts';
import { objectsOf } from './shapes.ts';

/** Asks Slack for one message; undefined when there is none. Throws `SlackApiError`. */
export async function messageAt(
  api: SlackApi,
  place: { channelId: string; ts: string; threadTs?: string | undefined },
): Promise<SlackMessage | undefined> {
  const { channelId: channel, ts, threadTs } = place;
  const range = { channel, oldest: ts, latest: ts, inclusive: true };
  const inThread = threadTs !== undefined && threadTs !== ts;
  const method = inThread ? 'conversations.replies' : 'conversations.history';
  const args = inThread ? { ...range, ts: threadTs, limit: 10 } : { ...range, limit: 1 };
  const { messages } = await api.call<{ messages?: unknown }>(method, args, {
    patienceMs: 5_000,
  });
  return objectsOf<SlackMessage>(messages).find((message) => message.ts === ts);
}
