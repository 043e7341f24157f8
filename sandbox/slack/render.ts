/** Messages as the API, the events and the page show them. */
import { fileInEvent, fileInMessage, pageFile } from './file-object.ts';
import { contextTeam } from './organisation.ts';
import type { PageMessage } from './page-api.ts';
import { isReply } from './state-messages.ts';
import type { FileRecord, Json, MessageRecord } from './types.ts';
import type { World } from './world.ts';

/** Messages that Slack itself writes. */
const OWN_LINES = new Set(['channel_join', 'channel_leave', 'group_join', 'group_leave', 'huddle_thread']);

/** Who writes without a client. */
const NO_CLIENT = new Set(['USLACKBOT', '']);

interface Form {
  /** Files as events carry them, which faults may turn into stubs. */
  event?: boolean;
  metadata?: boolean;
}

/**
 * A message as Slack's API returns it (slackapi/java-slack-sdk, json-logs/samples/api/conversations.history.json).
 * Files carry no `subtype` here: only the event says `file_share` (docs.slack.dev/reference/events/message/file_share).
 * A parent that was deleted is Slackbot's, `hidden`, "This message was deleted." (recorded in 2025,
 * forrep/ossans_navi, tests/type/slack_messages_sample.py).
 */
export function messageObject(world: World, message: MessageRecord, form: Form = {}): Json {
  const { botUserId, botId, appId } = world.state.identity;
  const teamId = contextTeam(world, { channel: world.state.channels.get(message.channel) });
  const byBot = message.user === botUserId;
  const shown: Json = {
    ...(byBot || NO_CLIENT.has(message.user) || message.sender !== undefined
      ? {}
      : { client_msg_id: message.client_msg_id }),
    type: 'message',
    ...(message.subtype === undefined ? {} : { subtype: message.subtype }),
    user: message.user,
    text: message.text,
    ts: message.ts,
    team: teamId,
    ...(byBot ? { bot_id: botId, app_id: appId, bot_profile: botProfile(world) } : {}),
    ...(message.blocks === undefined ? {} : { blocks: message.blocks }),
    ...(message.attachments === undefined ? {} : { attachments: message.attachments }),
    ...(message.room === undefined ? {} : { room: message.room }),
  };
  if (message.sender !== undefined) {
    const { bot_id, username } = message.sender;
    Object.assign(shown, { bot_id, ...(username === undefined ? {} : { username }) });
    if (message.subtype === 'bot_message') delete shown.user;
  }
  if (message.subtype === 'tombstone') Object.assign(shown, { hidden: true });
  const files = filesOf(world, message);
  if (files.length > 0) {
    shown.files = files.map((file) => (form.event ? fileInEvent(world, file) : fileInMessage(world, file)));
    shown.upload = message.upload ?? false;
    shown.display_as_bot = message.sender?.display_as_bot ?? false;
  }
  if (message.edited !== undefined) shown.edited = message.edited;
  if (message.reactions?.length) shown.reactions = reactionObjects(message);
  if (form.metadata && message.metadata !== undefined) shown.metadata = message.metadata;
  return { ...shown, ...threadFields(world, message) };
}

function threadFields(world: World, message: MessageRecord): Json {
  const { messages } = world.state;
  if (isReply(message)) {
    const parent = messages.get(message.channel, message.thread_ts ?? '');
    const fields: Json = { thread_ts: message.thread_ts, parent_user_id: parent?.user };
    if (message.broadcast && parent !== undefined) fields.root = messageObject(world, parent);
    return fields;
  }
  const replies = messages.replies(message.channel, message.ts);
  const last = replies.at(-1);
  if (last === undefined) return {};
  const users = [...new Set(replies.map((reply) => reply.user))];
  return {
    thread_ts: message.ts,
    reply_count: replies.length,
    reply_users_count: users.length,
    latest_reply: last.ts,
    reply_users: users.slice(0, 5),
    is_locked: false,
    subscribed: replies.some((reply) => reply.user === world.state.identity.botUserId),
  };
}

/** Reactions as Slack lists them. */
function reactionObjects(message: MessageRecord): Json[] {
  return (message.reactions ?? []).map(({ name, users }) => ({ name, users, count: users.length }));
}

/** What Slack says about the app's bot beside its messages. */
export function botProfile(world: World): Json {
  const { botId, appId, teamId, botUserId } = world.state.identity;
  const name = world.app.manifest.display_information?.name ?? 'App';
  const person = world.state.people.get(botUserId);
  const icons = { image_36: '', image_48: '', image_72: '' };
  return { id: botId, app_id: appId, name, icons, deleted: false, updated: person?.updated, team_id: teamId };
}

/** The message as the sandbox's page shows it. */
export function pageMessage(world: World, message: MessageRecord): PageMessage {
  const files = filesOf(world, message);
  return {
    channel: message.channel,
    ts: message.ts,
    ...(isReply(message) ? { thread_ts: message.thread_ts } : {}),
    user: message.user,
    ...(message.sender === undefined ? {} : { username: message.sender.username ?? 'Email' }),
    text: message.text,
    ...(OWN_LINES.has(message.subtype ?? '') ? { subtype: message.subtype } : {}),
    ...(message.blocks === undefined ? {} : { blocks: message.blocks }),
    ...(files.length === 0 ? {} : { files: files.map((file) => pageFile(world, file)) }),
    ...(message.reactions?.length ? { reactions: message.reactions } : {}),
    ...(message.edited === undefined ? {} : { edited: true }),
    ...(message.ephemeralTo === undefined ? {} : { ephemeral: true }),
  };
}

function filesOf(world: World, message: MessageRecord): FileRecord[] {
  return (message.files ?? []).flatMap((id) => world.state.files.get(id) ?? []);
}
