import { CHANNELS as FULL_OF_FILES } from '../sample.ts';
import { BOT_USER, CHANNELS, TEAM } from './message.ts';

type Answer = Record<string, unknown>;

let messages = 0;

/** Also the channels of a catalog that was filled before, if there is one. */
const ALL = process.env.BENCH_ALL_CHANNELS ? [...CHANNELS, ...FULL_OF_FILES] : CHANNELS;

/**
 * Slack's answer to a call, as little as the bot needs: its channels with no history, full members, and a `ts` for
 * everything that it posts. Methods that only have to succeed all get the same answer.
 */
export function answerTo(method: string, args: URLSearchParams, url: string): Answer {
  switch (method) {
    case 'auth.test':
      return { ok: true, team_id: TEAM, team: 'Bench', user_id: BOT_USER, bot_id: 'B0BENCH', url: `${url}/` };
    case 'apps.connections.open':
      return { ok: true, url: `${url.replace('http', 'ws')}/link` };
    case 'users.conversations':
      return { ok: true, channels: ALL.map(channel) };
    case 'conversations.info':
      return { ok: true, channel: channel(args.get('channel') ?? '') };
    case 'users.info':
      return { ok: true, user: { id: args.get('user'), team_id: TEAM, tz_offset: 0 } };
    case 'chat.postMessage':
      messages += 1;
      return {
        ok: true,
        channel: args.get('channel'),
        ts: `1700000000.${String(messages).padStart(6, '0')}`,
      };
    default:
      return { ok: true, messages: [], files: [], members: [], has_more: false };
  }
}

function channel(id: string): Answer {
  return { id, name: id.toLowerCase(), is_channel: true, is_private: false, is_archived: false };
}
