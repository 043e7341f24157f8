import { describe, expect, it } from 'vitest';
import type { FoundText } from '../../src/blocks/file-row.ts';
import { decodeCursor, decodePlace } from '../../src/blocks/kit/cursor.ts';
import { listScreen } from '../../src/blocks/list.ts';
import { notSavedHere } from '../../src/blocks/not-here.ts';
import { screenModal } from '../../src/blocks/screen-modal.ts';
import type { ListFilter } from '../../src/catalog/model.ts';
import type { Checked } from '../../src/catalog/scan/model.ts';
import { RANK } from '../../src/text/match-rank.ts';
import type { TextMode } from '../../src/text-modes.ts';
import { expectMessage } from './block-kit-rules.ts';
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

const names = {
  people: new Map([
    ['U0ANN', 'Anna'],
    ['U0BEN', 'Ben'],
  ]),
  channels: new Map([['C0GENERAL', 'general']]),
};

interface Part {
  action_id?: string;
  value?: string;
  accessibility_label?: string;
  options?: Array<{ text: { text: string }; value: string; url?: string }>;
  initial_option?: { text: { text: string }; value: string };
  elements?: Part[];
  accessory?: Part;
}

/** All parts of a screen that people click on, by their action. */
function buttonsOf({ blocks }: { blocks: unknown[] }, actionId: string): Part[] {
  const parts = (blocks as Part[]).flatMap((block) => [
    ...(block.elements ?? []),
    ...(block.accessory ? [block.accessory] : []),
  ]);
  return parts.filter((part) => part.action_id === actionId);
}

describe('a search that left something out says why', () => {
  const shown = (files: boolean, why: { stopped: true; behind?: true }) =>
    wordsOf(
      listScreen({
        ...{ ...input, channelId: '', filter: { text: 'budget' }, query: 'budget' },
        ...{ page: { ...nothing, ...why, files: files ? [listed()] : [] } },
        total: { files: 1, more: true, bytes: null },
      }),
    );

  it.each([true, false])('the time, or messages that wait for the index', (files) => {
    const [late, behind] = [shown(files, { stopped: true }), shown(files, { stopped: true, behind: true })];
    expect(late).toContain('I looked for 2 seconds and stopped.');
    expect(behind).toContain('Messages are still being added to the search, so files may be missing.');
    expect(behind).not.toContain('2 seconds');
    for (const words of [late, behind])
      expect(words).toContain(files ? '1–1 of 1+' : 'No files found so far.');
  });
});

describe('a search where not all is searched', () => {
  const shown = (texts: TextMode, where?: 'text') =>
    wordsOf(
      listScreen({
        ...{ ...input, channelId: '', query: 'budget', page: nothing, texts },
        filter: { text: 'budget', ...(where && { where }) },
      }),
    );

  it('says so when it finds nothing', () => {
    expect(shown('all')).not.toContain('searched here');
    expect(shown('words')).toContain('What is in files is not searched here.');
    expect(shown('contents')).toContain('What was said with files is not searched here.');
    expect(shown('off')).toContain('Only names are searched here.');
  });

  it('says where in:text looked', () => {
    expect(shown('all', 'text')).toContain('only in what was said and what is in files');
    expect(shown('words', 'text')).toContain('only in what was said with files');
    expect(shown('words', 'text')).not.toContain('in files is not');
    expect(shown('contents', 'text')).toContain('only in what is in files');
    expect(shown('off', 'text')).toContain('only in texts, and none are searched here');
  });
});

describe('files that were found by what is in them', () => {
  const inside = (snippet: FoundText, check?: Checked) =>
    listScreen({
      ...{
        ...input,
        filter: { text: 'budget' },
        query: 'budget',
        snippet: () => snippet,
        check: () => check,
      },
      page: { ...nothing, files: [{ ...listed(), rank: RANK.contents }] },
    });

  it('stand below those with the words in their names, with the place and its page', () => {
    const words = wordsOf(inside({ text: '… the budget for 2026 …', page: 12 }));
    expect(words).toContain('In the text of files:');
    expect(words).toContain('“… the budget for 2026 …” · page 12');
    expect(wordsOf(inside({ text: 'the budget', page: null }))).not.toContain('· page');
  });

  it('offer the older version that alone has the words, beside the newest', () => {
    const older = { number: 2, at: NOW - 30 * DAY };
    const screen = inside({ text: 'the budget', page: null, older });
    expectMessage(screen);
    expect(wordsOf(screen)).toMatch(/“the budget” · older version: <!date/);
    const buttonOf = (shown: typeof screen) => buttonsOf(shown, 'download_version');
    expect(buttonOf(screen)).toMatchObject([{ value: `${listed().fileId}:2` }]);
    expect(buttonsOf(screen, 'download_file')).toHaveLength(1);
    expect(buttonOf(inside({ text: 'the budget', page: null }))).toEqual([]);
    for (const state of ['infected', 'waiting'] as const) {
      const held = { state, isGiven: false } as Checked;
      expect(buttonOf(inside({ text: 'the budget', page: null, older }, held))).toEqual([]);
    }
  });

  it('show text as text, whatever is in it', () => {
    const screen = inside({ text: '*bold* <!channel> & <https://x.example|here>', page: null });
    expectMessage(screen);
    expect(wordsOf(screen)).toContain('“`*bold* &lt;!channel&gt; &amp; &lt;https://x.example|here&gt;`”');
  });

  it.each(['infected', 'waiting'])(
    'show nothing of a file that the malware check holds back: %s',
    (state) => {
      const held = { state, isGiven: false } as Checked;
      expect(wordsOf(inside({ text: 'a secret', page: 1 }, held))).not.toContain('a secret');
    },
  );
});

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
    const downloads = buttonsOf(screen, 'download_file');
    expect(downloads.map(({ value }) => value)).toEqual(['F0MINE', 'F0OTHER']);
    expect(downloads.map((button) => button.accessibility_label)).toEqual([
      'Download Q3 budget.pdf',
      'Download Team photo & more.jpg',
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
    const expected = { channelId: 'C0GENERAL', query: 'type:pdf', before: 1, cursor: older };
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
    expect(wordsOf(screen)).toContain('too long to show them');
  });

  it('names its filters', async () => {
    const page = { files: [listed()], newer: null, older: null };
    await expectScreen('list-filtered', listScreen({ ...input, page, filter: everyFilter }));
  });

  it('tells a new channel what to do', async () => {
    await expectScreen('list-nothing-yet', listScreen({ ...input, page: nothing }));
  });

  it('says nothing of dropping a file where the bot is not', () => {
    const screen = listScreen({ ...input, page: nothing });
    expect(wordsOf(screen)).toContain('Drop a file here and it is saved.');
    const warned = wordsOf(notSavedHere('C0GENERAL', screen));
    expect(warned).toContain('nothing shared here is saved');
    expect(warned).not.toContain('Drop a file here');
  });

  it('tells that nothing matches', async () => {
    await expectScreen('list-no-match', listScreen({ ...input, page: nothing, filter: everyFilter }));
  });

  it('tells that the end is behind', async () => {
    const newer = { direction: 'newer' as const, sharedAt: 5, fileId: 'F1' };
    await expectScreen('list-past-end', listScreen({ ...input, page: { ...nothing, newer } }));
    const cursor = { direction: 'older' as const, sharedAt: 5, fileId: 'F1' };
    expect(wordsOf(listScreen({ ...input, page: nothing, cursor }))).toContain('no more files');
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
      listScreen({ ...input, channelId: '', page, filter, query, time: 'after:7d', open: true }),
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

describe('the rows of a list', () => {
  const page = { files: [listed({ name: 'a.pdf' })], newer: null, older: null };
  const older = { direction: 'older' as const, sharedAt: 5, fileId: 'F1' };
  const full = {
    files: Array.from({ length: 10 }, (_, i) => listed({ fileId: `F${i}` })),
    newer: null,
    older,
  };

  it('stand under a heading that counts', () => {
    const heading = (given: object) =>
      wordsOf(listScreen({ ...input, names, page: full, ...given })).split('\n')[0];
    expect(heading({ total: { files: 58, more: false, bytes: 2048 } })).toBe(
      'Files in #general · 1–10 of 58',
    );
    expect(heading({ total: { files: 1000, more: true, bytes: null } })).toBe(
      'Files in #general · 1–10 of 1,000+',
    );
    expect(heading({ before: 20, total: { files: 58, more: false, bytes: 1 } })).toBe(
      'Files in #general · 21–30 of 58',
    );
    expect(heading({ channelId: '', filter: { text: 'budget' } })).toBe('Files for “budget” · 1–10 of 10+');
    expect(heading({ page })).toBe('Files in #general · 1');
    expect(heading({ page, before: 57, total: { files: 58, more: false, bytes: 1 } })).toBe(
      'Files in #general · 58–58 of 58',
    );
    // What is on the page is there, whatever was counted before it came.
    expect(heading({ total: { files: 3, more: false, bytes: 1 } })).toBe('Files in #general · 10');
  });

  it('say how much it is only when all was summed', () => {
    const under = (total: { files: number; more: boolean; bytes: number | null }) =>
      wordsOf(listScreen({ ...input, page: full, total }));
    expect(under({ files: 58, more: false, bytes: 2048 })).toContain('Newest first · 2 KB in all');
    expect(under({ files: 58, more: true, bytes: null })).not.toContain('in all');
  });

  it('name people and channels plainly, and link only what is not known', () => {
    const screen = listScreen({ ...input, channelId: '', names, page });
    expect(wordsOf(screen)).toContain('Ben · 1.2 MB ·');
    expect(wordsOf(screen)).toContain('· #general');
    expect(JSON.stringify(screen)).not.toMatch(/<[@#]/);
    const unknown = listScreen({ ...input, channelId: '', page });
    expect(wordsOf(unknown)).toMatch(/<@U0BEN> · .* · <#C0GENERAL>/);
  });

  it('offer in the menu what this person may do, and no more than five things', () => {
    const menu = (given: object) =>
      buttonsOf(listScreen({ ...input, page, ...given }), 'file_menu')[0]?.options?.map(
        ({ text }) => text.text,
      );
    const message = () => 'https://acme.slack.com/archives/C1/p1';
    const all = { mayDelete: () => true, mayHold: true, mayShare: true, messageUrl: message };
    expect(menu(all)).toEqual(['Details', 'Go to message', 'Share', 'Hold', 'Delete']);
    expect(menu({})).toEqual(['Details']);
    expect(menu({ messageUrl: () => `https://acme.slack.com/${'x'.repeat(3000)}` })).toEqual(['Details']);
  });

  it('have no Download while the malware gate holds a file back', () => {
    const at = { since: NOW, scannedAt: NOW, scannedWith: 'ClamAV', release: null, reason: null };
    const shown = (check: object) =>
      buttonsOf(listScreen({ ...input, page, check: () => ({ ...at, ...check }) as never }), 'download_file')
        .length;
    expect(shown({ state: 'infected', signature: 'Eicar', isGiven: false })).toBe(0);
    expect(shown({ state: 'waiting', signature: null, isGiven: false })).toBe(1);
    expect(shown({ state: 'clean', signature: null, isGiven: true })).toBe(1);
  });

  it('lead back to their page of the list', () => {
    const cursor = { direction: 'older' as const, rank: 0, sharedAt: 9, fileId: 'F9' };
    const { blocks } = listScreen({ ...input, query: 'budget', page, cursor, before: 20 });
    const ids = blocks.flatMap(({ block_id }) => decodePlace(block_id) ?? []);
    expect(ids).toEqual([{ channelId: 'C0GENERAL', query: 'budget', before: 20, cursor }]);
    expect(decodePlace(blocks.find((block) => block.type === 'actions')?.block_id)).toBeNull();
  });

  it('stay within the limits with the longest names, in any script, with all that can be said', () => {
    const arabic = 'تقرير الميزانية السنوية '.repeat(12).slice(0, 255);
    const files = Array.from({ length: 10 }, (_, i) =>
      listed({
        fileId: `F${i}`,
        name: i % 2 ? `${'W'.repeat(251)}.pdf` : arabic,
        rank: i < 4 ? 0 : 3,
      } as never),
    );
    const long = {
      people: new Map([['U0BEN', 'N'.repeat(80)]]),
      channels: new Map([['C0GENERAL', 'c'.repeat(80)]]),
    };
    const trashed = files.slice(0, 3).map((file) => ({ ...file, mayRestore: true })) as never;
    const screen = listScreen({
      ...input,
      ...{ channelId: '', names: long, trashed, open: true, filter: everyFilter, query: 'budget type:pdf' },
      ...{ mayHold: true, mayShare: true, mayDelete: () => true, note: 'Only files of this channel.' },
      page: { files, newer: { ...older, direction: 'newer' }, older: null },
      before: 20,
    });
    expectMessage(screen);
    expect(screen.blocks.length).toBeLessThanOrEqual(46);
  });
});

describe('the filter of a list', () => {
  const page = { files: [listed()], newer: null, older: null };
  const chosen = (filter: ListFilter, time = '', days = {}) => {
    const screen = listScreen({ ...input, channelId: '', page, filter, query: 'q', time, days, open: true });
    return ['find_type', 'find_time', 'find_size', 'find_sort'].map(
      (id) => buttonsOf(screen, id)[0]?.initial_option?.text.text,
    );
  };

  it('is one button, so that the first file is near the top', () => {
    const two = { ...page, files: [listed(), listed()] };
    const { blocks } = listScreen({ ...input, page: two, names });
    expect(blocks.slice(0, 4).map(({ type }) => type)).toEqual(['section', 'context', 'actions', 'section']);
    expect(buttonsOf({ blocks }, 'find_person')).toEqual([]);
    expect(buttonsOf({ blocks }, 'find_clear')).toEqual([]);
  });

  it('has no order and no sum above a single file, unless an order was asked for', () => {
    const total = { files: 1, bytes: 91, more: false };
    expect(wordsOf(listScreen({ ...input, page, total }))).not.toMatch(/first|in all/);
    expect(wordsOf(listScreen({ ...input, page, filter: { sort: 'oldest' } }))).toContain('Oldest first');
  });

  it('counts what is set, and offers to clear it', () => {
    const screen = listScreen({ ...input, page, filter: { types: ['pdf'], userId: 'U0ANN' } });
    expect(JSON.stringify(buttonsOf(screen, 'find_open'))).toContain('Filter · 2');
    expect(buttonsOf(screen, 'find_clear')).toHaveLength(1);
  });

  it('names days as they are where the person is', () => {
    // The first of May in Tokyo begins while it is April in UTC.
    const days = { after: 'May 1, 2026', before: 'Jun 1, 2026' };
    const filter = { after: Date.UTC(2026, 3, 30, 15), before: Date.UTC(2026, 4, 31, 15) };
    const given = { ...input, channelId: '', page, filter, query: 'q', time: 'on:2026-05', open: true };
    const [menu] = buttonsOf(listScreen({ ...given, days }), 'find_time');
    expect(menu?.initial_option?.text.text).toBe('Since May 1, 2026, before Jun 1, 2026');
  });

  it('says what is left out, counts it and offers to clear it', () => {
    const filter = { notTypes: ['zip'], notUserIds: ['U0ANN'], notChannelIds: ['C0GENERAL'] };
    const screen = listScreen({ ...input, channelId: '', page, names, filter, query: '-type:zip' });
    expect(wordsOf(screen)).toContain('not type `zip` · not from Anna · not in #general');
    expect(JSON.stringify(buttonsOf(screen, 'find_open'))).toContain('Filter · 3');
    expect(buttonsOf(screen, 'find_clear')).toHaveLength(1);
  });

  it('shows what was typed as chosen, also what no menu offers', () => {
    expect(chosen({ types: ['pdf'] })[0]).toBe('PDF');
    expect(chosen({ types: ['odt', 'docx', 'doc', 'gdoc', 'pages', 'rtf'] })[0]).toBe('Documents');
    expect(chosen({ types: ['dwg', 'dxf'] })[0]).toBe('Type dwg or dxf');
    expect(chosen({ after: NOW - 7 * DAY }, 'after:7d')[1]).toBe('Last 7 days');
    expect(chosen({ after: Date.UTC(2026, 4, 1) }, 'after:2026-05-01', { after: 'May 1, 2026' })[1]).toBe(
      'Since May 1, 2026',
    );
    expect(chosen({ minBytes: 10 * 2 ** 20 })[2]).toBe('10 MB and more');
    expect(chosen({ minBytes: 5 * 2 ** 20, maxBytes: 6 * 2 ** 20 })[2]).toBe('At least 5 MB, at most 6 MB');
    expect(chosen({})).toEqual([undefined, undefined, undefined, 'Newest first']);
    expect(chosen({ text: 'x' })[3]).toBe('Best match first');
    expect(chosen({ text: 'x', sort: 'largest' })[3]).toBe('Largest first');
  });
});

describe('a file in the trash among what was found', () => {
  const nothingFound = { files: [], newer: null, older: null };
  const trashed = {
    ...listed({ state: 'trashed', trashedAt: NOW, name: 'old budget.pdf' }),
    isPurging: false,
  };
  const shown = (mayRestore: boolean) =>
    listScreen({
      ...input,
      ...{ channelId: '', names, page: nothingFound, filter: { text: 'budget' }, query: 'budget' },
      trashed: [{ ...trashed, mayRestore } as never],
    });

  it('says so, and has Restore for those who may', () => {
    expect(wordsOf(shown(true))).toContain('In the trash since');
    expect(buttonsOf(shown(true), 'find_restore')[0]?.accessibility_label).toBe('Restore old budget.pdf');
    expect(buttonsOf(shown(false), 'find_restore')).toEqual([]);
    expect(buttonsOf(shown(true), 'download_file')).toEqual([]);
  });

  it('stands first after /vault restore, and so it does when the list is drawn again', () => {
    const page = { files: [listed()], newer: null, older: null };
    const others = { ...input, page, channelId: '', names, filter: { text: 'budget' }, query: 'budget' };
    const some = [{ ...trashed, mayRestore: true } as never];
    const first = listScreen({ ...others, trashed: some, trashFirst: true });
    expect(wordsOf(first)).toMatch(/^.*In the trash · “budget”/);
    expect(buttonsOf(first, 'download_file')).toEqual([]);
    const row = first.blocks.find(({ block_id }) => block_id !== undefined);
    expect(decodePlace(row?.block_id)).toEqual({ channelId: '', query: 'budget', trashFirst: true });
    // The others are a click away.
    expect(JSON.stringify(buttonsOf(first, 'run_find'))).toContain('Files that are not deleted');
    const none = listScreen({ ...others, trashed: [], trashFirst: true });
    expect(wordsOf(none)).toContain(
      'Not found in the trash by name. Add `in:text` to look for what is in files.',
    );
    const said = listScreen({ ...others, trashed: [], trashFirst: true, texts: 'words' });
    expect(wordsOf(said)).toContain('Add `in:text` to look for what was said with files.');
    const off = listScreen({ ...others, trashed: [], trashFirst: true, texts: 'off' });
    expect(wordsOf(off)).toContain('Not found in the trash.');
    expect(wordsOf(off)).not.toContain('in:text');
    const empty = { ...others, page: nothing, trashed: [], trashFirst: true };
    expect(wordsOf(listScreen({ ...empty, filter: { text: 'budget', where: 'text' } }))).toContain(
      'Not found in the trash.',
    );
    // Only who looked at all of it may say so.
    for (const files of [[listed()], []]) {
      const nothing = { files, newer: null, older: null };
      const cut = { ...others, page: nothing, trashed: [], trashFirst: true, trashStopped: true };
      expect(wordsOf(listScreen(cut))).toContain('Not all of the trash was searched.');
      expect(wordsOf(listScreen(cut))).not.toContain('Not found in the trash');
    }
    const more = listScreen({ ...others, trashed: some, trashFirst: true, trashMore: true });
    expect(wordsOf(more)).toContain('There are more. Type more of the name.');
    expect(buttonsOf(none, 'download_file').length).toBeGreaterThan(0);
  });
});
