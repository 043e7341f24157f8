import { describe, expect, it } from 'vitest';
import { purgeConfirmView, purgeOrderedScreen, readPurge, trashScreen } from '../../src/blocks/trash.ts';
import type { TrashedFile } from '../../src/catalog/governance/trash-list.ts';
import { isPurgeWord } from '../../src/text/purge-word.ts';
import { DAY, file, NOW } from './samples.ts';
import { expectScreen, expectScreenView, wordsOf } from './snapshot.ts';

const trashed = (given: Partial<TrashedFile & { mayRestore: boolean }> = {}) => ({
  ...file({
    state: 'trashed',
    trashedAt: NOW - DAY,
    trashedBy: 'U0BEN',
    purgeAt: NOW + 29 * DAY,
    ...given,
  }),
  byRetention: false,
  isHeld: false,
  isPurging: false,
  isRetained: false,
  mayRestore: true,
  ...given,
});
const input = {
  channelId: 'C0GENERAL',
  hasMore: false,
  paged: false,
  isAdmin: false,
};

describe('the trash', () => {
  it('shows who deleted what and until when it can be restored', async () => {
    const files = [trashed(), trashed({ fileId: 'F2', name: 'old *scan*.png', byRetention: true })];
    await expectScreen('trash', trashScreen({ ...input, files }));
  });

  it('gives admins a menu, and nobody a way to remove what is on hold or going already', async () => {
    const files = [
      trashed(),
      trashed({ fileId: 'F2', name: 'evidence.pdf', isHeld: true }),
      trashed({ fileId: 'F3', name: 'gone.pdf', isPurging: true }),
      trashed({ fileId: 'F4', name: 'kept.pdf', isPurging: true, isRetained: true }),
    ];
    const screen = trashScreen({ ...input, files, isAdmin: true, hasMore: true, paged: true });
    await expectScreen('trash-admin', screen);
    expect(JSON.stringify(screen)).not.toContain('purge:F2');
    expect(JSON.stringify(screen)).not.toMatch(/:F[34]/);
  });

  it('offers Restore only to who may', () => {
    const screen = trashScreen({ ...input, files: [trashed({ mayRestore: false })] });
    expect(JSON.stringify(screen)).not.toContain('trash_restore');
  });

  it('says what to do when it is empty', async () => {
    await expectScreen('trash-empty', trashScreen({ ...input, files: [] }));
    expect(wordsOf(trashScreen({ ...input, files: [], paged: true }))).toContain('nothing further');
  });
});

describe('the question before a file is removed for good', () => {
  it('wants it typed, and carries the file', async () => {
    const view = purgeConfirmView(trashed());
    await expectScreenView('purge-confirm', view);
    expect(readPurge(view.private_metadata)).toEqual({ fileId: 'F0AB12CD34', name: 'Q3 budget.pdf' });
    for (const bad of [undefined, '', '{}', 'null', '{"fileId":1,"name":"x"}'])
      expect(readPurge(bad)).toBeNull();
    await expectScreen('purge-ordered', purgeOrderedScreen(trashed()));
  });

  it.each([
    ['Q3 budget.pdf', true],
    ['  Q3  budget.pdf ', true],
    ['DELETE', true],
    ['delete', true],
    ['q3 budget.pdf', false],
    ['', false],
    ['yes', false],
  ])('%j means %s', (typed, means) => {
    expect(isPurgeWord(typed, 'Q3 budget.pdf')).toBe(means);
  });

  it('a file without a name is not removed by typing nothing', () => {
    expect(isPurgeWord('', '')).toBe(false);
    expect(isPurgeWord('   ', '  ')).toBe(false);
  });
});
