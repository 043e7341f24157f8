import { expect, it } from 'vitest';
import { LONG_GAP_MS, watchGaps } from '../../src/slack/gap.ts';

it('only a long time without any connection calls for a sweep, once, when it is over', () => {
  let now = 0;
  let gaps = 0;
  const watch = watchGaps(
    () => {
      gaps += 1;
    },
    () => now,
  );
  watch.open();
  watch.closed();
  now += LONG_GAP_MS - 1;
  watch.open();
  expect(gaps).toBe(0);
  watch.closed();
  now += LONG_GAP_MS / 2;
  // The second connection goes too: the time counts from the first.
  watch.closed();
  now += LONG_GAP_MS / 2;
  expect(gaps).toBe(0);
  watch.open();
  watch.open();
  expect(gaps).toBe(1);
});
