import { setTimeout as pause } from 'node:timers/promises';
import { type KyselyPlugin, sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { trashFile } from '../../../src/catalog/files/trash.ts';
import { everyVersion, insertVersion } from '../../../src/catalog/files/versions.ts';
import { NO_OVERRIDES, saveOverrides } from '../../../src/catalog/governance/rules.ts';
import type { ListCursor, ListFilter } from '../../../src/catalog/model.ts';
import { newSegment, writeParts } from '../../../src/catalog/postings/documents.ts';
import { channelSetKey, wordKey } from '../../../src/catalog/postings/keys.ts';
import { partsOf } from '../../../src/catalog/postings/segment.ts';
import { partsOfText } from '../../../src/catalog/reading/index-words.ts';
import { claimReadings, readingDone, readingOf } from '../../../src/catalog/reading/rows.ts';
import { startReading } from '../../../src/catalog/reading/start.ts';
import { searchedWords } from '../../../src/catalog/reading/words.ts';
import { olderVersionWith, versionsHolding } from '../../../src/catalog/search/contents.ts';
import { findFiles, type Together } from '../../../src/catalog/search/find.ts';
import { trashedLike } from '../../../src/catalog/search/trashed-like.ts';
import { RANK } from '../../../src/text/match-rank.ts';
import type { TextMode } from '../../../src/text-modes.ts';
import { databases, empty } from '../databases.ts';
import { found, sampleObject, sampleShare, storeFile, T0, TEAM } from '../samples.ts';

describe.each(databases)('files by what is in them, on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterAll(() => catalog?.close());
  beforeEach(async () => {
    await empty(catalog);
    await startReading(catalog);
  });

  const claim = () => claimReadings(catalog, { owner: 'a', limit: 9, leaseMs: 60_000, now: T0 });
  async function store(fileId: string, channelId: string, text: string, name = `${fileId}.pdf`, at = T0) {
    await recordShares(catalog, TEAM, [found(fileId, channelId, at, { name, title: name })], at);
    await storeFile(catalog, fileId, { now: at });
    await read(text);
  }
  async function read(text: string) {
    const [row] = await claim();
    if (row === undefined) throw new Error('nothing is to be read');
    return readingDone(catalog, row, 'a', {
      words: new Set(searchedWords(text)),
      state: 'read',
      reason: null,
    });
  }
  async function find(text: string, channelIds = ['C1'], more: Partial<ListFilter> = {}, contents = true) {
    const viewer = { teamId: TEAM, channelIds };
    const { files } = await findFiles(catalog, { viewer, filter: { text, ...more }, limit: 10, contents });
    return files.map(({ fileId, rank }) => `${fileId} ${rank}`);
  }

  it('all words of the question, in any form and any order, without accents', async () => {
    await store('F1', 'C1', 'Die Lieferungen erfolgen gemäß Verträgen binnen 14 Tagen.');
    for (const asked of ['Vertrag', 'lieferung 14 tage', 'TAGE vertrage', 'gemass', '14'])
      expect(await find(asked), asked).toEqual([`F1 ${RANK.contents}`]);
    for (const asked of ['vertrag 15', 'liefer', 'rechnung']) expect(await find(asked), asked).toEqual([]);
    expect(await find('Vertrag', ['C1'], {}, false)).toEqual([]);
  });

  it('a file is found however many others have the words, and however far the list is from it', async () => {
    await store('F1', 'C1', 'our budget');
    const own = await sql<{ audienceId: number }>`select audience_id from file`.execute(catalog.db);
    const keys = [wordKey('budget'), channelSetKey(own.rows[0]?.audienceId as number)];
    for (let first = 100_000; first < 120_480; first += 4_096) {
      const ids = Array.from({ length: 4_096 }, (_, i) => first + i);
      const segment = await newSegment(catalog, { level: 3, ids });
      await writeParts(catalog, segment, [...partsOf(ids.map(() => keys))]);
    }
    const viewer = { teamId: TEAM, channelIds: ['C1'] };
    // As if the walk had looked at more entries than there are such files.
    const pace = { few: 30_000, step: 1_000 };
    const asked = { viewer, filter: { text: 'budget' }, limit: 10, contents: true, pace };
    const { files, stopped } = await findFiles(catalog, asked);
    expect({ found: files.map(({ fileId }) => fileId), stopped }).toEqual({
      found: ['F1'],
      stopped: undefined,
    });
  });

  it('names come first, then contents, each the newest first', async () => {
    await store('F1', 'C1', 'our budget', 'a.pdf', T0);
    await store('F2', 'C1', 'the budget', 'b.pdf', T0 + 1);
    await store('F3', 'C1', 'nothing of it', 'budget.pdf', T0 - 1);
    expect(await find('budget')).toEqual(['F3 1', `F2 ${RANK.contents}`, `F1 ${RANK.contents}`]);
  });

  it('a word in the text is left out also where names have the words', async () => {
    await store('F1', 'C1', 'only a draft', 'budget.pdf');
    await store('F2', 'C1', 'it is final', 'budget two.pdf', T0 - 1);
    expect(await find('budget', ['C1'], { notText: ['draft'] })).toEqual(['F2 1']);
  });

  it('a file whose uploader nobody knows is not left out by what it has where it is not read', async () => {
    await store('F1', 'C1', 'only a draft', 'budget.pdf');
    await recordShares(catalog, TEAM, [found('F1', 'C2', T0 + 1, { name: 'budget.pdf' })], T0 + 1);
    await sql`update file set uploader_id = null`.execute(catalog.db);
    // Somewhere else they uploaded something themselves, so that what is read there counts, too.
    await recordShares(catalog, TEAM, [found('F2', 'C2', T0 + 2, { uploaderId: 'U2' })], T0 + 2);
    await storeFile(catalog, 'F2', { now: T0 });
    const own = { ...NO_OVERRIDES, text: 'words' as const };
    await saveOverrides(catalog, { teamId: TEAM, channelId: 'C1', own, actorId: 'U9', now: T0 });
    const viewer = { teamId: TEAM, channelIds: ['C1'], ownUserId: 'U2' };
    const filter = { text: 'budget', notText: ['draft'] };
    const { files } = await findFiles(catalog, { viewer, filter, limit: 10, contents: true });
    expect(files.map(({ fileId }) => fileId)).toEqual(['F1']);
  });

  it('what was made of a text before goes into the index as it is: it takes long in a transaction', async () => {
    await recordShares(catalog, TEAM, [found('F1', 'C1', T0)], T0);
    await storeFile(catalog, 'F1', { now: T0 });
    const [row] = await claim();
    if (row === undefined) throw new Error('nothing is to be read');
    const parts = await partsOfText({ words: new Set(searchedWords('budget')) });
    const done = { words: new Set(searchedWords('plans')), parts, state: 'read', reason: null } as const;
    await readingDone(catalog, row, 'a', done);
    expect(await find('budget')).toEqual([`F1 ${RANK.contents}`]);
  });

  it('the words of a version that is lost while they go into the index leave it again', async () => {
    await recordShares(catalog, TEAM, [found('F1', 'C1', T0)], T0);
    await storeFile(catalog, 'F1', { now: T0 });
    const object = { ...sampleObject('F1'), key: 'old' };
    await insertVersion(catalog, { teamId: TEAM, fileId: 'F1' }, { number: 1, object, storedAt: T0 });
    const [version] = await everyVersion(catalog, { teamId: TEAM, fileId: 'F1' });
    const [row] = await claim();
    if (row === undefined || version === undefined) throw new Error('nothing is to be read');
    let losing: Promise<unknown> | undefined;
    let lookedFor = false;
    const meanwhile: KyselyPlugin = {
      transformQuery({ node }) {
        lookedFor ||= /file_?version/i.test(JSON.stringify(node));
        return node;
      },
      async transformResult({ result }) {
        if (!lookedFor || losing) return result;
        losing = sql`update file_version set lost_at = ${T0} where id = ${version.id}`.execute(catalog.db);
        // SQLite lets nobody in between.
        if (catalog.kind === 'postgres') await Promise.race([losing, pause(300)]);
        return result;
      },
    };
    const words = new Set(searchedWords('budget'));
    const done = { words, older: new Map([[version.id, { words }]]), state: 'read', reason: null } as const;
    await readingDone({ ...catalog, db: catalog.db.withPlugin(meanwhile) }, row, 'a', done);
    await losing;
    const { rows } = await sql<{ id: number }>`select id from content_document`.execute(catalog.db);
    expect(rows.map(({ id }) => id > 0)).toEqual([true]);
  });

  it('nobody finds what they may not see, and a share opens it', async () => {
    await store('F1', 'C1', 'secret plans');
    expect(await find('plans', ['C2'])).toEqual([]);
    await recordShares(
      catalog,
      TEAM,
      [{ ...found('F1', 'C2', T0), share: sampleShare('C2', T0 + 5) }],
      T0 + 5,
    );
    // Whoever may see it by now finds it as soon as it is in the index for them.
    await read('secret plans');
    expect(await find('plans', ['C2'])).toEqual([`F1 ${RANK.contents}`]);
  });

  it('where a channel says so, contents are not searched, whatever other channels say of the same file', async () => {
    await store('F1', 'C1', 'our budget');
    await store('F2', 'C2', 'our budget');
    await recordShares(catalog, TEAM, [{ ...found('F2', 'C3', T0), share: sampleShare('C3', T0 + 5) }], T0);
    await read('our budget');
    await store('F3', 'C2', 'a draft', 'budget.pdf');
    const set = (channelId: string, text: TextMode) => {
      const own = { ...NO_OVERRIDES, text };
      return saveOverrides(catalog, { teamId: TEAM, channelId, own, actorId: 'U9', now: T0 });
    };
    await set('C2', 'words');
    expect(await find('budget', ['C2'])).toEqual(['F3 1']);
    expect(await find('budget', ['C1', 'C3'])).toEqual([`F2 ${RANK.contents}`, `F1 ${RANK.contents}`]);
    // Nor is it told by a word that is left out.
    expect(await find('budget', ['C2'], { notText: ['draft'] })).toEqual(['F3 1']);
    expect(await find('budget', ['C1'], {}, false)).toEqual([]);
    await set('C1', 'contents');
    expect(await find('budget', ['C1', 'C2', 'C3'], {}, false)).toEqual(['F3 1', `F1 ${RANK.contents}`]);
    await trashFile(catalog, {
      ...{ ref: { teamId: TEAM, fileId: 'F2' }, actorId: 'U1', channelId: 'C2', purgeAt: T0, now: T0 },
    });
    const like = async (channelIds: string[]) =>
      (
        await trashedLike(catalog, {
          ...{ viewer: { teamId: TEAM, channelIds }, filter: { text: 'budget' }, limit: 9, contents: true },
        })
      ).fileIds;
    expect(await like(['C2'])).toEqual([]);
    expect(await like(['C2', 'C3'])).toEqual(['F2']);
  });

  it('words in quotes are asked of the files that have them, page after page, until nobody has time', async () => {
    const all = Array.from({ length: 7 }, (_, i) => `F${i + 1}`);
    for (const [i, fileId] of all.entries()) await store(fileId, 'C1', 'year end', `${i}.pdf`, T0 + i);
    await store('F8', 'C1', 'nothing', 'year end.pdf', T0);
    const asked: string[][] = [];
    const odd = new Set(['F1', 'F3', 'F5', 'F7']);
    const together: Together = async (files) => {
      const fileIds = files.map(({ fileId }) => fileId);
      asked.push([...fileIds]);
      return { are: new Set(fileIds.filter((id) => odd.has(id))), isWhole: true };
    };
    const o = {
      ...{ viewer: { teamId: TEAM, channelIds: ['C1'] }, contents: true, limit: 3 },
      filter: { text: 'year end', phrases: ['year end'] },
    };
    const first = await findFiles(catalog, { ...o, together });
    expect(first.files.map(({ fileId }) => fileId)).toEqual(['F8', 'F7', 'F5']);
    const second = await findFiles(catalog, { ...o, together, cursor: first.older as ListCursor });
    expect(second.files.map(({ fileId }) => fileId)).toEqual(['F3', 'F1']);
    expect([second.older, second.stopped]).toEqual([null, undefined]);
    const back = await findFiles(catalog, { ...o, together, cursor: second.newer as ListCursor });
    expect(back.files.map(({ fileId }) => fileId)).toEqual(['F8', 'F7', 'F5']);
    // Names are asked nothing.
    expect(asked.flat()).not.toContain('F8');
    const late = await findFiles(catalog, {
      ...o,
      together: async () => ({ are: new Set(['F7']), isWhole: false }),
    });
    expect(late.files.map(({ fileId }) => fileId)).toEqual(['F8', 'F7']);
    expect(late.stopped).toBe(true);
    for (const fileId of [...all, 'F8'])
      await trashFile(catalog, {
        ...{ ref: { teamId: TEAM, fileId }, actorId: 'U1', channelId: 'C1', purgeAt: T0, now: T0 },
      });
    asked.length = 0;
    const trash = await trashedLike(catalog, { ...o, limit: 99, together });
    expect(trash.fileIds.sort()).toEqual(['F1', 'F3', 'F5', 'F7', 'F8']);
    expect(asked.flat()).not.toContain('F8');
  });

  it('words in quotes that few have are asked of many files in one step, also where one hit is enough', async () => {
    for (let n = 10; n < 35; n++) await store(`F${n}`, 'C1', 'year end', `${n}.pdf`, T0 + n);
    const steps: number[] = [];
    const together: Together = async (files) => {
      const fileIds = files.map(({ fileId }) => fileId);
      steps.push(fileIds.length);
      return { are: new Set(fileIds.filter((id) => ['F10', 'F11'].includes(id))), isWhole: true };
    };
    const o = {
      ...{ viewer: { teamId: TEAM, channelIds: ['C1'] }, contents: true, limit: 1 },
      filter: { text: 'year end', phrases: ['year end'] },
    };
    const first = await findFiles(catalog, { ...o, together });
    expect(first.files.map(({ fileId }) => fileId)).toEqual(['F11']);
    expect(steps).toEqual([2, 20, 3]);
    steps.length = 0;
    const second = await findFiles(catalog, { ...o, together, cursor: first.older as ListCursor });
    expect(second.files.map(({ fileId }) => fileId)).toEqual(['F10']);
    // The last of them, and whether there is a page before it.
    expect(steps).toEqual([1, 1]);
    steps.length = 0;
    const { newer } = await findFiles(catalog, {
      ...o,
      together,
      cursor: { ...(second.newer as ListCursor), fileId: 'F11', sharedAt: T0 + 11 },
    });
    expect(newer).toBeNull();
    expect(Math.max(...steps)).toBe(20);
    expect(steps.length).toBeLessThan(9);
  });

  it('where most have them, no more are asked than are likely to fill the page', async () => {
    for (let n = 10; n < 50; n++) await store(`F${n}`, 'C1', 'year end', `${n}.pdf`, T0 + n);
    const steps: number[] = [];
    const together: Together = async (files) => {
      const fileIds = files.map(({ fileId }) => fileId);
      steps.push(fileIds.length);
      return { are: new Set(fileIds.filter((id) => !id.endsWith('5'))), isWhole: true };
    };
    const viewer = { teamId: TEAM, channelIds: ['C1'] };
    const filter = { text: 'year end', phrases: ['year end'] };
    const page = await findFiles(catalog, { viewer, filter, limit: 9, contents: true, together });
    expect(page.files.map(({ fileId }) => fileId).slice(3, 6)).toEqual(['F46', 'F44', 'F43']);
    expect(steps).toEqual([10, 2]);
  });

  it('the versions that have the words are told, the newest first', async () => {
    await store('F1', 'C1', 'year end');
    const object = { key: 'k', bytes: 1, crc32: '', etag: null, versionId: null, proof: 'size' } as const;
    const ref = { teamId: TEAM, fileId: 'F1' };
    for (const number of [1, 2, 3])
      await insertVersion(catalog, ref, {
        number,
        object: { ...object, sha256: `s${number}` },
        storedAt: T0,
      });
    const older = new Map(
      (await everyVersion(catalog, ref))
        .filter(({ number }) => number !== 2)
        .map(({ id }) => [id, { words: new Set(['year', 'end']) }]),
    );
    await sql`update reading set due_at = 0`.execute(catalog.db);
    const [row] = await claim();
    const words = new Set(['year', 'end']);
    await readingDone(catalog, row as never, 'a', { words, older, state: 'read', reason: null });
    const held = await versionsHolding(catalog, ref, { text: 'years end' });
    expect(held.map(({ number }) => number)).toEqual([null, 3, 1]);
    expect(held[1]?.sha256).toBe('s3');
    expect(await versionsHolding(catalog, ref, { text: 'other' })).toEqual([]);
  });

  it('what a search would find is told of the trash, too: a hold covers it', async () => {
    await store('F1', 'C1', 'our budget and drafts');
    await store('F2', 'C1', 'our budget');
    await store('F3', 'C1', 'nothing', 'budget.pdf');
    await store('F4', 'C2', 'our budget');
    for (const fileId of ['F1', 'F2', 'F3', 'F4'])
      await trashFile(catalog, {
        ...{ ref: { teamId: TEAM, fileId }, actorId: 'U1', channelId: 'C1', purgeAt: T0, now: T0 },
      });
    const like = async (filter: ListFilter, contents = true) => {
      const viewer = { teamId: TEAM, channelIds: ['C1'] };
      return (await trashedLike(catalog, { viewer, filter, limit: 9, contents })).fileIds.sort();
    };
    expect(await like({ text: 'budgets' })).toEqual(['F1', 'F2']);
    expect(await like({ text: 'budget', phrases: ['budget'], notText: ['draft'] })).toEqual(['F2', 'F3']);
    expect(await like({ text: 'budget' }, false)).toEqual(['F3']);
  });

  it('words that are left out count in contents, too; other filters as ever', async () => {
    await store('F1', 'C1', 'plan and draft');
    await store('F2', 'C1', 'plan only');
    expect(await find('plan', ['C1'], { notText: ['drafts'] })).toEqual([`F2 ${RANK.contents}`]);
    expect(await find('plan', ['C1'], { types: ['png'] })).toEqual([]);
  });

  it('scripts without gaps are found by any part', async () => {
    await store('F1', 'C1', '契約書の納期は十四日です。');
    expect(await find('納期')).toEqual([`F1 ${RANK.contents}`]);
    expect(await find('期納')).toEqual([]);
  });

  it('signs of the query language of either database are words or nothing', async () => {
    await store('F1', 'C1', `it's "quoted" a\\b (x) & y | z * : near`);
    for (const asked of [`it's`, '"quoted"', 'a\\b', 'x & y', 'NEAR', 'z*', "'", '!'])
      await expect(find(asked), asked).resolves.toBeInstanceOf(Array);
    expect(await find('quoted near')).toEqual([`F1 ${RANK.contents}`]);
  });

  it('one page after the other, there and back', async () => {
    for (let n = 0; n < 5; n++) await store(`F${n}`, 'C1', 'budget', `x${n}.pdf`, T0 + n);
    const viewer = { teamId: TEAM, channelIds: ['C1'] };
    const ask = { viewer, filter: { text: 'budget' }, limit: 2, contents: true };
    const first = await findFiles(catalog, ask);
    expect(first.files.map(({ fileId }) => fileId)).toEqual(['F4', 'F3']);
    const second = await findFiles(catalog, { ...ask, cursor: first.older ?? undefined });
    expect(second.files.map(({ fileId }) => fileId)).toEqual(['F2', 'F1']);
    const back = await findFiles(catalog, { ...ask, cursor: second.newer ?? undefined });
    expect(back.files.map(({ fileId }) => fileId)).toEqual(['F4', 'F3']);
  });

  it('what is stored is due at once; a picture never is; the trash and the purge take it away', async () => {
    await recordShares(catalog, TEAM, [found('F1', 'C1', T0, { mimetype: 'image/png' })], T0);
    await storeFile(catalog, 'F1');
    expect(await claim()).toEqual([]);
    await store('F2', 'C1', 'plans');
    const ref = { teamId: TEAM, fileId: 'F2' };
    await trashFile(catalog, { ref, actorId: 'U1', channelId: 'C1', purgeAt: T0, now: T0 });
    expect(await find('plans')).toEqual([]);
    await catalog.db.updateTable('file').set({ state: 'purged' }).where('fileId', '=', 'F2').execute();
    expect(await readingOf(catalog, ref)).toBeUndefined();
  });

  describe('older versions', () => {
    const ref = { teamId: TEAM, fileId: 'F1' };
    const hash = (letter: string) => letter.repeat(64);
    /** A file with one older version, which has other words. */
    async function versions(newest: string, older: string) {
      await recordShares(catalog, TEAM, [found('F1', 'C1', T0, { name: 'notes', title: null })], T0);
      await storeFile(catalog, 'F1');
      const object = { key: 'old', bytes: 1, sha256: hash('a'), crc32: '', etag: null, versionId: null };
      await insertVersion(catalog, ref, {
        ...{ number: 1, storedAt: T0 - 9 },
        object: { ...object, proof: 'size' },
      });
      await catalog.db.updateTable('file').set({ version: 2, olderVersions: 1 }).execute();
      const [version] = await everyVersion(catalog, ref);
      const [row] = await claim();
      const id = version?.id as number;
      const words = new Set(searchedWords(newest));
      const done = { words, older: new Map([[id, { words: new Set(searchedWords(older)) }]]) };
      await readingDone(catalog, row as NonNullable<typeof row>, 'a', {
        ...{ ...done, state: 'read', reason: null },
      });
      return id;
    }

    it('are found where the newest has not the words, once, and by nobody else', async () => {
      await versions('the new budget', 'the first draft of the budget');
      expect(await find('first draft')).toEqual([`F1 ${RANK.contents}`]);
      expect(await find('budget')).toEqual([`F1 ${RANK.contents}`]);
      expect(await find('new draft')).toEqual([]);
      expect(await find('draft', ['C2'])).toEqual([]);
    });

    it('are named when they alone have the words', async () => {
      await versions('the new budget', 'the first draft of the budget');
      expect(await olderVersionWith(catalog, ref, { text: 'first draft' })).toEqual({
        ...{ number: 1, sha256: hash('a'), storedAt: T0 - 9 },
      });
      for (const asked of ['budget', 'new budget', 'nothing', ''])
        expect(await olderVersionWith(catalog, ref, { text: asked }), asked).toBeUndefined();
    });

    it('do not count for words that are to be left out', async () => {
      await versions('the budget', 'the draft of the budget');
      expect(await find('budget', ['C1'], { notText: ['draft'] })).toEqual([`F1 ${RANK.contents}`]);
    });

    it('are found by their words also where they have those to be left out, if the newest has not', async () => {
      await versions('the plan', 'the draft of the budget');
      expect(await find('budget', ['C1'], { notText: ['draft'] })).toEqual([`F1 ${RANK.contents}`]);
      expect(await find('budget', ['C1'], { notText: ['plan'] })).toEqual([]);
    });

    it('are found no more when the bucket has lost them, and the texts are looked at again', async () => {
      const id = await versions('the new budget', 'the first draft');
      await catalog.db.updateTable('fileVersion').set({ lostAt: T0 }).where('id', '=', id).execute();
      expect(await find('draft')).toEqual([]);
      expect((await claim()).map(({ fileId }) => fileId)).toEqual(['F1']);
    });

    it('of a file in the trash are told of, too: a hold covers it', async () => {
      await versions('the new budget', 'the first draft');
      await trashFile(catalog, { ref, actorId: 'U1', channelId: 'C1', purgeAt: T0, now: T0 });
      const viewer = { teamId: TEAM, channelIds: ['C1'] };
      const trashed = await trashedLike(catalog, {
        ...{ viewer, filter: { text: 'draft' }, limit: 5, contents: true },
      });
      expect(trashed.fileIds).toEqual(['F1']);
    });
  });

  it('other bytes are read anew, and what was read of the old ones is not written down any more', async () => {
    await recordShares(catalog, TEAM, [found('F1', 'C1', T0)], T0);
    await storeFile(catalog, 'F1');
    const [row] = await claim();
    await catalog.db
      .updateTable('file')
      .set({ sha256: 'b'.repeat(64) })
      .execute();
    const done = { words: new Set(['old']), state: 'read', reason: null } as const;
    expect(await readingDone(catalog, row as NonNullable<typeof row>, 'a', done)).toBe(false);
    await read('new words');
    expect(await find('old')).toEqual([]);
    expect(await find('new')).toEqual([`F1 ${RANK.contents}`]);
  });
});
