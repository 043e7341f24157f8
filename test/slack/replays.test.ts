import { pino } from 'pino';
import { beforeEach, expect, it } from 'vitest';
import { createReplays, type SharedMemory } from '../../src/slack/replays.ts';

const TRIGGER = '13345224609.738474920.8088930838d88f008e0';
const log = pino({ level: 'silent' });
const never: SharedMemory = async () => undefined;
const knowing = (shared: SharedMemory) => createReplays({ shared, log, clock: () => now });
let now = 0;
let replays: ReturnType<typeof createReplays>;
beforeEach(() => {
  now = 1_000;
  replays = knowing(never);
});

it.each(['block_actions', 'view_submission', 'shortcut', 'message_action', undefined])(
  'what has an id of its own is a copy when it comes again, for as long as its signature is good: %s',
  async (type) => {
    const body = { type, trigger_id: TRIGGER };
    expect(await replays.isReplay('v0=a', body)).toBe(false);
    for (const later of [0, 1, 60_000, 599_000]) {
      now = 1_000 + later;
      expect(await replays.isReplay('v0=a', body)).toBe(true);
    }
    expect(await replays.isReplay('v0=b', body)).toBe(false);
  },
);

it('what has none may be two clicks of one second, and is a copy later', async () => {
  const body = { type: 'view_closed' };
  const answers: boolean[] = [];
  for (const later of [0, 900, 2_000, 300_000]) {
    now = 1_000 + later;
    answers.push(await replays.isReplay('v0=a', body));
  }
  expect(answers).toEqual([false, false, true, true]);
});

it('events, and what a menu offers, may come as often as they like', async () => {
  for (const body of [{ event: {} }, { type: 'block_suggestion' }, { type: 'app_rate_limited' }])
    for (let round = 0; round < 3; round++, now += 5_000)
      expect(await replays.isReplay('v0=a', body)).toBe(false);
});

it('two copies at the same moment: one is done', async () => {
  const body = { type: 'block_actions', trigger_id: TRIGGER };
  const answers = await Promise.all([replays.isReplay('v0=a', body), replays.isReplay('v0=a', body)]);
  expect(answers).toEqual([false, true]);
});

it('what came before this process started is known from the shared memory', async () => {
  const first = Date.now() - 60_000;
  replays = knowing(async ({ signature }) => (signature === 'v0=a' ? first : undefined));
  expect(await replays.isReplay('v0=a', { type: 'block_actions', trigger_id: TRIGGER })).toBe(true);
  expect(await replays.isReplay('v0=b', { type: 'block_actions', trigger_id: TRIGGER })).toBe(false);
});

it('a shared memory that fails, or never answers, holds nobody up', async () => {
  replays = knowing(() => Promise.reject(new Error('away')));
  expect(await replays.isReplay('v0=a', { type: 'block_actions', trigger_id: TRIGGER })).toBe(false);
  replays = knowing(() => new Promise(() => {}));
  expect(await replays.isReplay('v0=b', { type: 'block_actions', trigger_id: TRIGGER })).toBe(false);
});
