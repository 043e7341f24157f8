import { expect, test } from 'vitest';
import { isSwitchable } from '../../../sandbox/page/trouble/words.ts';

test('a bot can be stopped while it waits to restart, and started once it is stopped', () => {
  for (const phase of ['stopped', 'restarting'] as const)
    expect(isSwitchable({ phase, pid: null })).toBe(true);
  expect(isSwitchable({ phase: 'running', pid: 7 })).toBe(true);
  for (const phase of ['stopping', 'misconfigured'] as const)
    expect(isSwitchable({ phase, pid: null })).toBe(false);
});
