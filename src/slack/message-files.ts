import type { ChannelKind, Share, Sighting } from '../catalog/model.ts';
import { picturesOfMessage } from './block-pictures.ts';
import { readFiles } from './file-object.ts';
import type { SlackFile, SlackFileShare } from './file-shape.ts';
import { idOf, momentOf, momentOr, objectsOf, tsOf } from './shapes.ts';

/** The parts of a message that can hold files, in events, history and replies alike. */
export interface SlackMessage {
  ts?: string;
  thread_ts?: string;
  user?: string;
  bot_id?: string;
  files?: SlackFile[];
  /** The one file of messages from before 2018. */
  file?: SlackFile;
  attachments?: Array<{ files?: SlackFile[]; blocks?: unknown; message_blocks?: unknown }>;
  blocks?: unknown;
}

/**
 * Every file of a message, whatever its subtype, each once and in the message's order: its own, those of messages
 * forwarded in it, what was attached to its e-mails, and pictures in its blocks. Slack's docs promise no subtype for
 * files, so the `files` themselves are what counts.
 */
export function filesOfMessage(
  teamId: string,
  channel: { id: string; kind: ChannelKind | null },
  message: SlackMessage,
): Sighting[] {
  const ts = tsOf(message.ts);
  const share: Share = {
    channelId: channel.id,
    channelKind: channel.kind,
    ts,
    threadTs: tsOf(message.thread_ts),
    userId: idOf(message.user),
    sharedAt: momentOr(ts, Date.now()),
  };
  const attachments = objectsOf<{ files?: SlackFile[] }>(message.attachments);
  const objects = [message, ...attachments].flatMap(({ files }) => objectsOf<SlackFile>(files));
  const all = [...objects, ...objectsOf<SlackFile>([message.file]), ...picturesOfMessage(message)];
  const found = new Map<string, Sighting>();
  for (const read of all.flatMap((object) => readFiles(teamId, object))) {
    const { fileId } = read.file;
    const known = found.get(fileId);
    // Named twice, what says more counts; its place is the first.
    if (known === undefined) found.set(fileId, { ...read, share: { ...share, position: found.size } });
    else if (!known.file.complete && known.skip === undefined)
      found.set(fileId, { ...read, share: known.share });
  }
  return [...found.values()];
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
