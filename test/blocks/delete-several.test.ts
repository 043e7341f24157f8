import { describe, expect, it } from 'vitest';
import { deleteChooser } from '../../src/blocks/delete-chooser.ts';
import { deletedSeveralScreen, deleteSeveralView, readSeveral } from '../../src/blocks/delete-several.ts';
import { DAY, file, NOW } from './samples.ts';
import { expectScreen, expectScreenView } from './snapshot.ts';

const files = [file(), file({ fileId: 'F2', name: '*b*.zip', storedBytes: 1_000_000 })];
const staying = [{ name: 'evidence.pdf', why: 'This file is on hold.' }];

describe('several files at once', () => {
  it('have one button in the list, where there are several; each file stands there once', () => {
    const list = (some: typeof files) => JSON.stringify(deleteChooser({ channelId: 'C1', files: some }));
    expect(list([file()])).not.toContain('delete_several');
    const shown = list(files);
    expect(shown).toContain('"value":"F0AB12CD34 F2"');
    expect(shown).not.toContain('checkboxes');
    expect(shown.split('Q3 budget.pdf*').length).toBe(2);
  });

  it('have a box each in the window, and those that stay are named', async () => {
    const names = { people: new Map([['U0ANNA', 'Anna']]), channels: new Map() };
    const given = { files, staying, channelId: 'C1', trashDays: 30, ticked: ['F2'], names };
    const view = deleteSeveralView(given);
    await expectScreenView('delete-several', view);
    const meant = { fileIds: ['F0AB12CD34', 'F2'], channelId: 'C1' };
    expect(readSeveral(view.private_metadata)).toEqual(meant);
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
