import { beforeEach, expect, it } from 'vitest';
import { createReplays } from '../../src/slack/replays.ts';

const TRIGGER = '13345224609.738474920.8088930838d88f008e0';
let now = 0;
let replays: ReturnType<typeof createReplays>;
beforeEach(() => {
  now = 1_000;
  replays = createReplays(() => now);
});

it.each(['block_actions', 'view_submission', 'shortcut', 'message_action', undefined])(
  'what has an id of its own is a copy when it comes again, for as long as its signature is good: %s',
  (type) => {
    const body = { type, trigger_id: TRIGGER };
    expect(replays.isReplay('v0=a', body)).toBe(false);
    for (const later of [0, 1, 60_000, 599_000]) {
      now = 1_000 + later;
      expect(replays.isReplay('v0=a', body)).toBe(true);
    }
    expect(replays.isReplay('v0=b', body)).toBe(false);
  },
);

it('what has none may be two clicks of one second, and is a copy later', () => {
  const body = { type: 'view_closed' };
  const answers = [0, 900, 2_000, 300_000].map((later) => {
    now = 1_000 + later;
    return replays.isReplay('v0=a', body);
  });
  expect(answers).toEqual([false, false, true, true]);
});

it('events, and what a menu offers, may come as often as they like', () => {
  for (const body of [{ event: {} }, { type: 'block_suggestion' }, { type: 'app_rate_limited' }])
    for (let round = 0; round < 3; round++, now += 5_000) expect(replays.isReplay('v0=a', body)).toBe(false);
});
