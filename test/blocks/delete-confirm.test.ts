import { describe, expect, it } from 'vitest';
import { deleteConfirmView, readDeleteMetadata } from '../../src/blocks/delete-confirm.ts';
import { file, share } from './samples.ts';
import { expectScreenView, wordsOf } from './snapshot.ts';

describe('the delete dialog', () => {
  it('says which file, where it was shared and what happens', async () => {
    const shares = [share(), share({ channelId: 'C0DESIGN' }), share({ ts: '2' })];
    const view = deleteConfirmView({ file: file(), channelId: 'C0GENERAL', trashDays: 30, shares });
    await expectScreenView('delete-confirm', view);
    expect(readDeleteMetadata(view.private_metadata)).toEqual({
      fileId: 'F0AB12CD34',
      channelId: 'C0GENERAL',
    });
  });

  it('counts days, and knows none', () => {
    const text = (trashDays: number) =>
      wordsOf(deleteConfirmView({ file: file(), channelId: 'C1', trashDays }));
    expect(text(1)).toContain('for 1 day.');
    expect(text(0)).toContain('deleted forever');
  });

  it('names people and channels plainly', () => {
    const names = { people: new Map([['U0ANNA', 'Anna']]), channels: new Map([['C0GENERAL', 'general']]) };
    const given = { file: file({ uploaderId: 'U0ANNA' }), shares: [share()], names };
    const words = wordsOf(deleteConfirmView({ ...given, channelId: 'C0GENERAL', trashDays: 30 }));
    expect(words).toContain('Anna');
    expect(words).not.toMatch(/<[@#]/);
  });

  it.each([undefined, '', 'null', '[]', '7', '{"fileId":1,"channelId":"C1"}', '{"fileId":"F1"}'])(
    'does not take %j for its metadata',
    (metadata) => {
      expect(readDeleteMetadata(metadata)).toBeNull();
    },
  );
});
