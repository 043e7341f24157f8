import { describe, expect, it } from 'vitest';
import { createReadPace, nextNight } from '../../src/jobs/read-pace.ts';

const NOON = new Date(2026, 10, 23, 12).getTime();

function pace(percent = 50, older: 'always' | 'nights' = 'always') {
  const clock = { at: NOON };
  return { clock, ...createReadPace({ percent, older }, () => clock.at) };
}
const FREE = { captureDueAt: null };

describe('the pace of reading', () => {
  it.each([
    [50, 1_000],
    [25, 3_000],
    [10, 9_000],
    [100, 0],
  ])('with %i %% of a processor, it rests accordingly', (percent, rest) => {
    const { turn, worked } = pace(percent);
    expect(turn(FREE).notBefore).toBeLessThanOrEqual(NOON);
    worked(1_000);
    expect(turn(FREE).notBefore).toBe(NOON + rest);
  });

  it('keeps the share for long documents, too, such as scans', () => {
    const { clock, turn, worked } = pace(10);
    const began = clock.at;
    let worksMs = 0;
    for (const minutes of [4, 1, 4]) {
      clock.at = Math.max(clock.at, turn(FREE).notBefore) + minutes * 60_000;
      worksMs += minutes * 60_000;
      worked(minutes * 60_000);
    }
    expect(worksMs / (turn(FREE).notBefore - began)).toBeCloseTo(0.1);
  });

  it('waits while captures wait, but not for ever', () => {
    const { clock, turn, worked } = pace(100);
    const busy = () => ({ captureDueAt: clock.at - 5 });
    expect(turn({ captureDueAt: NOON + 5 }).notBefore).toBeLessThanOrEqual(NOON);
    expect(turn(busy()).notBefore).toBe(NOON + 1_000);
    clock.at += 61_000;
    expect(turn(busy()).notBefore).toBeLessThanOrEqual(clock.at);
    worked(10);
    expect(turn(busy()).notBefore).toBe(clock.at + 1_000);
    expect(turn(FREE).notBefore).toBeLessThanOrEqual(clock.at);
  });

  it('leaves older files for the night where that is asked', () => {
    const { clock, turn } = pace(50, 'nights');
    expect(turn(FREE).older).toBe(false);
    clock.at = nextNight(NOON);
    expect(new Date(clock.at).getHours()).toBe(20);
    expect(turn(FREE).older).toBe(true);
    clock.at += 11 * 3_600_000;
    expect(turn(FREE).older).toBe(false);
    expect(pace().turn(FREE).older).toBe(true);
  });
});
