import { describe, expect, it } from 'vitest';
import { decodeTrashPlace } from '../../src/blocks/kit/places.ts';
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
  after: null,
  isAdmin: false,
};

describe('the trash', () => {
  it('shows who deleted what and until when it can be restored', async () => {
    const files = [trashed(), trashed({ fileId: 'F2', name: 'old *scan*.png', byRetention: true })];
    await expectScreen('trash', trashScreen({ ...input, files }));
  });

  it('has Restore in sight on every row that can be restored, for admins too, and its place beside it', () => {
    const files = [trashed(), trashed({ fileId: 'F2', isHeld: true }), trashed({ fileId: 'F3' })];
    for (const isAdmin of [true, false]) {
      const { blocks } = trashScreen({ ...input, files, isAdmin });
      const restores = blocks.flatMap((block) => {
        const elements = 'elements' in block ? block.elements : 'accessory' in block ? [block.accessory] : [];
        return elements.flatMap((one) =>
          (one as { action_id?: string }).action_id === 'trash_restore' ? [block.block_id] : [],
        );
      });
      expect(restores.map((id) => decodeTrashPlace(id))).toEqual(
        Array.from({ length: 3 }, () => ({ channelId: 'C0GENERAL', after: null })),
      );
      expect(new Set(restores).size).toBe(3);
      expect(JSON.stringify(blocks)).not.toContain('restore:');
    }
  });

  it('names people and the channel plainly', () => {
    const names = { people: new Map([['U0BEN', 'Ben']]), channels: new Map([['C0GENERAL', 'general']]) };
    const screen = trashScreen({ ...input, files: [trashed()], names });
    expect(JSON.stringify(screen)).not.toMatch(/<[@#]/);
    expect(wordsOf(screen)).toContain('#general');
  });

  it('gives admins a menu, and nobody a way to remove what is on hold or going already', async () => {
    const files = [
      trashed(),
      trashed({ fileId: 'F2', name: 'evidence.pdf', isHeld: true }),
      trashed({ fileId: 'F3', name: 'gone.pdf', isPurging: true }),
      trashed({ fileId: 'F4', name: 'kept.pdf', isPurging: true, isRetained: true }),
    ];
    const screen = trashScreen({
      ...input,
      files,
      isAdmin: true,
      hasMore: true,
      after: { trashedAt: NOW, fileId: 'F9' },
    });
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
    expect(wordsOf(trashScreen({ ...input, files: [], after: { trashedAt: NOW, fileId: 'F9' } }))).toContain(
      'no more files',
    );
  });
});

describe('the question before a file is removed for good', () => {
  it('wants it typed, and carries the file', async () => {
    const view = purgeConfirmView({ file: trashed() });
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
