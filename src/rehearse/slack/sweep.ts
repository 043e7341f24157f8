import type { Stage } from '../stage.ts';
import { okay } from './web.ts';

interface Message {
  ts?: unknown;
  text?: unknown;
  reply_count?: unknown;
}

/**
 * Removes what still bears the rehearsal's mark in its channels: messages whose answer was lost, and those of files,
 * which stay when the file goes.
 */
export async function sweepMessages(stage: Stage): Promise<void> {
  for (const channel of [stage.channel, stage.privateChannel]) {
    if (channel === null) continue;
    const { body } = await stage.call('conversations.history', { channel, limit: 200 });
    if (body?.error === 'missing_scope') return;
    for (const message of listOf(body)) {
      if (Number(message.reply_count) > 0) {
        const thread = await stage.call('conversations.replies', { channel, ts: message.ts, limit: 200 });
        for (const reply of listOf(thread.body))
          if (reply.ts !== message.ts) await remove(stage, channel, reply);
      }
      await remove(stage, channel, message);
    }
  }
}

const listOf = (body: { messages?: unknown } | null): Message[] =>
  Array.isArray(body?.messages) ? body.messages : [];

/** By the bot, or by whoever shares files for the rehearsal. */
async function remove(stage: Stage, channel: string, { ts, text }: Message): Promise<void> {
  if (typeof text !== 'string' || !text.includes(stage.mark)) return;
  const gone = await stage.call('chat.delete', { channel, ts });
  const isOthers = gone.body?.error === 'cant_delete_message' && stage.hands?.isOurs === false;
  const token = stage.hands?.token ?? '';
  const last = isOthers ? await stage.call('chat.delete', { channel, ts }, { token }) : gone;
  if (last.body?.error !== 'message_not_found') okay('chat.delete', last);
}
