import { expect, it } from 'vitest';
import { createHealth } from '../src/health.ts';

it('asks a part once for everybody who asks at that time or soon after', async () => {
  let asked = 0;
  const health = createHealth({
    checks: {
      bucket: async () => {
        asked += 1;
        return 'checksum';
      },
    },
    queueDepth: async () => 3,
  });
  const answers = await Promise.all([health.ready(), health.ready()]);
  answers.push(await health.ready());
  expect(answers).toEqual(Array(3).fill({ ok: true, checks: { bucket: 'checksum' } }));
  expect(asked).toBe(1);
});

it('says why a part is down, and of a queue that cannot be read that nobody knows', async () => {
  const health = createHealth({
    checks: {
      database: () => Promise.reject(Object.assign(new Error('no'), { code: 'ECONNREFUSED' })),
      slack: () => Promise.reject(new Error('no')),
    },
    queueDepth: () => Promise.reject(new Error('no')),
  });
  expect(await health.ready()).toEqual({
    ok: false,
    checks: { database: 'down: ECONNREFUSED', slack: 'down: unreachable' },
  });
  expect(await health.metrics()).toMatch(/^vault_capture_queue NaN$/im);
});

it('says that a part is down which does not answer in time', async () => {
  const health = createHealth({
    checks: { bucket: () => new Promise(() => {}) },
    queueDepth: async () => 0,
  });
  expect((await health.ready()).checks).toEqual({ bucket: 'down: timeout' });
}, 20_000);
