import { describe, expect, it } from 'vitest';
import { backfillProgress, backfillStarted, minutesLeft } from '../../src/blocks/backfill-progress.ts';
import { backfill, backfillFiles, DAY, NOW } from './samples.ts';
import { expectScreen, wordsOf } from './snapshot.ts';

const MINUTE = 60_000;

describe('how a backfill goes', () => {
  it('is found, stored, skipped with reasons, left, read and left to do, with Stop', async () => {
    const screen = backfillProgress({ backfill: backfill(), files: backfillFiles(), now: NOW });
    await expectScreen('backfill-walking', screen);
    expect(wordsOf(screen)).toContain('1,260 files found · 12 saved before · 1,200 saved');
    expect(wordsOf(screen)).toContain('about 30 minutes left');
    expect(JSON.stringify(screen)).toContain('backfill_stop');
  });

  it('ends in a summary', async () => {
    const files = backfillFiles({ waiting: 0, failed: 0 });
    const done = backfillProgress({ backfill: backfill({ state: 'done' }), files, now: NOW });
    await expectScreen('backfill-done', done);
    expect(JSON.stringify(done)).not.toContain('backfill_stop');
  });

  it('says who stopped it, and how it goes on', async () => {
    const stopped = { stoppedBy: 'U0BEN' };
    const files = backfillFiles();
    await expectScreen(
      'backfill-stopping',
      backfillProgress({ backfill: backfill({ ...stopped, state: 'storing' }), files, now: NOW }),
    );
    await expectScreen(
      'backfill-stopped',
      backfillProgress({ backfill: backfill({ ...stopped, state: 'stopped' }), files, now: NOW }),
    );
  });

  it('says why it cannot go on', async () => {
    const failed = backfill({ state: 'failed', errorCode: 'missing_scope' });
    const screen = backfillProgress({ backfill: failed, files: backfillFiles(), now: NOW });
    await expectScreen('backfill-failed', screen);
    expect(wordsOf(screen)).toContain('missing_scope');
  });

  it('says at the beginning that it has begun', async () => {
    await expectScreen('backfill-started', backfillStarted({ channelId: 'C0GENERAL' }));
    const young = backfill({ reachedAt: null, pages: 0, messages: 0, known: 0 });
    const files = { stored: 0, waiting: 0, failed: 0, skipped: {} };
    const screen = backfillProgress({ backfill: young, files, now: NOW });
    expect(wordsOf(screen)).toContain('0 files found · 0 saved');
    expect(wordsOf(screen)).not.toContain('left');
  });
});

describe('the time left', () => {
  it('goes by how much of the channel’s life is behind the walk', () => {
    const at = (reachedAt: number | null, channelCreatedAt: number | null) =>
      minutesLeft(backfill({ startedAt: NOW - 10 * MINUTE, reachedAt, channelCreatedAt }), NOW);
    const start = NOW - 10 * MINUTE;
    expect(at(start - 50 * DAY, start - 100 * DAY)).toBe(10);
    expect(at(start - 100 * DAY, start - 100 * DAY)).toBe(0);
    expect(at(start, start - 100 * DAY)).toBeNull();
    expect(at(null, start)).toBeNull();
    expect(at(start - DAY, null)).toBeNull();
  });
});
