import type { DatabaseSync } from 'node:sqlite';
import { openTable } from './state-table.ts';
import type { MessageRecord } from './types.ts';

/** The messages of all channels; within a channel and a thread in the order of their timestamps. */
export interface Messages {
  get(channel: string, ts: string): MessageRecord | undefined;
  set(message: MessageRecord): void;
  delete(message: MessageRecord): void;
  /** Every message of a channel, replies included, oldest first. */
  in(channel: string): MessageRecord[];
  /** The replies to a message, oldest first, without the message itself. */
  replies(channel: string, threadTs: string): MessageRecord[];
  /** The greatest timestamp in the workspace. */
  lastTs(): string | undefined;
}

/** Opens the messages kept in `db`. */
export function openMessages(db: DatabaseSync): Messages {
  const table = openTable<MessageRecord>(db, 'messages');
  const byChannel = new Map<string, Map<string, MessageRecord>>();
  const byThread = new Map<string, Map<string, MessageRecord>>();
  let last: string | undefined;

  const index = (message: MessageRecord) => {
    bucket(byChannel, message.channel).set(message.ts, message);
    if (isReply(message))
      bucket(byThread, `${message.channel}/${message.thread_ts}`).set(message.ts, message);
    if (last === undefined || message.ts > last) last = message.ts;
  };
  // Insertion order is the order of the timestamps, because timestamps only grow.
  for (const message of [...table.values()].sort((a, b) => (a.ts < b.ts ? -1 : 1))) index(message);

  return {
    get: (channel, ts) => byChannel.get(channel)?.get(ts),
    set(message) {
      table.set(`${message.channel}/${message.ts}`, message);
      index(message);
    },
    delete(message) {
      table.delete(`${message.channel}/${message.ts}`);
      byChannel.get(message.channel)?.delete(message.ts);
      byThread.get(`${message.channel}/${message.thread_ts}`)?.delete(message.ts);
    },
    in: (channel) => [...(byChannel.get(channel)?.values() ?? [])],
    replies: (channel, threadTs) => [...(byThread.get(`${channel}/${threadTs}`)?.values() ?? [])],
    lastTs: () => last,
  };
}

/** Whether a message is a reply in a thread (the parent carries its own `ts` as `thread_ts`). */
export function isReply(message: { ts: string; thread_ts?: string }): boolean {
  return message.thread_ts !== undefined && message.thread_ts !== message.ts;
}

/**
 * Whether a message is a line of Slack's own that has no thread: "`channel_leave` and `channel_join` … cannot be threaded",
 * and `thread_not_found` answers a request for theirs (docs.slack.dev/reference/methods/conversations.replies). A
 * reply gets `cannot_reply_to_message`, "This message type cannot have thread replies" (…/chat.postMessage). That the
 * lines of private channels are alike is our reading.
 */
export function takesNoReplies({ subtype }: MessageRecord): boolean {
  return subtype !== undefined && NO_THREADS.has(subtype);
}

const NO_THREADS = new Set(['channel_join', 'channel_leave', 'group_join', 'group_leave']);

function bucket<T>(map: Map<string, Map<string, T>>, key: string): Map<string, T> {
  let found = map.get(key);
  if (found === undefined) {
    found = new Map();
    map.set(key, found);
  }
  return found;
}
