import type { App } from '@slack/bolt';
import { answerMention } from '../commands/mention.ts';
import { errorCode } from '../errors.ts';
import type { Vault } from '../vault/context.ts';
import { createOnce } from './answer-once.ts';

/**
 * Somebody mentioned the bot. Slack does not wait as long as an answer takes, so the delivery is acknowledged first. If
 * a crash loses the answer, the person asks again. Bots are never answered, and an edited message is not answered again.
 */
export function appMention(app: App, vault: Vault): void {
  const isFirst = createOnce();
  app.event('app_mention', async ({ event }) => {
    const { user: userId, channel: channelId, text, ts, thread_ts: threadTs } = event;
    const isBots = event.bot_id !== undefined || userId === vault.identity.botUserId;
    const isEdited = (event as { edited?: unknown }).edited !== undefined;
    if (userId === undefined || isBots || isEdited || !isFirst(channelId, ts)) return;
    const asked = { userId, channelId, text, ts, ...(threadTs === undefined ? {} : { threadTs }) };
    answerMention(vault, asked).catch((error: unknown) =>
      vault.log.warn({ code: errorCode(error), channel: channelId, err: error }, 'cannot answer a mention'),
    );
  });
}
