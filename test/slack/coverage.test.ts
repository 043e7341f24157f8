import { expect, it } from 'vitest';
import type { SlackApi } from '../../src/slack/api.ts';
import { createCoverage } from '../../src/slack/coverage.ts';

function asked(channels: object[]) {
  const calls: string[] = [];
  let now = 0;
  const call = async (method: string, args: { user?: string }) => {
    calls.push(`${method} ${args.user ?? ''}`.trim());
    return { channels };
  };
  const coverage = createCoverage({ api: { call } as unknown as SlackApi, now: () => now });
  return { calls, coverage, later: (ms: number) => (now += ms) };
}

it('counts the public channels that the bot is in and not in, the largest of these first', async () => {
  const { coverage } = asked([
    { id: 'C1', is_member: true },
    { id: 'C2', num_members: 3, name: 'two', created: 5, is_shared: true, is_ext_shared: true },
    { id: 'C3', is_member: false, num_members: 9, is_shared: true, is_org_shared: true },
    { id: 7 },
  ]);
  const counted = {
    ...{ inside: 1, total: 2, atLeast: false, channelIds: ['C3', 'C2'] },
    channels: [
      { channelId: 'C3', name: null, createdAt: null, isShared: false },
      { channelId: 'C2', name: 'two', createdAt: 5_000, isShared: true },
    ],
  };
  expect(await coverage.count()).toEqual(counted);
  expect(await coverage.uncovered()).toEqual(counted);
});

it('asks for a person’s channels once in ten minutes, and for ten people a minute', async () => {
  const { calls, coverage, later } = asked([{ id: 'C1' }, {}]);
  for (let n = 0; n < 3; n++) expect(await coverage.publicChannelsOf('U0')).toEqual(['C1']);
  expect(calls).toEqual(['users.conversations U0']);
  for (let n = 1; n < 10; n++) await coverage.publicChannelsOf(`U${n}`);
  expect(await coverage.publicChannelsOf('U10')).toBeNull();
  expect(await coverage.publicChannelsOf('U0')).toEqual(['C1']);
  later(60_000);
  expect(await coverage.publicChannelsOf('U10')).toEqual(['C1']);
  later(10 * 60_000);
  await coverage.publicChannelsOf('U0');
  expect(calls.filter((one) => one.endsWith('U0'))).toHaveLength(2);
});
