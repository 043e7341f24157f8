import type { App } from '@slack/bolt';
import { answerMention } from '../commands/mention.ts';
import { errorCode } from '../errors.ts';
import type { Vault } from '../vault/context.ts';

/** How many answers are remembered: deliveries come again, and nobody should get an answer twice. */
const REMEMBERED = 500;

/**
 * Somebody mentioned the bot. Slack does not wait as long as an answer takes, so the delivery is acknowledged first. If
 * a crash loses the answer, the person asks again.
 */
export function appMention(app: App, vault: Vault): void {
  const answered = new Set<string>();
  app.event('app_mention', async ({ event }) => {
    const { user: userId, channel: channelId, text, ts, thread_ts: threadTs } = event;
    const key = `${channelId} ${ts}`;
    if (userId === undefined || event.bot_id !== undefined || answered.has(key)) return;
    answered.add(key);
    for (const oldest of answered) {
      if (answered.size <= REMEMBERED) break;
      answered.delete(oldest);
    }
    const asked = { userId, channelId, text, ts, ...(threadTs === undefined ? {} : { threadTs }) };
    answerMention(vault, asked).catch((error: unknown) =>
      vault.log.warn({ code: errorCode(error), channel: channelId, err: error }, 'cannot answer a mention'),
    );
  });
}
