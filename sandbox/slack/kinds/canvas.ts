/** Canvases: in messages, and on a channel's tab, where no message carries them. */
import { writeFileSync } from 'node:fs';
import { createFile, fileEvent, touchFile } from '../files.ts';
import { newId, newWord } from '../ids.ts';
import { postMessage } from '../messages.ts';
import { escaped } from '../typed.ts';
import type { ChannelRecord, FileRecord, Json } from '../types.ts';
import { tellWorkspace } from '../workspace.ts';
import type { World } from '../world.ts';

export interface NewCanvas {
  title: string;
  /** Its content; without it the canvas is created empty, as in Slack. */
  html?: string;
  /** `quip` (default) is a canvas; `docs`, `space` and `post` are the posts of earlier years. */
  mode?: 'quip' | 'docs' | 'space' | 'post';
  thread_ts?: string;
}

/** Makes a canvas and shares it in a message. */
export function shareCanvas(
  world: World,
  user: string,
  channel: string,
  canvas: NewCanvas,
): { ts: string; fileId: string } {
  const file = makeCanvas(world, user, canvas);
  const { thread_ts } = canvas;
  const draft = {
    channel,
    user,
    text: '',
    files: [file.id],
    ...(thread_ts === undefined ? {} : { thread_ts }),
  };
  return { ts: postMessage(world, draft).ts, fileId: file.id };
}

/**
 * Puts a canvas on a channel's tab. No message says so: the share is silent, its `ts` is no message's, and
 * `file_shared` comes from Slackbot (recorded 2026-10; the share: curie-eng/curie, apps/api/tests/
 * test_channel_canvas.py). A paid plan shows it as `properties.canvas`; `tabOnly` is another canvas on a tab, or the only one of a free
 * workspace, which is in `properties.tabs` alone.
 */
export function putOnTab(
  world: World,
  user: string,
  channel: ChannelRecord,
  canvas: NewCanvas & { tabOnly?: boolean },
): string {
  const file = makeCanvas(world, user, canvas, '-');
  const ts = world.state.nextTs();
  file.shares.push({ channel: channel.id, ts, user, silent: true });
  world.state.files.set(file.id, file);
  const main = canvas.tabOnly !== true;
  const others = (channel.tabs ?? []).filter((tab) => !(main && tab.main));
  channel.tabs = [...others, { id: newId('Ct'), file_id: file.id, shared_ts: ts, main }];
  world.state.channels.set(channel.id, channel);
  const event = fileEvent(world, 'file_shared', file, { user_id: 'USLACKBOT', channel_id: channel.id });
  world.emit({ ...event, event_ts: ts }, { channel });
  tellWorkspace(world);
  return file.id;
}

/**
 * What `conversations.info` says of the canvases of a channel (docs.slack.dev/reference/objects/conversation-object; a
 * free workspace: curie-eng/curie, apps/api/tests/test_channel_canvas.py).
 */
export function canvasProperties(world: World, channel: ChannelRecord): Json {
  const tabs = channel.tabs ?? [];
  if (tabs.length === 0) return {};
  const main = tabs.find((tab) => tab.main);
  const facts = world.state.files.get(main?.file_id ?? '')?.canvas;
  const canvas =
    main === undefined || facts === undefined
      ? {}
      : {
          canvas: { file_id: main.file_id, is_empty: facts.empty, quip_thread_id: facts.quip_thread_id },
        };
  const shown = tabs.map((tab) =>
    tab.main
      ? { id: 'channel_canvas', type: 'channel_canvas', label: '' }
      : { id: tab.id, type: 'canvas', data: { file_id: tab.file_id, shared_ts: tab.shared_ts }, label: '' },
  );
  return { properties: { ...canvas, tabs: [...shown, { id: 'files', type: 'files', label: '' }] } };
}

/** Removes a deleted canvas from the tabs. */
export function forgetTab(world: World, file: FileRecord): void {
  for (const channel of [...world.state.channels.values()]) {
    if (!channel.tabs?.some((tab) => tab.file_id === file.id)) continue;
    channel.tabs = channel.tabs.filter((tab) => tab.file_id !== file.id);
    world.state.channels.set(channel.id, channel);
  }
}

/** Rewrites a canvas and sends `file_change`. */
export function writeCanvas(world: World, file: FileRecord, html: string): void {
  if (file.canvas === undefined) throw new Error(`${file.id} is no canvas`);
  const body = bodyOf(html);
  writeFileSync(world.state.filePath(file.id), body);
  Object.assign(file, { size: sizeOf(body) });
  file.canvas.empty = textOfHtml(body) === '';
  touchFile(world, file);
}

/** Makes a canvas that is not shown anywhere yet. */
export function makeCanvas(world: World, user: string, canvas: NewCanvas, name = slugOf(canvas)): FileRecord {
  const id = newId('F');
  const body = bodyOf(canvas.html ?? '');
  writeFileSync(world.state.filePath(id), body);
  const mode = canvas.mode ?? 'quip';
  const old = mode === 'docs' || mode === 'space';
  return createFile(world, {
    id,
    name,
    title: escaped(canvas.title),
    user,
    mode,
    size: sizeOf(body),
    // The oldest posts were plain text (slack-go/slack, messages_test.go); `Arugula`: wee-slack/wee-slack, mock_data.
    mimetype: mode === 'post' ? 'text/plain' : 'application/vnd.slack-docs',
    filetype: old ? mode : mode === 'post' ? 'post' : 'quip',
    pretty_type: mode === 'quip' ? 'Canvas' : mode === 'post' ? 'Post' : 'Arugula',
    canvas: { quip_thread_id: newWord(11), empty: textOfHtml(body) === '' },
  });
}

/**
 * The name is the slug of the first title: `Untitled` (zulip/zulip, slack_fixtures), or the words with `_` between
 * them (`Some_post_title` in wee-slack/wee-slack, mock_data). The handling of signs and shortcodes is our reading.
 */
function slugOf({ title }: NewCanvas): string {
  const slug = title.replace(/:[a-z0-9_+-]+:/g, '').replace(/[^A-Za-z0-9]+/g, '_');
  return slug.replace(/^_+|_+$/g, '') || 'Untitled';
}

/** A canvas is a piece of HTML without doctype, head or body (curie-eng/curie, apps/api/tests/test_channel_canvas.py). */
function bodyOf(html: string): string {
  return /^<(?:!doctype|html|div class="quip-canvas-content")/i.test(html)
    ? html
    : `<div class="quip-canvas-content">${html}</div>`;
}

/**
 * The size that Slack names is not that of the HTML: 602 (zulip/zulip, slack_fixtures) and 871 (curie-eng/curie, as
 * above). Nobody knows how it is counted; ours is only a different number.
 */
function sizeOf(body: string): number {
  return Math.ceil(Buffer.byteLength(body) * 0.6) + 87;
}

function textOfHtml(html: string): string {
  return html.replace(/<[^>]*>/g, '').trim();
}
