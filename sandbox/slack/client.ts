/** A person at the sandbox's page, for tests: `slack.as('anna')`. */
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { Audience } from './audience.ts';
import { findElement } from './blocks.ts';
import { createChannel } from './channels.ts';
import { runCommand } from './commands.ts';
import { renameFile } from './files.ts';
import { act, shortcut, suggest } from './interactions.ts';
import { type NewCanvas, putOnTab, shareCanvas } from './kinds/canvas.ts';
import { type NewClip, recordClip } from './kinds/clip.ts';
import { editFile, type FileEdit } from './kinds/edit.ts';
import { forwardMessage } from './kinds/forward.ts';
import { type NewLink, shareLink } from './kinds/link.ts';
import { type NewList, shareList } from './kinds/list.ts';
import { postMessage } from './messages.ts';
import type { ActionRequest, PageEvent, PageMessage, SubmitResult, View, Workspace } from './page-api.ts';
import * as people from './people.ts';
import { closeView, submit } from './submissions.ts';
import type { Json, ViewRecord } from './types.ts';
import { personOf, workspaceFor } from './workspace.ts';
import type { World } from './world.ts';

/** Bytes, text, a stream of bytes, or a file on disk. */
export type Content = string | Uint8Array | AsyncIterable<Uint8Array> | { path: string };

export interface NewUpload extends people.UploadOptions {
  name: string | null;
  content: Content;
}

/** Everything a person can do. Channels are named or given by id. Refusals are thrown as `PageError`. */
export interface PersonClient {
  id: string;
  workspace(): Workspace;
  /** Uploads without sharing; returns the file's id. */
  upload(file: NewUpload): Promise<string>;
  /** Uploads files and shares them in one message; returns its `ts` and the files' ids in order. */
  share(
    channel: string,
    files: NewUpload | NewUpload[],
    options?: { text?: string; thread_ts?: string },
  ): Promise<{ ts: string; files: string[] }>;
  post(channel: string, text: string, options?: { thread_ts?: string; file_ids?: string[] }): string;
  edit(channel: string, ts: string, text: string, add_file_ids?: string[]): void;
  /** Changes a canvas, list, post or snippet; the app hears `file_change`. */
  edit(fileId: string, change: FileEdit): void;
  /** Records a voice or video message in a channel. */
  clip(channel: string, clip: NewClip): { ts: string; files: string[] };
  /** Makes a canvas (born empty without `html`) and shares it. */
  canvas(channel: string, canvas: NewCanvas): { ts: string; fileId: string };
  /** Puts a canvas on the channel's tab, without a message; answers its id. */
  channelCanvas(channel: string, canvas: NewCanvas & { tabOnly?: boolean }): string;
  list(channel: string, list: NewList): { ts: string; fileId: string };
  /** Shares a file that lives elsewhere, in Google Drive by default. */
  link(channel: string, link: NewLink): { ts: string; fileId: string };
  /** Posts a message with blocks, as the composer makes them: rich text with a canvas element, for example. */
  rich(channel: string, message: { text: string; blocks: Json[]; file_ids?: string[] }): string;
  /** Forwards a message into another channel, with its files. */
  forward(channel: string, source: { channel: string; ts: string }, text?: string): string;
  remove(channel: string, ts: string): void;
  removeFile(fileId: string): Promise<void>;
  renameFile(fileId: string, change: { name?: string; title?: string }): void;
  /** Types a whole line such as `/vault list`; resolves when the app has acknowledged it. */
  command(channel: string, line: string): Promise<void>;
  /** Acts on an element of a message or a view; without `block_id` the first with this action id. */
  action(
    container: ActionRequest['container'] | PageMessage | View,
    actionId: string,
    options?: { block_id?: string; payload?: Record<string, unknown>; state?: ActionRequest['state'] },
  ): Promise<void>;
  options(
    container: ActionRequest['container'] | PageMessage | View,
    actionId: string,
    typed: string,
  ): Promise<Record<string, unknown>>;
  submit(viewId: string, values?: Record<string, Record<string, unknown>>): Promise<SubmitResult>;
  close(viewId: string): Promise<void>;
  shortcut(callbackId: string, on?: { channel: string; ts: string }): Promise<void>;
  /** Opens the App Home tab. */
  home(): void;
  /** The Home view as last published for this person. */
  homeView(): View | undefined;
  /** The modal on top, if one is open. */
  modal(): ViewRecord | undefined;
  /** Makes a channel, public unless told otherwise; returns its id. */
  makeChannel(name: string, options?: { isPrivate?: boolean; isShared?: boolean }): string;
  join(channel: string): void;
  leave(channel: string): void;
  /** Brings the bot into a channel, or takes it out. */
  invite(channel: string): void;
  kick(channel: string): void;
  /** The channel as this person sees it, ephemeral messages included. */
  messages(channel: string): PageMessage[];
  /** Calls back for everything that this person's page would get; returns a function that stops this. */
  listen(listener: (event: PageEvent) => void): () => void;
  /** Waits until `probe` returns something; asks again after each event that this person sees. */
  waitFor<T>(probe: () => T | undefined | null | false, timeoutMs?: number): Promise<T>;
}

/** The client of one person. */
export function clientFor(world: World, audience: Audience, who: string): PersonClient {
  const user = personOf(world, who).id;
  const { botUserId } = world.state.identity;
  const channelId = (channel: string) => {
    const named = [...world.state.channels.values()].find((one) => one.name === channel.replace(/^#/, ''));
    return named?.id ?? channel;
  };
  const memberOf = (channel: string) => people.memberChannel(world, user, channelId(channel));
  const locate = (container: ActionRequest['container'] | PageMessage | View) => {
    if ('view_id' in container || 'container' in container) return container as ActionRequest['container'];
    if ('hash' in container) return { type: 'view' as const, view_id: container.id };
    return { type: 'message' as const, channel: container.channel, ts: container.ts };
  };
  const blocksAt = (place: ActionRequest['container']) => {
    if (place.type === 'view') return world.views.get(place.view_id)?.blocks ?? [];
    return people.messagesFor(world, user, place.channel).find((one) => one.ts === place.ts)?.blocks ?? [];
  };
  const client: PersonClient = {
    id: user,
    workspace: () => workspaceFor(world, user),
    async upload({ name, content, ...options }) {
      return (await people.upload(world, user, name, streamOf(content), options)).id;
    },
    async share(channel, files, options = {}) {
      const ids: string[] = [];
      for (const file of [files].flat()) ids.push(await client.upload(file));
      const { text = '', thread_ts } = options;
      const extra = thread_ts === undefined ? {} : { thread_ts };
      return { ts: client.post(channel, text, { ...extra, file_ids: ids }), files: ids };
    },
    post: (channel, text, options = {}) =>
      people.post(world, { user, channel: channelId(channel), text, ...options }).ts,
    edit(target: string, change: string | FileEdit, text?: string, added?: string[]): void {
      if (typeof change === 'string') {
        const request = { user, channel: channelId(target), ts: change, text: text ?? '' };
        people.edit(world, { ...request, add_file_ids: added ?? [] });
      } else {
        editFile(world, people.visibleFile(world, user, target), change);
      }
    },
    clip: (channel, clip) => recordClip(world, user, memberOf(channel).id, clip),
    canvas: (channel, canvas) => shareCanvas(world, user, memberOf(channel).id, canvas),
    channelCanvas: (channel, canvas) => putOnTab(world, user, memberOf(channel), canvas),
    list: (channel, list) => shareList(world, user, memberOf(channel).id, list),
    link: (channel, link) => shareLink(world, user, memberOf(channel).id, link),
    rich: (channel, { text, blocks, file_ids = [] }) => {
      const files = file_ids.map((id) => people.visibleFile(world, user, id).id);
      return postMessage(world, { channel: memberOf(channel).id, user, text, blocks, files }).ts;
    },
    forward: (channel, source, text = '') =>
      forwardMessage(
        world,
        user,
        memberOf(channel).id,
        { ...source, channel: channelId(source.channel) },
        text,
      ),
    remove: (channel, ts) => people.remove(world, { user, channel: channelId(channel), ts }),
    removeFile: (fileId) => people.removeFile(world, user, fileId),
    renameFile: (fileId, change) => renameFile(world, people.visibleFile(world, user, fileId), change),
    command: (channel, line) => runCommand(world, user, channelId(channel), line),
    async action(container, actionId, options = {}) {
      const place = locate(container);
      const found = findElement(blocksAt(place), options.block_id, actionId);
      const { payload = {}, state } = options;
      await act(world, {
        user,
        container: place,
        block_id: found?.block.block_id ?? '',
        action_id: actionId,
        payload,
        ...(state === undefined ? {} : { state }),
      });
    },
    async options(container, actionId, value) {
      const place = locate(container);
      const found = findElement(blocksAt(place), undefined, actionId);
      const block_id = found?.block.block_id ?? '';
      return suggest(world, { user, container: place, block_id, action_id: actionId, value });
    },
    submit: (viewId, values = {}) => submit(world, user, viewId, values),
    close: (viewId) => closeView(world, user, viewId),
    shortcut: (callback_id, on) => shortcut(world, user, { callback_id, ...on }),
    home: () => people.openHome(world, user),
    homeView: () => world.state.homes.get(user),
    modal: () => world.views.stack(user).at(-1),
    makeChannel: (name, options) => createChannel(world, user, { name, ...options }).id,
    join: (channel) => people.membership(world, user, channelId(channel), true),
    leave: (channel) => people.membership(world, user, channelId(channel), false),
    invite: (channel) => people.membership(world, botUserId, channelId(channel), true, user),
    kick: (channel) => people.membership(world, botUserId, channelId(channel), false, user),
    messages: (channel) => people.messagesFor(world, user, channelId(channel)),
    listen: (listener) => audience.listen(user, listener),
    waitFor(probe, timeoutMs = 15_000) {
      return new Promise((resolve, reject) => {
        const finish = (settle: () => void) => {
          clearTimeout(timer);
          clearInterval(tick);
          stop();
          settle();
        };
        const look = () => {
          try {
            const found = probe();
            if (found) finish(() => resolve(found));
          } catch (error) {
            finish(() => reject(error));
          }
        };
        const stop = audience.listen(user, () => setImmediate(look));
        // Not everything that a test waits for appears on the page.
        const tick = setInterval(look, 50);
        const timer = setTimeout(
          () => finish(() => reject(new Error(`Waited ${timeoutMs} ms in vain`))),
          timeoutMs,
        );
        look();
      });
    },
  };
  return client;
}

function streamOf(content: Content): Readable {
  if (typeof content === 'string') return Readable.from([Buffer.from(content)]);
  if (content instanceof Uint8Array) return Readable.from([content]);
  return 'path' in content ? createReadStream(content.path) : Readable.from(content);
}
