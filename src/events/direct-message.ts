import type { App } from '@slack/bolt';
import { answerDirect } from '../commands/direct.ts';
import { errorCode } from '../errors.ts';
import { idOf, tsOf } from '../slack/shapes.ts';
import type { Vault } from '../vault/context.ts';
import { createOnce } from './answer-once.ts';

/** Slack's own bot writes into direct messages, too. */
const SLACKBOT = 'USLACKBOT';

interface Said {
  channel?: string;
  channel_type?: string;
  subtype?: string;
  user?: string;
  bot_id?: string;
  text?: string;
  ts?: string;
  thread_ts?: string;
  edited?: unknown;
  hidden?: boolean;
}

/**
 * Somebody wrote to the bot. Only words of a person are answered: no file that was dropped there, no edit, no bot, and
 * so not the bot itself. A mention in a direct message is no `app_mention`
 * (docs.slack.dev/reference/events/app_mention). The delivery is acknowledged first.
 */
export function directMessage(app: App, vault: Vault): void {
  const isFirst = createOnce();
  app.event('message', async ({ event }) => {
    const said = event as unknown as Said;
    const [userId, channelId, ts] = [idOf(said.user), idOf(said.channel), tsOf(said.ts)];
    const isPlain = said.subtype === undefined && said.edited === undefined && said.hidden !== true;
    const isBots = said.bot_id !== undefined || userId === vault.identity.botUserId || userId === SLACKBOT;
    if (said.channel_type !== 'im' || !isPlain || isBots) return;
    if (userId === null || channelId === null || ts === null || !said.text?.trim()) return;
    if (!isFirst(channelId, ts)) return;
    const threadTs = tsOf(said.thread_ts);
    const asked = { userId, channelId, text: said.text, ts, ...(threadTs === null ? {} : { threadTs }) };
    answerDirect(vault, asked).catch((error: unknown) =>
      vault.log.warn(
        { code: errorCode(error), channel: channelId, err: error },
        'cannot answer a direct message',
      ),
    );
  });
}
