import type { Entry } from '../ledger.ts';
import type { Stage } from '../stage.ts';
import { type Answer, okay } from './web.ts';

/**
 * Posts a message of the bot into the test channel, which says what it is for. It goes at the end of the rehearsal.
 * Throws `CheckFailed` when Slack refuses it.
 */
export async function postMessage(
  stage: Stage,
  about: string,
  more: Record<string, unknown> = {},
): Promise<{ answer: Answer; ts: string; entry: Entry }> {
  const { channel = stage.channel } = more as { channel?: string };
  const text = `Rehearsal ${stage.mark} ${about}`;
  const answer = okay('chat.postMessage', await stage.call('chat.postMessage', { channel, text, ...more }));
  const ts = String(answer.body.ts ?? answer.body.message?.ts ?? '');
  const entry = stage.ledger.add('a message of the bot', async () => {
    const gone = await stage.call('chat.delete', { channel, ts });
    if (gone.body?.error !== 'message_not_found') okay('chat.delete', gone);
  });
  return { answer, ts, entry };
}
