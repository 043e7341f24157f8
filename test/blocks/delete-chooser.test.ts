import { describe, expect, it } from 'vitest';
import { deleteChooser } from '../../src/blocks/delete-chooser.ts';
import { file } from './samples.ts';
import { expectScreen, wordsOf } from './snapshot.ts';

const channelId = 'C0GENERAL';
const many = Array.from({ length: 14 }, (_, i) => file({ fileId: `F${i}`, name: `scan ${i}.pdf` }));

describe('the delete chooser', () => {
  it('names each file in its question', async () => {
    const screen = deleteChooser({
      channelId,
      files: [file(), file({ fileId: 'F2', name: '*b*.zip' })],
      trashDays: 30,
    });
    await expectScreen('delete-chooser', screen);
  });

  it('shows ten and says that there are more', () => {
    const words = wordsOf(deleteChooser({ channelId, files: many, query: 'scan' }));
    expect(words).toContain('scan 9.pdf');
    expect(words).not.toContain('scan 10.pdf');
    expect(words).toContain('…and more');
    const ten = many.slice(0, 10);
    expect(wordsOf(deleteChooser({ channelId, files: ten, hasMore: true }))).toContain('…and more');
    expect(wordsOf(deleteChooser({ channelId, files: ten }))).not.toContain('and more');
  });

  it('has something to say when there is nothing to delete', async () => {
    await expectScreen('delete-chooser-none', deleteChooser({ channelId, files: [] }));
  });

  it('suggests the nearest name', async () => {
    const screen = deleteChooser({ channelId, files: [], query: 'budgte', suggestion: 'Q3 budget.pdf' });
    await expectScreen('delete-chooser-no-match', screen);
    expect(wordsOf(deleteChooser({ channelId, files: [], query: 'x' }))).not.toContain('Did you mean');
  });
});
