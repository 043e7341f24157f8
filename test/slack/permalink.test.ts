import { expect, it } from 'vitest';
import { messagePermalink } from '../../src/slack/permalink.ts';

const share = {
  channelId: 'C1',
  channelKind: null,
  ts: '1795340000.000100',
  threadTs: null,
  userId: null,
  sharedAt: 0,
};
const link = (given: Partial<typeof share> & { ts?: string | null; threadTs?: string | null } = {}) =>
  messagePermalink('https://acme.slack.com/', { ...share, ...given });

it.each([
  [{}, 'https://acme.slack.com/archives/C1/p1795340000000100'],
  [
    { threadTs: '1795330000.000100' },
    'https://acme.slack.com/archives/C1/p1795340000000100?thread_ts=1795330000.000100&cid=C1',
  ],
  [{ threadTs: share.ts }, 'https://acme.slack.com/archives/C1/p1795340000000100'],
  [{ ts: null }, null],
  [{ ts: '1/../..' }, null],
  [{ channelId: 'U1' }, null],
])('the page of %j is %s', (given, expected) => expect(link(given as never)).toBe(expected));
