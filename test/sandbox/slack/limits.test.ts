import { expect, test, vi } from 'vitest';
import { createLimits, LEAST_BURST, POST_BURST } from '../../../sandbox/slack/limits.ts';
import { freshSlack } from './start.ts';

test('a burst of messages to one channel is stopped after a few, with a time to wait', async () => {
  const slack = await freshSlack({ limits: 'slack' });
  const post = (channel: string) =>
    fetch(`${slack.apiUrl}chat.postMessage`, {
      method: 'POST',
      headers: { authorization: `Bearer ${slack.app.botToken}` },
      body: new URLSearchParams({ channel, text: 'x' }),
    });
  const { general = '', design = '' } = slack.workspace.channels;
  const answers = await Promise.all(Array.from({ length: POST_BURST + 2 }, () => post(general)));
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThanOrEqual(1);
  expect(refused[0]?.headers.get('retry-after')).toBe('1');
  expect(await refused[0]?.json()).toEqual({ ok: false, error: 'ratelimited' });
  expect((await post(design)).status).toBe(200);
});

test('a method has its own limit, which fills up again with time', () => {
  vi.useFakeTimers();
  try {
    const limits = createLimits('slack');
    const calls = Array.from({ length: LEAST_BURST + 1 }, () => limits.call('conversations.list', 2));
    expect(calls.slice(0, -1).every((wait) => wait === 0)).toBe(true);
    expect(calls.at(-1)).toBe(3);
    expect(limits.call('conversations.info', 3)).toBe(0);
    vi.advanceTimersByTime(2999);
    expect(limits.call('conversations.list', 2)).toBeGreaterThan(0);
    vi.advanceTimersByTime(1);
    expect(limits.call('conversations.list', 2)).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

test('limits can be switched off', () => {
  const limits = createLimits('off');
  const waits = Array.from({ length: 1000 }, () => limits.call('x', 1) + limits.post('C1'));
  expect(waits.every((wait) => wait === 0)).toBe(true);
});
