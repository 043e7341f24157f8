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
  });
  const answers = await Promise.all([health.ready(), health.ready()]);
  answers.push(await health.ready());
  expect(answers).toEqual(Array(3).fill({ ok: true, checks: { bucket: 'checksum' } }));
  expect(asked).toBe(1);
});

it('says why a part is down', async () => {
  const health = createHealth({
    checks: {
      database: () => Promise.reject(Object.assign(new Error('no'), { code: 'ECONNREFUSED' })),
      slack: () => Promise.reject(new Error('no')),
    },
  });
  expect(await health.ready()).toEqual({
    ok: false,
    checks: { database: 'down: ECONNREFUSED', slack: 'down: unreachable' },
  });
});

it('says in sentences what is down, and nothing while all is well', async () => {
  const down = createHealth({
    checks: {
      database: () => Promise.reject(Object.assign(new Error('no'), { code: 'disk_full' })),
      slack: async () => 'down: not connected',
      bucket: async () => 'proof crc32',
    },
    say: (name, code) => `${name}/${code}`,
  });
  expect(await down.ready()).toMatchObject({
    ok: false,
    why: ['database/disk_full', 'slack/not connected'],
  });
  const well = createHealth({ checks: { slack: async () => 'http' }, say: () => 'never' });
  expect(await well.ready()).toEqual({ ok: true, checks: { slack: 'http' } });
});

it('says that a part is down which does not answer in time', async () => {
  const health = createHealth({
    checks: { bucket: () => new Promise(() => {}) },
  });
  expect((await health.ready()).checks).toEqual({ bucket: 'down: timeout' });
}, 20_000);
