import { botIsIn, channelForBot, grantedScopes, hasMessagesTab, imWithBot } from '../access.ts';
import { type Problem, validateMessage } from '../blockkit/index.ts';
import { ApiError } from '../errors.ts';
import { deleteMessage, editMessage, postEphemeral, postMessage } from '../messages.ts';
import { messageObject } from '../render.ts';
import { takesNoReplies } from '../state-messages.ts';
import type { ChannelRecord, Json, MessageRecord } from '../types.ts';
import type { World } from '../world.ts';
import type { Args, Call, Family } from './call.ts';

/** chat.postMessage cuts off longer text; chat.update refuses more than 4,000. */
const MOST_TEXT = 40_000;
const MOST_UPDATE_TEXT = 4_000;

/**
 * `metadata_too_large`: "Metadata exceeds size limit" (docs.slack.dev/reference/methods/chat.postMessage). Slack
 * publishes no number; ours is small enough that an app that stays under it stays under Slack's.
 */
const MOST_METADATA = 8_000;

/** Posting, editing and deleting messages. */
export const chat: Family = {
  'chat.postMessage': { tier: 'special', scopes: ['chat:write'], run: post },
  'chat.postEphemeral': { tier: 4, scopes: ['chat:write'], run: ephemeral },
  'chat.update': { tier: 3, scopes: ['chat:write'], run: update },
  'chat.delete': { tier: 3, scopes: ['chat:write'], run: remove },
  'chat.getPermalink': { tier: 'special', run: permalink },
};

function post(call: Call): Json {
  const { world, args } = call;
  const channel = channelToPost(call);
  const content = contentOf(args);
  const wait = world.limits.post(channel.id);
  if (wait > 0) throw new ApiError('ratelimited', { seconds: wait });
  const thread_ts = args.str('thread_ts');
  // A parent that is gone is no error: the message then stands at the top of the channel (slack-go/slack#1571).
  if (thread_ts !== undefined && !/^\d{10}\.\d{6}$/.test(thread_ts)) throw new ApiError('invalid_arguments');
  const parent = world.state.messages.get(channel.id, thread_ts ?? '');
  if (parent !== undefined && takesNoReplies(parent)) throw new ApiError('cannot_reply_to_message');
  const broadcast = args.bool('reply_broadcast') && thread_ts !== undefined;
  const message = postMessage(world, {
    ...content,
    text: content.text.slice(0, MOST_TEXT),
    channel: channel.id,
    user: world.state.identity.botUserId,
    ...(thread_ts === undefined ? {} : { thread_ts }),
    ...(broadcast ? { broadcast } : {}),
    ...metadataOf(args),
  });
  const shown = messageObject(world, message, { metadata: true });
  const cut = content.text.length > MOST_TEXT;
  return {
    channel: channel.id,
    ts: message.ts,
    message: shown,
    ...(cut ? { warning: 'message_truncated', response_metadata: { warnings: ['message_truncated'] } } : {}),
  };
}

function ephemeral(call: Call): Json {
  const { world, args } = call;
  const channel = channelToPost(call);
  const content = contentOf(args);
  const to = args.need('user');
  if (!channel.members.includes(to)) throw new ApiError('user_not_in_channel');
  const thread_ts = args.str('thread_ts');
  const user = world.state.identity.botUserId;
  const draft = { ...content, channel: channel.id, user, ...(thread_ts === undefined ? {} : { thread_ts }) };
  return { message_ts: postEphemeral(world, draft, to).ts };
}

function update({ world, args }: Call): Json {
  const channel = channelForBot(world, args.need('channel'));
  const message = ownMessage(world, channel, args.need('ts'), 'cant_update_message');
  if (channel.is_archived) throw new ApiError('is_archived');
  const files = fileIds(world, args);
  const content = contentOf(args, files !== undefined || Boolean(message.files?.length));
  if (content.text.length > MOST_UPDATE_TEXT) throw new ApiError('msg_too_long');
  // Text alone removes the blocks; blocks alone leave the old text as the fallback.
  const change = {
    ...(args.has('text') ? { text: content.text } : {}),
    blocks: content.blocks ?? (args.has('text') ? [] : message.blocks),
    ...(content.attachments === undefined ? {} : { attachments: content.attachments }),
    ...(files === undefined ? {} : { files }),
    ...metadataOf(args),
  };
  const { blocks, ...rest } = change;
  editMessage(world, message, blocks === undefined ? rest : { ...rest, blocks }, message.user);
  const shown = messageObject(world, message, { metadata: true });
  return { channel: channel.id, ts: message.ts, text: message.text, message: shown };
}

function remove({ world, args }: Call): Json {
  const channel = channelForBot(world, args.need('channel'));
  const message = ownMessage(world, channel, args.need('ts'), 'cant_delete_message');
  deleteMessage(world, message);
  return { channel: channel.id, ts: message.ts };
}

function permalink({ world, args }: Call): Json {
  const channel = channelForBot(world, args.need('channel'));
  const ts = args.need('message_ts');
  const message = world.state.messages.get(channel.id, ts);
  if (message === undefined) throw new ApiError('message_not_found');
  const link = `${world.baseUrl}/archives/${channel.id}/p${ts.replace('.', '')}`;
  const inThread = message.thread_ts !== undefined && message.thread_ts !== ts;
  return {
    channel: channel.id,
    permalink: inThread ? `${link}?thread_ts=${message.thread_ts}&cid=${channel.id}` : link,
  };
}

/** The channel to post into. A person's id stands for the direct conversation with them. */
function channelToPost({ world, args }: Call): ChannelRecord {
  const wanted = args.need('channel').replace(/^#/, '');
  const byName = [...world.state.channels.values()].find((one) => one.name === wanted);
  const channel = wanted.startsWith('U')
    ? imWithBot(world, wanted)
    : channelForBot(world, byName?.id ?? wanted);
  if (channel === undefined) throw new ApiError('channel_not_found');
  if (!botIsIn(world, channel) && !grantedScopes(world).includes('chat:write.public'))
    throw new ApiError('not_in_channel');
  if (channel.is_archived) throw new ApiError('is_archived');
  if (channel.kind === 'im' && !hasMessagesTab(world)) throw new ApiError('messages_tab_disabled');
  return channel;
}

function ownMessage(world: World, channel: ChannelRecord, ts: string, refusal: string): MessageRecord {
  // Ephemeral messages are not found here: only their response_url can change them.
  const message = world.state.messages.get(channel.id, ts);
  if (message === undefined || message.subtype === 'tombstone') throw new ApiError('message_not_found');
  if (message.user !== world.state.identity.botUserId) throw new ApiError(refusal);
  return message;
}

interface Content {
  text: string;
  blocks?: Json[];
  attachments?: Json[];
}

function contentOf(args: Args, hasFiles = false): Content {
  const text = args.str('text') ?? '';
  const blocks = args.json('blocks', 'invalid_blocks_format');
  const attachments = args.json('attachments', 'invalid_attachments');
  if (blocks !== undefined && !Array.isArray(blocks)) throw new ApiError('invalid_blocks_format');
  if (attachments !== undefined && !Array.isArray(attachments)) throw new ApiError('invalid_attachments');
  if (text === '' && !blocks?.length && !attachments?.length && !hasFiles) throw new ApiError('no_text');
  const problems = validateMessage({ text, blocks, attachments });
  if (problems.length > 0) throw invalidBlocks(problems);
  return {
    text,
    ...(blocks === undefined ? {} : { blocks }),
    ...(attachments === undefined ? {} : { attachments }),
  };
}

function invalidBlocks(problems: Problem[]): ApiError {
  const messages = problems.map((problem) => `[ERROR] ${problem.message} [json-pointer:${problem.pointer}]`);
  return new ApiError('invalid_blocks', {
    errors: messages.map((message) => message.replace('[ERROR] ', '')),
    response_metadata: { messages },
  });
}

function metadataOf(args: Args): { metadata?: NonNullable<MessageRecord['metadata']> } {
  const metadata = args.json('metadata', 'invalid_metadata_format') as Json | undefined;
  if (metadata === undefined) return {};
  const { event_type, event_payload } = metadata;
  if (typeof event_type !== 'string' || event_type === '') throw new ApiError('invalid_metadata_format');
  if (typeof event_payload !== 'object' || event_payload === null)
    throw new ApiError('invalid_metadata_format');
  if (Buffer.byteLength(JSON.stringify(event_payload)) > MOST_METADATA) {
    throw new ApiError('metadata_too_large');
  }
  return { metadata: { event_type, event_payload } };
}

function fileIds(world: World, args: Args): string[] | undefined {
  const ids = args.json('file_ids');
  if (ids === undefined) return undefined;
  if (!Array.isArray(ids) || ids.some((id) => world.state.files.get(id) === undefined)) {
    throw new ApiError('file_not_found');
  }
  return ids;
}
