import { expect, test } from 'vitest';
import { measureCrowd } from '../../bench/events/crowd.ts';

test.each([
  ['45 people at once', { people: 45, seconds: 0, homes: 40 }],
  ['100 people within ten seconds', { people: 100, seconds: 10, homes: 40 }],
])(
  '%s each get their file while 40 App Homes are due and a sweep runs',
  async (_, crowd) => {
    const served = await measureCrowd(crowd);
    const { people, homes } = crowd;
    expect(served).toMatchObject({ asked: people, answered: people, right: people });
    expect(served.homes.later).toBe(homes);
    // The crowd is asked for together, so that all of it stays well within what Slack allows a minute.
    const { calls } = served;
    expect(calls['users.info']).toBeLessThanOrEqual(30);
    expect(calls['users.conversations']).toBeLessThanOrEqual(40);
    expect(served.refused).toBe(0);
  },
  240_000,
);
