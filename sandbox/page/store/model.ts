import type { PageEvent, PageMessage, View, Workspace } from '../../slack/page-api.ts';

/** Where the person is looking. */
export type Place = { kind: 'channel'; id: string } | { kind: 'app'; tab: 'home' | 'messages' };

/** What one person's window knows. */
export interface Model {
  workspace: Workspace | null;
  place: Place | null;
  /** Complete channels, oldest message first, once they have been opened. */
  messages: Record<string, PageMessage[]>;
  thread: { channel: string; ts: string } | null;
  unread: ReadonlySet<string>;
  /** Open modals; the last one is on top. */
  views: View[];
  home: View | null;
  /** The live stream is up. */
  live: boolean;
}

export const EMPTY: Model = {
  workspace: null,
  place: null,
  messages: {},
  thread: null,
  unread: new Set(),
  views: [],
  home: null,
  live: false,
};

export type Change =
  | PageEvent
  | { type: 'live'; live: boolean }
  | { type: 'go'; place: Place }
  | { type: 'thread'; thread: Model['thread'] }
  | { type: 'loaded'; channel: string; messages: PageMessage[] };

/** The channel that a place shows, if any: an app's Messages tab is the direct message with it. */
export function channelOf(workspace: Workspace | null, place: Place | null): string | null {
  if (place?.kind === 'channel') return place.id;
  if (place?.kind !== 'app' || place.tab !== 'messages') return null;
  return appChannel(workspace)?.id ?? null;
}

export function appChannel(workspace: Workspace | null): Workspace['channels'][number] | null {
  return (
    workspace?.channels.find((one) => one.kind === 'im' && one.members.includes(workspace.bot.id)) ?? null
  );
}

/** Applies one event or one click. Pure: the same input always gives the same window. */
export function reduce(model: Model, change: Change): Model {
  switch (change.type) {
    case 'workspace':
      return { ...model, workspace: change.workspace, home: change.workspace.home ?? model.home };
    case 'bot': {
      const { workspace } = model;
      if (!workspace) return model;
      return {
        ...model,
        workspace: { ...workspace, bot: { ...workspace.bot, connected: change.connected } },
      };
    }
    case 'live':
      return { ...model, live: change.live };
    case 'go':
      return go(model, change.place);
    case 'thread':
      return { ...model, thread: change.thread };
    case 'loaded':
      return { ...model, messages: { ...model.messages, [change.channel]: sorted(change.messages) } };
    case 'message':
      return received(model, change.message);
    case 'message_changed':
      return edited(model, change.message.channel, change.message.ts, () => change.message);
    case 'reaction':
      return edited(model, change.channel, change.ts, (one) => ({ ...one, reactions: change.reactions }));
    case 'message_deleted':
      return deleted(model, change.channel, change.ts);
    case 'home':
      return { ...model, home: change.view };
    case 'view':
      return { ...model, views: shown(model.views, change.view, change.how) };
    case 'view_closed':
      return {
        ...model,
        views: change.clear ? [] : model.views.filter((view) => view.id !== change.view_id),
      };
  }
}

function go(model: Model, place: Place): Model {
  const channel = channelOf(model.workspace, place);
  const unread = new Set(model.unread);
  if (channel) unread.delete(channel);
  const thread = model.thread?.channel === channel ? model.thread : null;
  return { ...model, place, unread, thread };
}

function sorted(messages: PageMessage[]): PageMessage[] {
  return [...messages].sort((a, b) => (a.ts < b.ts ? -1 : a.ts > b.ts ? 1 : 0));
}

function received(model: Model, message: PageMessage): Model {
  const { channel } = message;
  const here = channelOf(model.workspace, model.place) === channel;
  const unread =
    here || message.user === model.workspace?.me.id ? model.unread : new Set([...model.unread, channel]);
  const known = model.messages[channel];
  // A channel that was not opened yet is loaded completely when it is opened.
  if (!known) return { ...model, unread };
  const others = known.filter((one) => one.ts !== message.ts);
  return { ...model, unread, messages: { ...model.messages, [channel]: sorted([...others, message]) } };
}

function edited(model: Model, channel: string, ts: string, edit: (one: PageMessage) => PageMessage): Model {
  const known = model.messages[channel];
  if (!known) return model;
  return {
    ...model,
    messages: { ...model.messages, [channel]: known.map((one) => (one.ts === ts ? edit(one) : one)) },
  };
}

function deleted(model: Model, channel: string, ts: string): Model {
  const known = model.messages[channel];
  if (!known) return model;
  const thread = model.thread?.channel === channel && model.thread.ts === ts ? null : model.thread;
  return {
    ...model,
    thread,
    messages: { ...model.messages, [channel]: known.filter((one) => one.ts !== ts) },
  };
}

function shown(views: View[], view: View, how: 'open' | 'push' | 'update'): View[] {
  if (how === 'open') return [view];
  if (views.some((one) => one.id === view.id)) return views.map((one) => (one.id === view.id ? view : one));
  return how === 'push' ? [...views, view] : views;
}

export interface Thread {
  root: PageMessage;
  replies: PageMessage[];
}

/** A channel as its reader sees it: root messages, each with its replies. */
export function threads(messages: PageMessage[]): Thread[] {
  const roots = new Map<string, Thread>();
  const out: Thread[] = [];
  for (const message of messages) {
    const parent =
      message.thread_ts && message.thread_ts !== message.ts ? roots.get(message.thread_ts) : undefined;
    if (parent) {
      parent.replies.push(message);
    } else {
      // A reply whose root was deleted is shown alone, so that it does not get lost.
      const thread = { root: message, replies: [] };
      roots.set(message.ts, thread);
      out.push(thread);
    }
  }
  return out;
}

/** When a message was written, in milliseconds. */
export function timeOf(ts: string): number {
  return Number(ts) * 1000;
}
