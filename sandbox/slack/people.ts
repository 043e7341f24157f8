/** What people do on the sandbox's page: the same code for the page's requests and for tests. */
import type { Readable } from 'node:stream';
import { hasMessagesTab, imWithBot, personSeesFile, seesChannel } from './access.ts';
import { joinChannel, leaveChannel } from './channels.ts';
import { PageError } from './errors.ts';
import { storeBytes } from './file-host.ts';
import { deleteFile } from './file-removal.ts';
import { createFile } from './files.ts';
import { newId } from './ids.ts';
import { addTranscode } from './kinds/clip.ts';
import { deleteMessage, editMessage, postMessage } from './messages.ts';
import type { PageMessage, PostRequest } from './page-api.ts';
import { pageMessage } from './render.ts';
import { messageText } from './typed.ts';
import type { ChannelRecord, FileRecord, MessageRecord } from './types.ts';
import { viewObject } from './views.ts';
import { personOf } from './workspace.ts';
import type { World } from './world.ts';

/** A channel's messages, replies and this person's ephemeral ones included, oldest first. */
export function messagesFor(world: World, user: string, channelId: string): PageMessage[] {
  visibleChannel(world, user, channelId);
  const mine = [...world.state.ephemerals.values()].filter(
    (message) => message.channel === channelId && message.ephemeralTo === user,
  );
  return [...world.state.messages.in(channelId), ...mine]
    .sort((a, b) => (a.ts < b.ts ? -1 : 1))
    .map((message) => pageMessage(world, message));
}

export interface UploadOptions {
  title?: string;
  /** hosted (default), snippet, email, space. */
  mode?: string;
  mimetype?: string;
  /** Where an external file really lives. */
  external_url?: string;
}

/** Streams a file to disk; it is not shared yet. */
export async function upload(
  world: World,
  user: string,
  name: string | null,
  body: Readable,
  options: UploadOptions = {},
): Promise<FileRecord> {
  const id = newId('F');
  const size = await storeBytes(world, id, body);
  const file = createFile(world, { ...options, id, name, user, size });
  if (file.mode === 'hosted' && TRANSCODED.has(file.filetype)) addTranscode(world, file);
  return file;
}

/** Uploads whose `url_private` is a transcode; `url_private_download` has the original (nyaruka/courier, handlers/slack). */
const TRANSCODED = new Set(['mp3', 'mp4']);

/** Writes a message, with files if any. */
export function post(world: World, request: PostRequest): MessageRecord {
  const { user, thread_ts, file_ids = [] } = request;
  const text = messageText(request.text);
  const channel = memberChannel(world, user, request.channel);
  if (text === '' && file_ids.length === 0) throw new PageError(400, 'no_text');
  if (channel.is_archived) throw new PageError(400, 'is_archived');
  if (channel.kind === 'im' && !takesMessages(world)) throw new PageError(403, 'messages_tab_disabled');
  const files = file_ids.map((id) => sharableFile(world, user, id).id);
  if (thread_ts !== undefined && world.state.messages.get(channel.id, thread_ts) === undefined) {
    throw new PageError(404, 'thread_not_found');
  }
  return postMessage(world, {
    channel: channel.id,
    user,
    text,
    ...(files.length > 0 ? { files } : {}),
    ...(thread_ts === undefined ? {} : { thread_ts }),
  });
}

/** Whether people can write to the app: it has a Messages tab, and that is not read-only (its default). */
function takesMessages(world: World): boolean {
  return (
    hasMessagesTab(world) && world.app.manifest.features?.app_home?.messages_tab_read_only_enabled === false
  );
}

/** Changes one's own message; files can be added. */
export function edit(
  world: World,
  request: { user: string; channel: string; ts: string; text: string; add_file_ids?: string[] },
): void {
  const message = ownMessage(world, request);
  const added = (request.add_file_ids ?? []).map((id) => sharableFile(world, request.user, id).id);
  const files = added.length > 0 ? { files: [...(message.files ?? []), ...added] } : {};
  editMessage(world, message, { text: messageText(request.text), ...files }, request.user);
}

/** Deletes one's own message, or an ephemeral one; admins may delete any. */
export function remove(world: World, request: { user: string; channel: string; ts: string }): void {
  const ephemeral = world.state.ephemerals.get(`${request.channel}/${request.ts}`);
  const mine = ephemeral?.ephemeralTo === request.user ? ephemeral : undefined;
  deleteMessage(world, mine ?? ownMessage(world, request));
}

/** Deletes one's own file; admins may delete any file that they see. */
export async function removeFile(world: World, user: string, fileId: string): Promise<void> {
  const file = visibleFile(world, user, fileId);
  if (file.user !== user && personOf(world, user).role !== 'admin')
    throw new PageError(403, 'cant_delete_file');
  await deleteFile(world, file);
}

/** Opens the App Home tab: the app is told, and may publish a view. */
export function openHome(world: World, user: string, tab: 'home' | 'messages' = 'home'): void {
  const im = imWithBot(world, user);
  const view = world.state.homes.get(user);
  world.emit(
    {
      type: 'app_home_opened',
      user,
      channel: im?.id,
      tab,
      ...(view === undefined || tab !== 'home' ? {} : { view: viewObject(world, view) }),
      event_ts: world.state.nextTs(),
    },
    {},
  );
}

/** A person joins or leaves a channel. The bot's own id may be given by a member: that invites or removes it. */
export function membership(world: World, user: string, channelId: string, member: boolean, by = user): void {
  const channel = visibleChannel(world, by, channelId);
  if (channel.kind === 'im') throw new PageError(400, 'method_not_supported_for_channel_type');
  if (member) joinChannel(world, channel, user, by === user ? undefined : by);
  else leaveChannel(world, channel, user);
}

/** A file that this person may look at. Throws `PageError` 404. */
export function visibleFile(world: World, user: string, fileId: string): FileRecord {
  const file = world.state.files.get(fileId);
  if (file === undefined || file.deleted || !personSeesFile(world, user, file)) {
    throw new PageError(404, 'file_not_found');
  }
  return file;
}

function sharableFile(world: World, user: string, fileId: string): FileRecord {
  return visibleFile(world, user, fileId);
}

function visibleChannel(world: World, user: string, channelId: string): ChannelRecord {
  const channel = world.state.channels.get(channelId);
  if (channel === undefined || !seesChannel(world, user, channelId))
    throw new PageError(404, 'channel_not_found');
  return channel;
}

/** The channel, if this person is in it. Throws `PageError` 403 or 404. */
export function memberChannel(world: World, user: string, channelId: string): ChannelRecord {
  const channel = visibleChannel(world, user, channelId);
  if (!channel.members.includes(user)) throw new PageError(403, 'not_in_channel');
  return channel;
}

function ownMessage(
  world: World,
  { user, channel, ts }: { user: string; channel: string; ts: string },
): MessageRecord {
  memberChannel(world, user, channel);
  const message = world.state.messages.get(channel, ts);
  if (message === undefined) throw new PageError(404, 'message_not_found');
  if (message.user !== user && personOf(world, user).role !== 'admin') throw new PageError(403, 'not_yours');
  return message;
}
