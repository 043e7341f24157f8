import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { trashFile } from '../../../src/catalog/files/trash.ts';
import { NO_OVERRIDES, saveOverrides } from '../../../src/catalog/governance/rules.ts';
import type { FileFacts, ListFilter, SharedFile } from '../../../src/catalog/model.ts';
import { claimReadings, readingDone } from '../../../src/catalog/reading/rows.ts';
import { startReading } from '../../../src/catalog/reading/start.ts';
import { searchedWords } from '../../../src/catalog/reading/words.ts';
import { findFiles } from '../../../src/catalog/search/find.ts';
import { gather } from '../../../src/catalog/search/gather.ts';
import { trashedLike } from '../../../src/catalog/search/trashed-like.ts';
import { RANK } from '../../../src/text/match-rank.ts';
import { runs } from '../../runs.ts';
import { databases, empty } from '../databases.ts';
import { found, sampleShare, storeFile, T0, TEAM } from '../samples.ts';

describe.each(databases)('files by what was said with them, on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterAll(() => catalog?.close());
  beforeEach(() => empty(catalog));

  async function share(
    fileId: string,
    channelId: string,
    text: string,
    { at = T0, root, ...file }: Partial<SharedFile> & { at?: number; root?: string } = {},
  ) {
    const said = { author: 'U1', text, at };
    const thread =
      root === undefined ? {} : { threadTs: '1.000000', rootSaid: { author: 'U2', text: root, at } };
    const share = sampleShare(channelId, at, { said, ...thread });
    const plain = { name: `${fileId}.pdf`, title: null, ...file };
    const [recorded] = await recordShares(
      catalog,
      TEAM,
      [{ ...found(fileId, channelId, at, plain), share }],
      at,
    );
    if (recorded?.state === 'pending') await storeFile(catalog, fileId, { now: at });
  }
  const asked = (text: string, channelIds: string[], more: Partial<ListFilter> = {}, ownUserId?: string) => ({
    viewer: { teamId: TEAM, channelIds, ...(ownUserId ? { ownUserId } : {}) },
    filter: { text, ...more },
    said: true,
  });
  async function find(text: string, channelIds = ['C1'], more: Partial<ListFilter> = {}, ownUserId?: string) {
    const { files } = await findFiles(catalog, { ...asked(text, channelIds, more, ownUserId), limit: 10 });
    return files.map(({ fileId, rank }) => `${fileId} ${rank}`);
  }
  const F1 = [`F1 ${RANK.said}`];

  it('has all words of the question in one message, in any form and order, without accents', async () => {
    await share('F1', 'C1', 'Die Lieferungen gemäß *Verträgen* binnen 14 Tagen');
    for (const words of ['Vertrag', 'tage lieferung 14', 'GEMASS'])
      expect(await find(words), words).toEqual(F1);
    for (const words of ['vertrag 15', 'liefer', 'rechnung']) expect(await find(words), words).toEqual([]);
  });

  it('names come first, then what was said, then contents, each the newest first', async () => {
    await startReading(catalog);
    await share('F1', 'C1', 'the budget', { at: T0 });
    await share('F2', 'C1', 'our budget', { at: T0 + 1_000 });
    await share('F3', 'C1', '', { name: 'budget.pdf', at: T0 - 1_000 });
    await share('F4', 'C1', '', { at: T0 + 2_000 });
    for (const row of await claimReadings(catalog, {
      owner: 'a',
      limit: 9,
      leaseMs: 60_000,
      now: T0 + 9_000,
    })) {
      const words = new Set(['F4', 'F1'].includes(row.fileId) ? searchedWords('budget') : []);
      await readingDone(catalog, row, 'a', { words, state: 'read', reason: null });
    }
    const { files } = await findFiles(catalog, { ...asked('budget', ['C1']), contents: true, limit: 10 });
    const shown = files.map(({ fileId, rank }) => [fileId, rank]);
    const contents = ['F4', RANK.contents];
    expect(shown).toEqual([['F3', RANK.beginning], ['F2', RANK.said], ['F1', RANK.said], contents]);
    expect(await find('budget', ['C1'], { where: 'name' })).toEqual([`F3 ${RANK.beginning}`]);
    expect(await find('budget', ['C1'], { where: 'text' })).toEqual([`F2 ${RANK.said}`, ...F1]);
    const { files: second } = await findFiles(catalog, {
      ...{ ...asked('budget', ['C1']), contents: true, limit: 2 },
      cursor: { direction: 'older', rank: RANK.said, sharedAt: T0 + 1_000, fileId: 'F2' },
    });
    expect(second.map(({ fileId }) => fileId)).toEqual(['F1', 'F4']);
  });

  it('words in quotes stand together and in their order, and never across two texts', async () => {
    await share('F1', 'C1', 'the year ends, the end of the year', { root: 'closing books' });
    for (const phrase of ['year ends', 'end of the year'])
      expect(await find(phrase, ['C1'], { phrases: [phrase] })).toEqual(F1);
    for (const phrase of ['ends year', 'year closing', 'books the'])
      expect(await find(phrase, ['C1'], { phrases: [phrase] }), phrase).toEqual([]);
  });

  it('a name with the words in another order hides nothing that was said as it stands in the quotes', async () => {
    await share('F1', 'C1', 'the annual budget', { name: 'budget annual.xlsx' });
    expect(await find('annual budget', ['C1'], { phrases: ['annual budget'] })).toEqual(F1);
    await share('F2', 'C1', 'the annual budget', { name: 'annual budget.xlsx', at: T0 + 1_000 });
    expect(await find('annual budget', ['C1'], { phrases: ['annual budget'] })).toEqual([
      `F2 ${RANK.beginning}`,
      ...F1,
    ]);
  });

  it('a word that was said is left out also where names have the words, unless only names are asked', async () => {
    await share('F1', 'C1', 'as a draft', { name: 'budget.pdf' });
    await share('F2', 'C1', '', { name: 'bugdet.pdf', at: T0 + 1_000 });
    await share('F3', 'C1', 'a draft', { name: 'bugdet two.pdf', at: T0 + 2_000 });
    const notText = ['draft'];
    expect(await find('budget', ['C1'], { notText })).not.toContain(`F1 ${RANK.beginning}`);
    expect((await find('budget', ['C1'], { notText })).map((one) => one.split(' ')[0])).not.toContain('F3');
    expect(await find('budget', ['C1'], { notText, where: 'name' })).toContain(`F1 ${RANK.beginning}`);
    expect((await find('', ['C1'], { notText })).map((one) => one.split(' ')[0])).toEqual(['F2']);
  });

  it('a word that is left out counts in what the person may see, and only there', async () => {
    await share('F1', 'C1', 'budget as a draft');
    await share('F2', 'C1', 'budget', { at: T0 + 1_000 });
    await share('F2', 'C2', 'a draft, for us only', { at: T0 + 2_000 });
    expect(await find('budget', ['C1'], { notText: ['draft'] })).toEqual([`F2 ${RANK.said}`]);
    expect(await find('budget', ['C1', 'C2'], { notText: ['draft'] })).toEqual([]);
  });

  it('what was said in a channel is for those who see it, though the file is open to others', async () => {
    await share('F1', 'C1', 'the public words');
    await share('F1', 'C2', 'the secret words', { at: T0 + 1_000 });
    expect(await find('secret', ['C1'])).toEqual([]);
    expect(await find('secret', ['C2'])).toEqual(F1);
    expect(await find('secret', ['C1'], {}, 'U1')).toEqual([]);
    expect((await gather(catalog, asked('secret', ['C1']))).files).toEqual([]);
    expect(await find('public', ['C2'])).toEqual([]);
    expect(await find('words', [])).toEqual([]);
  });

  it('the thread’s first message, a transcript, a description and an e-mail find it, too', async () => {
    const facts: FileFacts = {
      altText: 'red house',
      transcript: 'we promised fourteen',
      mailFrom: 'Otto Berg',
      mailText: 'agreed',
    };
    await share('F1', 'C1', 'here', { root: 'who has the offer?', facts });
    for (const words of ['offer', 'red house', 'promised', 'otto', 'agreed'])
      expect(await find(words), words).toEqual(F1);
    expect(await find('house', ['C2'])).toEqual([]);
    await share('F1', 'C2', '', { at: T0 + 1_000 });
    expect(await find('house', ['C2'])).toEqual(F1);
    expect(await find('offer', ['C2'])).toEqual([]);
  });

  it('a transcript that Slack writes down later is found by all of it', async () => {
    await share('F1', 'C1', '', { facts: { transcript: 'first words' } });
    await share('F1', 'C1', '', { facts: { transcript: 'first words and the rest' } });
    expect(await find('rest')).toEqual(F1);
  });

  it('a person finds their own uploads by the words of the file, not by those of a channel that they left', async () => {
    await share('F1', 'C1', 'said there', { facts: { altText: 'red house' } });
    expect(await find('house', [], {}, 'U1')).toEqual(F1);
    expect(await find('said', [], {}, 'U1')).toEqual([]);
  });

  it('a channel with a setting of its own is searched by that', async () => {
    await share('F1', 'C1', 'budget');
    await share('F2', 'C2', 'budget');
    const own = { ...NO_OVERRIDES, text: 'off' as const };
    await saveOverrides(catalog, { teamId: TEAM, channelId: 'C1', own, actorId: 'U1', now: T0 });
    expect(await find('budget', ['C1', 'C2'])).toEqual([`F2 ${RANK.said}`]);
    const words = { ...NO_OVERRIDES, text: 'words' as const };
    await saveOverrides(catalog, { teamId: TEAM, channelId: 'C1', own: words, actorId: 'U1', now: T0 });
    const { files } = await findFiles(catalog, { ...asked('budget', ['C1', 'C2']), said: false, limit: 9 });
    expect(files.map(({ fileId }) => fileId)).toEqual(['F1']);
  });

  it('the words of a file of somebody else say nothing of a channel that the person does not see', async () => {
    await share('F0', 'C2', '', { uploaderId: 'U1' });
    const facts: FileFacts = { altText: 'red house' };
    await share('F1', 'C2', '', { uploaderId: 'U2', facts });
    await share('F1', 'C1', '', { uploaderId: 'U2', facts, at: T0 + 1_000 });
    await share('F2', 'C1', '', { uploaderId: 'U2', facts });
    const own = { ...NO_OVERRIDES, text: 'off' as const };
    await saveOverrides(catalog, { teamId: TEAM, channelId: 'C1', own, actorId: 'U1', now: T0 });
    // Both are open to them, in a channel that is not searched.
    const all = await find('', ['C1'], {}, 'U1');
    expect(all.map((one) => one.split(' ')[0]).sort()).toEqual(['F0', 'F1', 'F2']);
    expect(await find('house', ['C1'], {}, 'U1')).toEqual([]);
    expect(await find('', ['C1'], { notText: ['house'] }, 'U1')).toEqual(all);
    expect(await find('house', ['C1', 'C2'])).toEqual(F1);
  });

  it('in the trash it is found by the same words, for a hold', async () => {
    await share('F1', 'C1', 'the budget');
    await trashFile(catalog, {
      ref: { teamId: TEAM, fileId: 'F1' },
      actorId: 'U1',
      channelId: 'C1',
      purgeAt: T0 + 9,
      now: T0,
    });
    const like = (text: string, channelIds: string[], more: Partial<ListFilter> = {}) =>
      trashedLike(catalog, { ...asked(text, channelIds, more), limit: 5 });
    expect((await like('budget', ['C1'])).fileIds).toEqual(['F1']);
    expect((await like('budget', ['C1'], { where: 'text' })).fileIds).toEqual(['F1']);
    expect((await like('F1.pdf', ['C1'], { where: 'text' })).fileIds).toEqual([]);
    expect((await like('budget', ['C1'], { where: 'name' })).fileIds).toEqual([]);
    expect((await like('budget', ['C2'])).fileIds).toEqual([]);
  });

  it('for any shares, a person finds exactly the files with a message of theirs that has the word', async () => {
    const places = ['C1', 'C2', 'C3'];
    const one = fc.record({
      file: fc.integer({ min: 0, max: 3 }),
      channel: fc.constantFrom(...places),
      text: fc.subarray(['budget', 'offer', 'draft']).map((words) => words.join(' and ')),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(one, { maxLength: 6, selector: ({ file, channel }) => `${file} ${channel}` }),
        fc.subarray(places),
        async (shares, seen) => {
          await empty(catalog);
          for (const [i, { file, channel, text }] of shares.entries())
            await share(`F${file}`, channel, text, { at: T0 + i * 1_000 });
          const theirs = shares.filter(
            ({ channel, text }) => seen.includes(channel) && text.includes('budget'),
          );
          const expected = [...new Set(theirs.map(({ file }) => `F${file} ${RANK.said}`))].sort();
          expect((await find('budget', seen)).sort()).toEqual(expected);
        },
      ),
      { numRuns: runs(25) },
    );
  });
});
