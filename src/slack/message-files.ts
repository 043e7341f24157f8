import type { ChannelKind, Share, SharedFile, SkipReason } from '../catalog/model.ts';
import { readFileObject, type SlackFile, type SlackFileShare } from './file-object.ts';

export interface FoundFile {
  file: SharedFile;
  share: Share;
  skip?: SkipReason;
}

/** The parts of a message that can hold files, in events, history and replies alike. */
export interface SlackMessage {
  ts?: string;
  thread_ts?: string;
  user?: string;
  bot_id?: string;
  files?: SlackFile[];
  attachments?: Array<{ files?: SlackFile[] }>;
}

/**
 * Every file of a message, whatever its subtype: its own, and those of messages forwarded in it. Slack's docs
 * promise no subtype for files, so the `files` themselves are what counts.
 */
export function filesOfMessage(
  teamId: string,
  channel: { id: string; kind: ChannelKind | null },
  message: SlackMessage,
): FoundFile[] {
  const ts = message.ts ?? null;
  const all = [
    ...(message.files ?? []),
    ...(message.attachments ?? []).flatMap((attachment) => attachment.files ?? []),
  ];
  const share: Share = {
    channelId: channel.id,
    channelKind: channel.kind,
    ts,
    threadTs: message.thread_ts ?? null,
    userId: message.user ?? null,
    sharedAt: ts === null ? Date.now() : Math.round(Number(ts) * 1_000),
  };
  return all.flatMap((object) => {
    const read = readFileObject(teamId, object);
    return read === undefined ? [] : [{ ...read, share }];
  });
}

/** The shares that `files.info` lists; the kind of channel is known only where it is public. */
export function sharesOfFile(
  shares: Record<string, Record<string, SlackFileShare[]> | undefined> | undefined,
): Share[] {
  return Object.entries(shares ?? {}).flatMap(([privacy, byChannel]) =>
    Object.entries(byChannel ?? {}).flatMap(([channelId, list]) =>
      list.flatMap((share) =>
        share.ts === undefined
          ? []
          : [
              {
                channelId,
                channelKind: privacy === 'public' ? ('public' as const) : null,
                ts: share.ts,
                threadTs: share.thread_ts ?? null,
                userId: share.share_user_id ?? null,
                sharedAt: Math.round(Number(share.ts) * 1_000),
              },
            ],
      ),
    ),
  );
}

/** `channel_type` of a message event, in the catalog's words. */
export function channelKind(type: string | undefined): ChannelKind | null {
  const kinds: Record<string, ChannelKind> = { channel: 'public', group: 'private', im: 'im', mpim: 'mpim' };
  return type === undefined ? null : (kinds[type] ?? null);
}
