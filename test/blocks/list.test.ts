import { describe, expect, it } from 'vitest';
import { decodeCursor } from '../../src/blocks/kit/cursor.ts';
import { listScreen } from '../../src/blocks/list.ts';
import { screenModal } from '../../src/blocks/screen-modal.ts';
import type { ListFilter } from '../../src/catalog/model.ts';
import { DAY, listed, NOW, notStored } from './samples.ts';
import { expectScreen, expectScreenView, wordsOf } from './snapshot.ts';

const nothing = { files: [], newer: null, older: null };
const input = { channelId: 'C0GENERAL', filter: {}, query: '', now: NOW, mayDelete: () => false };
const everyFilter: ListFilter = {
  userId: 'U0ANN',
  types: ['pdf', 'image'],
  after: NOW - 30 * DAY,
  before: NOW,
  text: 'budget *2026*',
};

describe('the list', () => {
  it('shows a page with its menus and both page buttons', async () => {
    const mine = listed({ fileId: 'F0MINE' });
    const files = [
      mine,
      listed({ fileId: 'F0OTHER', name: 'Team photo & more.jpg', mimetype: 'image/jpeg', filetype: 'jpg' }),
      listed({
        ...notStored,
        fileId: 'F0QUEUE',
        name: 'keynote.mov',
        state: 'storing',
        size: 157_286_400,
        filetype: 'mov',
      }),
      listed({
        ...notStored,
        fileId: 'F0LINK',
        name: 'Plan',
        mode: 'external',
        state: 'skipped',
        reason: 'external',
      }),
      listed({ ...notStored, fileId: 'F0BAD', state: 'failed', errorCode: 'bucket_full', dueAt: NOW + DAY }),
    ];
    const page = {
      files,
      newer: { direction: 'newer' as const, sharedAt: NOW, fileId: 'F0MINE' },
      older: { direction: 'older' as const, sharedAt: NOW - DAY, fileId: 'F0BAD' },
    };
    const screen = listScreen({ ...input, page, mayDelete: (file) => file === mine });
    await expectScreen('list', screen);
    expect(JSON.stringify(screen).match(/"delete:F0\w+"/g)).toEqual(['"delete:F0MINE"']);
    expect(JSON.stringify(screen).match(/"download:F0\w+"/g)).toEqual([
      '"download:F0MINE"',
      '"download:F0OTHER"',
    ]);
  });

  it('turns pages by a value that leads back to the words and the place', () => {
    const older = { direction: 'older' as const, rank: 1, sharedAt: 5, fileId: 'F1' };
    const { blocks } = listScreen({
      ...input,
      query: 'type:pdf',
      page: { files: [listed()], newer: null, older },
    });
    const row = blocks.at(-1) as unknown as { elements: Array<{ action_id: string; value: string }> };
    expect(row.elements.map(({ action_id }) => action_id)).toEqual(['list_older']);
    const expected = { channelId: 'C0GENERAL', query: 'type:pdf', cursor: older };
    expect(decodeCursor(row.elements[0]?.value)).toEqual(expected);
  });

  it('says so when the words are too long for a page button', () => {
    const older = { direction: 'older' as const, sharedAt: 5, fileId: 'F1' };
    const screen = listScreen({
      ...input,
      query: 'x'.repeat(3000),
      page: { files: [listed()], newer: null, older },
    });
    expect(JSON.stringify(screen)).not.toContain('list_older');
    expect(wordsOf(screen)).toContain('too long to turn pages');
  });

  it('names its filters', async () => {
    const page = { files: [listed()], newer: null, older: null };
    await expectScreen('list-filtered', listScreen({ ...input, page, filter: everyFilter }));
  });

  it('tells a new channel what to do', async () => {
    await expectScreen('list-nothing-yet', listScreen({ ...input, page: nothing }));
  });

  it('tells that nothing matches', async () => {
    await expectScreen('list-no-match', listScreen({ ...input, page: nothing, filter: everyFilter }));
  });

  it('tells that the end is behind', async () => {
    const newer = { direction: 'newer' as const, sharedAt: 5, fileId: 'F1' };
    await expectScreen('list-past-end', listScreen({ ...input, page: { ...nothing, newer } }));
    expect(wordsOf(listScreen({ ...input, page: nothing, paged: true }))).toContain('nothing further');
  });

  it('looks everywhere, with every filter as a menu that shows what is chosen', async () => {
    const page = {
      files: [listed(), listed({ fileId: 'F0NEAR', name: 'budgte.pdf' })].map((file, rank) => ({
        ...file,
        rank: rank * 3,
      })),
      newer: null,
      older: { direction: 'older' as const, rank: 3, sharedAt: NOW - DAY, fileId: 'F0NEAR' },
    };
    const filter = {
      text: 'budget',
      types: ['pdf'],
      after: NOW - 7 * DAY,
      userId: 'U0ANN',
      channelId: 'C0GENERAL',
      minBytes: 1024,
    };
    const query = '<@U0ANN> <#C0GENERAL> type:pdf after:7d size:>=1k budget';
    await expectScreen(
      'find',
      listScreen({ ...input, channelId: '', page, filter, query, time: 'after:7d' }),
    );
  });

  it('in a modal, the words can be typed', async () => {
    const page = { files: [listed()], newer: null, older: null };
    const screen = listScreen({
      ...input,
      channelId: '',
      page,
      inModal: true,
      filter: { text: 'budget' },
      query: 'budget',
    });
    await expectScreenView('find-modal', screenModal(screen));
  });

  it('everywhere: an empty vault, and nothing that matches', async () => {
    await expectScreen('find-nothing-yet', listScreen({ ...input, channelId: '', page: nothing }));
    await expectScreen(
      'find-no-match',
      listScreen({ ...input, channelId: '', page: nothing, filter: { text: 'x' }, query: 'x' }),
    );
  });
});
