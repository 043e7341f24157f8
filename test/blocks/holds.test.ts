import { describe, expect, it } from 'vitest';
import { holdFormView, holdSetScreen, holdsScreen, scopeInWords } from '../../src/blocks/holds.ts';
import type { Hold } from '../../src/catalog/governance/holds.ts';
import { DAY, NOW } from './samples.ts';
import { expectScreen, expectScreenView, wordsOf } from './snapshot.ts';

const nothing = { personId: null, channelId: null, fileId: null, sharedFrom: null, sharedUntil: null };
const inBucket = { held: 0, waiting: 0, failing: 0 };
const hold = (given: Partial<Hold> = {}): Hold => ({
  ...{ holdId: '7d1c', teamId: 'T1', ...nothing, reason: 'Case 4711', setBy: 'U0ANN', setAt: NOW - DAY },
  ...{ liftedBy: null, liftedAt: null, walked: 12, isWalking: false },
  ...given,
});

describe('holds', () => {
  it('says what each covers, why, and lets it be lifted after a question', async () => {
    const holds = [
      hold({ personId: 'U0BEN', channelId: 'C0GENERAL', sharedFrom: NOW - 30 * DAY, sharedUntil: NOW }),
      hold({ holdId: '8e2d', fileId: 'F0AB12CD34', reason: '*urgent* <!channel>', isWalking: true }),
    ];
    await expectScreen(
      'holds',
      holdsScreen({ holds, total: 2, objectLock: true, inBucket: { held: 1_203, waiting: 3, failing: 2 } }),
    );
  });

  it('shows twenty and how many more there are', async () => {
    const holds = Array.from({ length: 25 }, (_, i) => hold({ holdId: `h${i}` }));
    expect(wordsOf(holdsScreen({ holds, total: 31, objectLock: false, inBucket }))).toContain(
      '…and 11 older',
    );
    await expectScreen('holds-none', holdsScreen({ holds: [], total: 0, objectLock: false, inBucket }));
  });

  it('says of the bucket only what was read back from it', () => {
    const said = (objectLock: boolean | 'unknown', o = {}) =>
      wordsOf(holdsScreen({ holds: [], total: 0, objectLock, inBucket: { ...inBucket, ...o } }));
    expect(said(true, { held: 7 })).toContain('holds 7 objects now');
    expect(said(true, { held: 7 })).not.toContain('still to be locked');
    expect(said(true, { waiting: 2, failing: 2 })).toMatch(
      /holds 0 objects now.*2 files could not be locked/,
    );
    expect(said(false)).toContain('no Object Lock');
    expect(said('unknown')).toContain('s3:GetBucketObjectLockConfiguration');
  });

  it('a hold without any bounds is of everything', () => {
    expect(scopeInWords(nothing)).toBe('everything');
  });

  it('are set in a form', async () => {
    await expectScreenView('hold-form', holdFormView());
    const scope = { ...nothing, personId: 'U0BEN' };
    await expectScreen('hold-set', holdSetScreen({ scope, tooLate: 2 }));
    expect(wordsOf(holdSetScreen({ scope, tooLate: 0 }))).not.toContain('removed');
  });
});
