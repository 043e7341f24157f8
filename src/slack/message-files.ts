import type { ChannelKind, Share, SharedFile, SkipReason } from '../catalog/model.ts';
import { readFileObject, type SlackFile, type SlackFileShare } from './file-object.ts';
import { idOf, momentOf, objectsOf, tsOf } from './shapes.ts';

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
  const ts = tsOf(message.ts);
  const attachments = objectsOf<{ files?: SlackFile[] }>(message.attachments);
  const all = [message, ...attachments].flatMap(({ files }) => objectsOf<SlackFile>(files));
  const share: Share = {
    channelId: channel.id,
    channelKind: channel.kind,
    ts,
    threadTs: tsOf(message.thread_ts),
    userId: idOf(message.user),
    sharedAt: ts === null ? Date.now() : momentOf(ts),
  };
  return all.flatMap((object, position) => {
    const read = readFileObject(teamId, object);
    return read === undefined ? [] : [{ ...read, share: { ...share, position } }];
  });
}

/**
 * The shares that `files.info` lists; the kind of channel is known only where it is public. A silent share, as a channel's
 * canvas has, is in no message: its `ts` leads nowhere, and only says when it was. Source: the file object of Slack's own
 * SDK types (`is_silent_share`, `source`) and recorded answers (`CHANNEL_TAB`).
 */
export function sharesOfFile(
  shares: Record<string, Record<string, SlackFileShare[]> | undefined> | undefined,
): Share[] {
  return Object.entries(shares ?? {}).flatMap(([privacy, byChannel]) =>
    Object.entries(byChannel ?? {}).flatMap(([channelId, list]) =>
      objectsOf<SlackFileShare>(list).flatMap((share) => {
        const ts = tsOf(share.ts);
        if (ts === null) return [];
        const isSilent = share.is_silent_share === true || share.source === 'CHANNEL_TAB';
        return {
          channelId,
          channelKind: privacy === 'public' ? ('public' as const) : null,
          ts: isSilent ? null : ts,
          ...(isSilent ? { silent: true } : {}),
          threadTs: tsOf(share.thread_ts),
          userId: idOf(share.share_user_id),
          sharedAt: momentOf(ts),
        };
      }),
    ),
  );
}

/** `channel_type` of a message event, in the catalog's words. */
export function channelKind(type: string | undefined): ChannelKind | null {
  const kinds: Record<string, ChannelKind> = { channel: 'public', group: 'private', im: 'im', mpim: 'mpim' };
  return type !== undefined && Object.hasOwn(kinds, type) ? (kinds[type] ?? null) : null;
}
