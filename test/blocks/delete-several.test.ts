import { describe, expect, it } from 'vitest';
import {
  deletedSeveralScreen,
  deleteSeveralView,
  readSeveral,
  severalBoxes,
} from '../../src/blocks/delete-several.ts';
import { DAY, file, NOW } from './samples.ts';
import { expectScreen, expectScreenView } from './snapshot.ts';

const files = [file(), file({ fileId: 'F2', name: '*b*.zip', storedBytes: 1_000_000 })];
const staying = [{ name: 'evidence.pdf', why: 'This file is on hold.' }];

describe('several files at once', () => {
  it('are ticked in the chooser, where there are several', () => {
    expect(severalBoxes([])).toEqual([]);
    expect(severalBoxes([file()])).toEqual([]);
    expect(JSON.stringify(severalBoxes(files))).toContain('"value":"F2"');
    const many = Array.from({ length: 12 }, (_, i) => file({ fileId: `F${i}` }));
    expect(JSON.stringify(severalBoxes(many))).not.toContain('"F10"');
  });

  it('are all named in the question, with their total, and those that stay', async () => {
    const view = deleteSeveralView({ files, staying, channelId: 'C1', trashDays: 30 });
    await expectScreenView('delete-several', view);
    expect(readSeveral(view.private_metadata)).toEqual({ fileIds: ['F0AB12CD34', 'F2'], channelId: 'C1' });
    for (const bad of [undefined, '', 'null', '[]', '{"fileIds":"F1","channelId":"C"}'])
      expect(readSeveral(bad)).toBeNull();
  });

  it('are told afterwards, the refused ones too', async () => {
    await expectScreen(
      'deleted-several',
      deletedSeveralScreen({ moved: files, staying, purgeAt: NOW + DAY }),
    );
    await expectScreen('deleted-none', deletedSeveralScreen({ moved: [], staying, purgeAt: null }));
  });
});
