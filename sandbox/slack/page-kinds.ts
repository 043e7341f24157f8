/** The page's requests for what people make in Slack other than messages and uploads. */
import type { IncomingMessage } from 'node:http';
import { PageError } from './errors.ts';
import { storeBytes } from './file-host.ts';
import { pageFile } from './file-object.ts';
import { newId } from './ids.ts';
import { makeCanvas, putOnTab, shareCanvas } from './kinds/canvas.ts';
import { makeClip, recordClip, transcribe } from './kinds/clip.ts';
import { editable, editFile } from './kinds/edit.ts';
import type { LinkKind } from './kinds/facts.ts';
import { makeLink, shareLink } from './kinds/link.ts';
import { makeList, shareList } from './kinds/list.ts';
import { receiveMail } from './kinds/mail.ts';
import { attachment, type Served } from './kinds/serve.ts';
import type { EditableFile, MailRequest } from './page-api.ts';
import { memberChannel, visibleFile } from './people.ts';
import { showAgain } from './show-again.ts';
import type { ChannelRecord, FileRecord, Json } from './types.ts';
import type { World } from './world.ts';

/**
 * A recording is larger than the transcode that its URL sends: about this many times. One was measured on live Slack
 * (309,514 said, 171,187 sent: jdlien/goldfish, its plan for voice messages); that others are similar is our reading.
 */
const RECORDED_RATIO = 1.8;

type Handler = (world: World, body: Json, user: string) => Json | undefined;

/** POST requests by the last part of their address; `user` is an id already. */
export const KIND_POSTS: Record<string, Handler> = {
  mail(world, body, user) {
    const channel = channelIn(world, body, user);
    const mail = { ...(body as MailRequest), subject: need(body, 'subject') };
    const attachments = listOf(body, 'attachments').map((one: Json) => ({
      filename: need(one, 'filename'),
      mimetype: String(one.mimetype || 'application/octet-stream'),
      content: Buffer.from(String(one.content_base64 ?? ''), 'base64'),
      inline: one.inline === true,
    }));
    const { ts, fileId } = receiveMail(world, channel, { ...mail, attachments });
    return { ts, file_id: fileId };
  },
  canvas(world, body, user) {
    const canvas = {
      title: String(body.title ?? ''),
      ...(body.html === undefined ? {} : { html: String(body.html) }),
    };
    if (body.channel === undefined) return unshared(world, makeCanvas(world, user, canvas));
    const channel = channelIn(world, body, user);
    if (body.tab === true) return { file_id: putOnTab(world, user, channel, canvas) };
    const { ts, fileId } = shareCanvas(world, user, channel.id, canvas);
    return { ts, file_id: fileId };
  },
  list(world, body, user) {
    const columns = listOf(body, 'columns').map(String);
    const list = { title: String(body.title ?? ''), columns, rows: rowsOf(body) };
    if (body.channel === undefined) return unshared(world, makeList(world, user, list));
    const channel = channelIn(world, body, user);
    const { ts, fileId } = shareList(world, user, channel.id, list);
    return { ts, file_id: fileId };
  },
  link(world, body, user) {
    const kind: LinkKind = KINDS.find((one) => one === body.kind) ?? 'gdrive';
    const link = { name: need(body, 'name'), url: need(body, 'url'), kind, text: String(body.text ?? '') };
    if (body.channel === undefined) return unshared(world, makeLink(world, user, link));
    const channel = channelIn(world, body, user);
    const { ts, fileId } = shareLink(world, user, channel.id, link);
    return { ts, file_id: fileId };
  },
  transcribe(world, body, user) {
    const file = visibleFile(world, user, need(body, 'file_id'));
    if (file.clip === undefined) throw new PageError(400, 'not_a_clip');
    transcribe(world, file, String(body.text ?? ''));
    showAgain(world, file);
    return undefined;
  },
  'edit-file'(world, body, user) {
    const file = visibleFile(world, user, need(body, 'file_id'));
    editFile(world, file, {
      ...textsOf(body, ['content', 'title', 'name']),
      ...(body.rows === undefined ? {} : { rows: rowsOf(body) }),
      ...(body.columns === undefined ? {} : { columns: listOf(body, 'columns').map(String) }),
    });
    showAgain(world, file);
    return undefined;
  },
};

const KINDS: LinkKind[] = ['gdrive', 'dropbox', 'onedrive', 'remote'];

/** For the composer, where several may wait for one message. */
function unshared(world: World, file: FileRecord): Json {
  return { file: pageFile(world, file) };
}

/** An e-mail's attachment, by its position. Throws `PageError` 404. */
export function attachmentOf(world: World, file: FileRecord, place: string): Served {
  const found = attachment(world, file, file.mail?.attachments[Number(place)]?.hash ?? '');
  if (found === undefined) throw new PageError(404, 'There is no such attachment');
  return found;
}

/** Takes the body of a request as a clip; it is shared when a channel is named. */
export async function takeClip(
  world: World,
  user: string,
  query: URLSearchParams,
  request: IncomingMessage,
): Promise<Json> {
  const inChannel = query.get('channel');
  const channel = inChannel === null ? undefined : memberChannel(world, user, inChannel);
  const id = newId('F');
  const size = await storeBytes(world, `${id}.tmb`, request);
  const given = (name: string) => query.get(name) || undefined;
  const [name, transcript, thread_ts] = [given('name'), given('transcript'), given('thread_ts')];
  const clip = {
    id,
    kind: query.get('kind') === 'video' ? ('video' as const) : ('audio' as const),
    recordedBytes: Math.ceil(size * RECORDED_RATIO) + 1,
    ...(name === undefined ? {} : { name }),
    ...(transcript === undefined ? {} : { transcript }),
    ...(thread_ts === undefined ? {} : { thread_ts }),
  };
  if (channel === undefined) return unshared(world, makeClip(world, user, clip));
  return recordClip(world, user, channel.id, clip);
}

/** What a person begins to edit. */
export function toEdit(world: World, user: string, fileId: string): EditableFile {
  const file = visibleFile(world, user, fileId);
  return { title: file.title, ...editable(world, file) };
}

function textsOf(body: Json, names: string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => (typeof body[name] === 'string' ? [[name, body[name]]] : [])),
  );
}

function channelIn(world: World, body: Json, user: string): ChannelRecord {
  return memberChannel(world, user, need(body, 'channel'));
}

// biome-ignore lint/suspicious/noExplicitAny: JSON as it travels; every use checks what it reads
function listOf(body: Json, name: string): any[] {
  const value = body[name] ?? [];
  if (Array.isArray(value)) return value;
  throw new PageError(400, `${name} is not a list`);
}

function rowsOf(body: Json): string[][] {
  return listOf(body, 'rows').map((row) => (Array.isArray(row) ? row.map(String) : [String(row)]));
}

function need(body: Json, name: string): string {
  if (typeof body[name] === 'string' && body[name] !== '') return body[name];
  throw new PageError(400, `${name} is missing`);
}
