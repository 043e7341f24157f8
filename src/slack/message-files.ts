import type { ChannelKind, Share, Sighting } from '../catalog/model.ts';
import { picturesOfMessage } from './block-pictures.ts';
import { readFiles } from './file-object.ts';
import type { SlackFile, SlackFileShare } from './file-shape.ts';
import { type SayingMessage, saidIn } from './said.ts';
import { idOf, momentOf, momentOr, objectsOf, tsOf } from './shapes.ts';

/** The parts of a message that can hold files. They are the same in events, history and replies. */
export interface SlackMessage extends SayingMessage {
  thread_ts?: string;
  bot_id?: string;
  files?: SlackFile[];
  attachments?: Array<{ files?: SlackFile[]; text?: unknown; blocks?: unknown; message_blocks?: unknown }>;
  /** The first message of the thread, in a reply that was also sent to the channel. */
  root?: SlackMessage;
}

/**
 * All files of a message, each once and in the message's order: its own, those of messages forwarded in it, the
 * attachments of its e-mails, and pictures in its blocks. The message may have any subtype: Slack's docs promise no
 * subtype for files, so only the `files` count. `root`: the first message of its thread, if that is known.
 */
export function filesOfMessage(
  teamId: string,
  channel: { id: string; kind: ChannelKind | null },
  message: SlackMessage,
  root: SlackMessage | undefined = message.root,
): Sighting[] {
  const ts = tsOf(message.ts);
  const said = saidIn(message);
  const threadTs = tsOf(message.thread_ts);
  const rootSaid = root !== undefined && threadTs !== ts && tsOf(root.ts) === threadTs ? saidIn(root) : null;
  const share: Share = {
    channelId: channel.id,
    channelKind: channel.kind,
    ts,
    threadTs,
    userId: idOf(message.user),
    sharedAt: momentOr(ts, Date.now()),
    ...(said === null ? {} : { said }),
    ...(rootSaid === null ? {} : { rootSaid }),
  };
  const attachments = objectsOf<{ files?: SlackFile[] }>(message.attachments);
  const objects = [message, ...attachments].flatMap(({ files }) => objectsOf<SlackFile>(files));
  const all = [...objects, ...objectsOf<SlackFile>([message.file]), ...picturesOfMessage(message)];
  const found = new Map<string, Sighting>();
  for (const read of all.flatMap((object) => readFiles(teamId, object))) {
    const { fileId } = read.file;
    const known = found.get(fileId);
    // If a file is named twice, the entry that says more counts, at the first place.
    if (known === undefined) found.set(fileId, { ...read, share: { ...share, position: found.size } });
    else if (!known.file.complete && known.skip === undefined)
      found.set(fileId, { ...read, share: known.share });
  }
  return [...found.values()];
}

/**
 * The shares that `files.info` lists. The kind of channel is known only for public ones. A silent share, such as that
 * of a channel's canvas, is in no message: its `ts` leads to no message and only gives the time. Source: the file
 * object of Slack's own SDK types (`is_silent_share`, `source`) and recorded answers (`CHANNEL_TAB`).
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

/** Translates the `channel_type` of a message event for the catalog. */
export function channelKind(type: string | undefined): ChannelKind | null {
  const kinds: Record<string, ChannelKind> = { channel: 'public', group: 'private', im: 'im', mpim: 'mpim' };
  return type !== undefined && Object.hasOwn(kinds, type) ? (kinds[type] ?? null) : null;
}
