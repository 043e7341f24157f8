import { botIsIn, channelForBot, scopeKind } from '../access.ts';
import { ApiError } from '../errors.ts';
import { messageObject } from '../render.ts';
import { isReply, takesNoReplies } from '../state-messages.ts';
import type { ChannelRecord, Json, MessageRecord } from '../types.ts';
import { type Call, type Family, paged } from './call.ts';

const HISTORY = ['channels:history', 'groups:history', 'im:history', 'mpim:history'];

/** Reading messages back: a channel's own, and those of one thread. */
export const history: Family = {
  'conversations.history': {
    tier: 3,
    scopes: HISTORY,
    run(call) {
      const channel = readable(call);
      const shown = call.world.state.messages
        .in(channel.id)
        .filter((message) => !isReply(message) || message.broadcast)
        .filter(within(call))
        .reverse();
      const page = pageOf(call, shown, ({ ts }, wanted) => ts <= wanted);
      return { ...page, pin_count: 0, channel_actions_ts: null, channel_actions_count: 0 };
    },
  },
  'conversations.replies': {
    tier: 3,
    scopes: HISTORY,
    run(call) {
      const { messages } = call.world.state;
      const channel = readable(call);
      const message = messages.get(channel.id, call.args.need('ts'));
      if (message === undefined) throw new ApiError('thread_not_found');
      const parent = isReply(message) ? messages.get(channel.id, message.thread_ts ?? '') : message;
      if (parent === undefined || takesNoReplies(parent)) throw new ApiError('thread_not_found');
      const replies = messages.replies(channel.id, parent.ts).filter(within(call));
      // The parent comes first on every first page, with any bounds.
      return pageOf(call, [parent, ...replies], upwards);
    },
  },
};

function readable({ world, args, requireScope }: Call): ChannelRecord {
  const channel = channelForBot(world, args.need('channel'));
  requireScope(`${scopeKind(channel)}:history`);
  if (!botIsIn(world, channel)) throw new ApiError('not_in_channel');
  return channel;
}

/** Messages between `oldest` and `latest`; the bounds themselves only with `inclusive`. */
function within({ args }: Call): (message: MessageRecord) => boolean {
  const oldest = bound(args.str('oldest') ?? '0', 'invalid_ts_oldest');
  const latest = bound(args.str('latest') ?? '9999999999', 'invalid_ts_latest');
  if (args.bool('inclusive')) return ({ ts }) => ts >= oldest && ts <= latest;
  return ({ ts }) => ts > oldest && ts < latest;
}

/** A bound in full timestamp form, so that it compares as text: callers may write it shorter. */
function bound(ts: string, code: string): string {
  const [, whole, part = ''] = /^0*(\d{1,10})(?:\.(\d{1,6})\d*)?$/.exec(ts) ?? [];
  if (whole === undefined) throw new ApiError(code);
  return `${whole.padStart(10, '0')}.${part.padEnd(6, '0')}`;
}

/** A page goes on where the last one ended, even if the message that it should begin with is now gone. */
type Begins = (message: MessageRecord, wanted: string) => boolean;

const upwards: Begins = ({ ts }, wanted) => ts >= wanted;

function pageOf({ world, args }: Call, list: MessageRecord[], begins: Begins): Json {
  const metadata = args.bool('include_all_metadata');
  const options = { fallback: 100, most: 999, key: (message: MessageRecord) => message.ts, begins };
  const { page, next_cursor } = paged(list, args, options);
  return {
    messages: page.map((message) => messageObject(world, message, { metadata })),
    has_more: next_cursor !== '',
    ...(next_cursor === '' ? {} : { response_metadata: { next_cursor } }),
  };
}
