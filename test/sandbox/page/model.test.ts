import { describe, expect, test } from 'vitest';
import { type Change, EMPTY, type Model, reduce, threads } from '../../../sandbox/page/store/model.ts';
import { readRoute, writeRoute } from '../../../sandbox/page/store/route.ts';
import type { PageMessage, View, Workspace } from '../../../sandbox/slack/page-api.ts';

const workspace: Workspace = {
  team: { id: 'T', name: 'Team' },
  me: { id: 'UA', name: 'anna', real_name: 'Anna', color: '', role: 'member', is_bot: false },
  people: [],
  channels: [
    ...(['C1', 'C2'].map((id) => ({
      ...{ id, name: id, kind: 'public' as const, topic: '' },
      ...{ is_member: true, bot_is_member: true, members: ['UA'] },
    })) as Workspace['channels']),
    {
      ...{ id: 'D1', name: '', kind: 'im' as const, topic: '' },
      ...{ is_member: true, bot_is_member: true, members: ['UA', 'UB'] },
    },
  ],
  bot: { id: 'UB', name: 'bot', connected: false, mode: 'socket' },
  commands: [],
  shortcuts: [],
  home: null,
};

function seen(...changes: Change[]): Model {
  return changes.reduce(reduce, EMPTY);
}

function message(ts: string, more: Partial<PageMessage> = {}): PageMessage {
  return { channel: 'C1', ts, user: 'UB', text: ts, ...more };
}

function view(id: string): View {
  return { id, type: 'modal', blocks: [], hash: '' };
}

const AT_C1: Change[] = [
  { type: 'workspace', workspace },
  { type: 'go', place: { kind: 'channel', id: 'C1' } },
  { type: 'loaded', channel: 'C1', messages: [message('2'), message('1')] },
];

describe('messages', () => {
  const texts = (model: Model) => model.messages.C1?.map((one) => one.text);

  test('arrive in order of time, and once', () => {
    expect(texts(seen(...AT_C1, { type: 'message', message: message('1.5') }))).toEqual(['1', '1.5', '2']);
    expect(texts(seen(...AT_C1, { type: 'message', message: message('2', { text: 'again' }) }))).toEqual([
      '1',
      'again',
    ]);
  });

  test('change, get reactions and go', () => {
    expect(
      texts(seen(...AT_C1, { type: 'message_changed', message: message('1', { text: 'new' }) })),
    ).toEqual(['new', '2']);
    expect(texts(seen(...AT_C1, { type: 'message_deleted', channel: 'C1', ts: '1' }))).toEqual(['2']);
    const reactions = [{ name: 'x', users: ['UA'] }];
    expect(
      seen(...AT_C1, { type: 'reaction', channel: 'C1', ts: '2', reactions }).messages.C1?.[1]?.reactions,
    ).toBe(reactions);
  });

  test('mark other channels unread until they are opened; my own messages never do', () => {
    const there = message('3', { channel: 'C2' });
    const unread = seen(...AT_C1, { type: 'message', message: there });
    expect([...unread.unread]).toEqual(['C2']);
    expect([...reduce(unread, { type: 'go', place: { kind: 'channel', id: 'C2' } }).unread]).toEqual([]);
    expect([...seen(...AT_C1, { type: 'message', message: { ...there, user: 'UA' } }).unread]).toEqual([]);
  });

  test("the app's Messages tab is the direct channel with it", () => {
    const direct = message('3', { channel: 'D1' });
    const model = seen(
      { type: 'workspace', workspace },
      { type: 'go', place: { kind: 'app', tab: 'messages' } },
      { type: 'message', message: direct },
    );
    expect([...model.unread]).toEqual([]);
  });

  test('a thread closes when its first message goes, and when another channel is opened', () => {
    const open: Change[] = [...AT_C1, { type: 'thread', thread: { channel: 'C1', ts: '1' } }];
    expect(seen(...open, { type: 'message_deleted', channel: 'C1', ts: '2' }).thread).not.toBeNull();
    expect(seen(...open, { type: 'message_deleted', channel: 'C1', ts: '1' }).thread).toBeNull();
    expect(seen(...open, { type: 'go', place: { kind: 'channel', id: 'C2' } }).thread).toBeNull();
  });
});

test('replies gather under their root; one without a root stands alone', () => {
  const list = [
    message('1'),
    message('2', { thread_ts: '1' }),
    message('3', { thread_ts: '0' }),
    message('4', { thread_ts: '1' }),
  ];
  expect(threads(list).map(({ root, replies }) => [root.ts, replies.map((one) => one.ts)])).toEqual([
    ['1', ['2', '4']],
    ['3', []],
  ]);
});

describe('modals', () => {
  const ids = (model: Model) => model.views.map((one) => one.id);
  const open = (id: string, how: 'open' | 'push' | 'update' = 'open'): Change => ({
    type: 'view',
    view: view(id),
    how,
  });

  test('open as new, stack, update in place, close one or all', () => {
    expect(ids(seen(open('A'), open('B')))).toEqual(['B']);
    expect(ids(seen(open('A'), open('B', 'push')))).toEqual(['A', 'B']);
    expect(ids(seen(open('A'), open('X', 'update')))).toEqual(['A']);
    const changed = { ...view('A'), hash: 'new' };
    expect(seen(open('A'), open('B', 'push'), { type: 'view', view: changed, how: 'update' }).views[0]).toBe(
      changed,
    );
    expect(ids(seen(open('A'), open('B', 'push'), { type: 'view_closed', view_id: 'B' }))).toEqual(['A']);
    expect(
      ids(seen(open('A'), open('B', 'push'), { type: 'view_closed', view_id: 'B', clear: true })),
    ).toEqual([]);
  });
});

test('the bot comes and goes, and its Home stays when the workspace is fetched again', () => {
  const home = { ...view('H'), type: 'home' as const };
  const model = seen(
    { type: 'workspace', workspace },
    { type: 'bot', connected: true },
    { type: 'home', view: home },
    { type: 'workspace', workspace },
  );
  expect([model.workspace?.bot.connected, model.home]).toEqual([false, home]);
});

test('addresses say who looks at what, and can be read back', () => {
  for (const place of [
    null,
    { kind: 'channel' as const, id: 'C1' },
    { kind: 'app' as const, tab: 'home' as const },
  ]) {
    expect(readRoute(writeRoute('anna', place))).toEqual({ user: 'anna', place });
  }
  expect(readRoute('')).toEqual({ user: null, place: null });
});
