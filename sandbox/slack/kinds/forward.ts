/** Forwarded messages, and messages of other apps. */
import { postMessage } from '../messages.ts';
import { messageObject } from '../render.ts';
import type { Json } from '../types.ts';
import type { World } from '../world.ts';
import { placeOf } from './shown.ts';

/**
 * Forwards a message: its text and its files are in an attachment with `is_share`, not in `files` of the new one
 * (java-slack-sdk, json-logs/samples/api/conversations.history.json). Answers the new message's `ts`.
 */
export function forwardMessage(
  world: World,
  user: string,
  channel: string,
  source: { channel: string; ts: string },
  text: string,
): string {
  const message = world.state.messages.get(source.channel, source.ts);
  if (message === undefined) throw new Error(`There is no message ${source.ts}`);
  const shown = messageObject(world, message);
  const { teamId } = world.state.identity;
  const attachment: Json = {
    id: 1,
    ts: source.ts,
    channel_id: source.channel,
    channel_team: teamId,
    is_msg_unfurl: true,
    is_share: true,
    is_thread_root_unfurl: false,
    author_id: message.user,
    from_url: `${world.baseUrl}/archives/${source.channel}/p${source.ts.replace('.', '')}`,
    fallback: message.text,
    text: message.text,
    ...(shown.files === undefined ? {} : { files: shown.files }),
    message_blocks: [
      { team: teamId, channel: source.channel, ts: source.ts, message: { blocks: message.blocks ?? [] } },
    ],
    mrkdwn_in: ['text'],
  };
  markShown(world, message.files ?? [], channel);
  return postMessage(world, { channel, user, text, attachments: [attachment] }).ts;
}

export interface AppPost {
  text?: string;
  blocks?: Json[];
  attachments?: Json[];
  /** Files that its blocks or attachments show. */
  files?: string[];
  username?: string;
}

/**
 * A message of another app: subtype `bot_message`, no user. An `image` block with `slack_file` shows a file that is
 * in no `files` (docs.slack.dev/reference/block-kit/composition-objects/slack-file-object). A bot's own name stands in
 * `username` (docs.slack.dev/reference/events/message/bot_message).
 */
export function postAsApp(world: World, channel: string, post: AppPost): string {
  const { files = [], username = 'Chart bot', text = '', ...rest } = post;
  markShown(world, [...files, ...slackFiles(rest.blocks ?? [])], channel);
  const sender = { bot_id: 'B0OTHERAPP1', username };
  const blocks = rest.blocks?.map((block) => withPicture(world, block));
  const draft = { channel, user: '', text, subtype: 'bot_message', sender };
  return postMessage(world, { ...draft, ...rest, ...(blocks === undefined ? {} : { blocks }) }).ts;
}

function slackFiles(blocks: Json[]): string[] {
  return blocks.flatMap((block) => (typeof block.slack_file?.id === 'string' ? [block.slack_file.id] : []));
}

/** That Slack writes the picture's own address beside the file that a block names is our reading; no recording found. */
function withPicture(world: World, block: Json): Json {
  const id = block.slack_file?.id;
  const file = typeof id === 'string' ? world.state.files.get(id) : undefined;
  if (file === undefined) return block;
  const url = `${world.baseUrl}/files-pri/${placeOf(world, file)}/${file.name ?? 'file'}`;
  return { ...block, is_animated: false, image_url: url, slack_file: { id, url } };
}

function markShown(world: World, ids: string[], channel: string): void {
  for (const id of ids) {
    const file = world.state.files.get(id);
    if (file === undefined) continue;
    file.shown_in = [...new Set([...(file.shown_in ?? []), channel])];
    world.state.files.set(id, file);
  }
}
