import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { trashFile } from '../../../src/catalog/files/trash.ts';
import { everyVersion, insertVersion } from '../../../src/catalog/files/versions.ts';
import { NO_OVERRIDES, saveOverrides } from '../../../src/catalog/governance/rules.ts';
import { up } from '../../../src/catalog/migrations/0048_postings.ts';
import type { IndexedText } from '../../../src/catalog/reading/index-words.ts';
import { isOlder } from '../../../src/catalog/reading/older.ts';
import { claimReadings, forgetReading, readingDone, readingOf } from '../../../src/catalog/reading/rows.ts';
import { startReading } from '../../../src/catalog/reading/start.ts';
import { searchedWords } from '../../../src/catalog/reading/words.ts';
import { versionsHolding } from '../../../src/catalog/search/contents.ts';
import { findFiles } from '../../../src/catalog/search/find.ts';
import { trashedLike } from '../../../src/catalog/search/trashed-like.ts';
import { indexedText } from '../../../src/contents/words-of.ts';
import { databases, empty } from '../databases.ts';
import { found, sampleObject, sampleShare, storeFile, T0, TEAM } from '../samples.ts';

/** As a document is read now, and as it was read before neighbours were in the index. */
const now = (text: string): Promise<IndexedText> => indexedText([{ page: 1, text }]);
const asBefore = (text: string): IndexedText => ({ words: new Set(searchedWords(text)) });

/** The catalog's index of contents becomes what it was before migration 0048. */
async function toBefore({ db, kind }: Catalog): Promise<void> {
  const tables = ['content_document', 'content_gone', 'content_part', 'content_segment'];
  const triggers = ['purge', 'delete', 'version_lost', 'version_delete'].map((on) => ({
    ...{ on, table: on.startsWith('version') ? 'file_version' : 'file' },
  }));
  const statements =
    kind === 'postgres'
      ? [
          ...tables.map((table) => `drop table ${table}`),
          'drop function content_document_gone',
          'create table file_contents (id bigint primary key)',
        ]
      : [
          ...triggers.map(({ on }) => `drop trigger reading_${on}`),
          ...tables.map((table) => `drop table ${table}`),
          ...['file_contents', 'file_pairs'].map((table) => `create table ${table} (id integer primary key)`),
          ...['reading', 'pairs'].flatMap((name) =>
            triggers.map(
              ({ on, table }) => `create trigger ${name}_${on} after delete on ${table} begin select 1; end`,
            ),
          ),
        ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}

describe.each(databases)('words in quotes in contents, on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterAll(() => catalog?.close());
  beforeEach(async () => {
    await empty(catalog);
    await startReading(catalog);
  });

  const ref = (fileId: string) => ({ teamId: TEAM, fileId });
  const claim = () => claimReadings(catalog, { owner: 'a', limit: 9, leaseMs: 60_000, now: T0 });
  async function read(text: IndexedText, older: IndexedText[] = []) {
    const [row] = await claim();
    if (row === undefined) throw new Error('nothing is to be read');
    const ids = (await everyVersion(catalog, row)).map(({ id }) => id).sort((a, b) => a - b);
    const versions = new Map(older.map((one, i) => [ids[i] as number, one]));
    const done = { ...text, older: versions, state: 'read', reason: null } as const;
    expect(await readingDone(catalog, row, 'a', done)).toBe(true);
  }
  async function store(fileId: string, text: IndexedText, older: IndexedText[] = [], channelId = 'C1') {
    await recordShares(catalog, TEAM, [found(fileId, channelId, T0, { name: `${fileId}.pdf` })], T0);
    await storeFile(catalog, fileId);
    for (const [i] of older.entries())
      await insertVersion(catalog, ref(fileId), {
        ...{ number: i + 1, object: sampleObject(`${fileId}-${i + 1}`), storedAt: T0 },
      });
    const versions = { version: older.length + 1, olderVersions: older.length };
    await catalog.db.updateTable('file').set(versions).where('fileId', '=', fileId).execute();
    await read(text, older);
  }
  /** What the index alone gives. */
  async function find(phrase: string, channelIds = ['C1'], more: object = {}) {
    const filter = { text: phrase, phrases: [phrase], ...more };
    const viewer = { teamId: TEAM, channelIds };
    const { files } = await findFiles(catalog, { viewer, filter, limit: 20, contents: true });
    return files.map(({ fileId }) => fileId).sort();
  }
  /** How many documents are in the index. */
  async function known() {
    return (await sql`select 1 from content_document`.execute(catalog.db)).rows.length;
  }

  it('rule out the documents in which they do not stand like this, and none of which that is not known', async () => {
    await store('F1', await now('The year-end closing of 2026'));
    await store('F2', await now('The end of the year, and of 2026'));
    await store('F3', asBefore('The end of the year'));
    expect(await find('year end')).toEqual(['F1', 'F3']);
    expect(await find('Years End closing')).toEqual(['F1']);
    expect(await find('end of the year')).toEqual(['F2', 'F3']);
    expect(await find('year end', ['C1'], { phrases: ['year end', 'the year'] })).toEqual(['F1', 'F3']);
    expect(await find('year', ['C1'])).toEqual(['F1', 'F2', 'F3']);
    expect(await find('year end', ['C1'], { notText: ['closing'] })).toEqual(['F3']);
    expect(await find('year end', ['C1'], { phrases: [] })).toEqual(['F1', 'F2', 'F3']);
    // Left out, too; with those of which it is not known.
    for (const text of ['2026', '2026 end year'])
      expect(await find(text, ['C1'], { phrases: [], notText: ['year end'] })).toEqual(['F2']);
    expect(await find('end', ['C1'], { phrases: [], notText: ['end of the year'] })).toEqual(['F1']);
  });

  it('are for those who see the file, where its contents are searched', async () => {
    const shown = await now('our year end');
    await store('F1', shown);
    await store('F2', shown, [], 'C2');
    expect(await find('year end', ['C2'])).toEqual(['F2']);
    await recordShares(catalog, TEAM, [{ ...found('F1', 'C2', T0), share: sampleShare('C2', T0 + 5) }], T0);
    await read(shown);
    expect(await find('year end', ['C2'])).toEqual(['F1', 'F2']);
    const own = { ...NO_OVERRIDES, text: 'words' } as const;
    await saveOverrides(catalog, { teamId: TEAM, channelId: 'C2', own, actorId: 'U9', now: T0 });
    expect(await find('year end', ['C2'])).toEqual([]);
    expect(await find('year end', ['C1', 'C2'])).toEqual(['F1']);
  });

  it('are looked for in one version at a time', async () => {
    await store('F1', await now('the end of the year'), [await now('the year end'), await now('the end')]);
    await store('F2', await now('the end of the year'), [await now('the year and the end')]);
    await store('F3', await now('nothing'), [asBefore('the end of the year')]);
    expect(await find('year end')).toEqual(['F1', 'F3']);
    expect(await find('the end of the year')).toEqual(['F1', 'F2', 'F3']);
    const asked = (phrases: string[]) =>
      versionsHolding(catalog, ref('F1'), { text: 'the year end', phrases });
    expect((await asked(['year end'])).map(({ number }) => number)).toEqual([1]);
    expect((await asked([])).map(({ number }) => number)).toEqual([null, 1]);
  });

  it('rule out in the trash, too', async () => {
    await store('F1', await now('the year end'));
    await store('F2', await now('the end of the year'));
    for (const fileId of ['F1', 'F2'])
      await trashFile(catalog, { ref: ref(fileId), actorId: 'U1', channelId: 'C1', purgeAt: T0, now: T0 });
    const { fileIds } = await trashedLike(catalog, {
      ...{ viewer: { teamId: TEAM, channelIds: ['C1'] }, limit: 9, contents: true },
      filter: { text: 'year end', phrases: ['year end'] },
    });
    expect(fileIds).toEqual(['F1']);
  });

  it('are found a page at a time among many, of which most are ruled out', async () => {
    const [together, apart] = [await now('the year end'), await now('the end of the year')];
    for (let n = 10; n < 60; n++) await store(`F${n}`, n % 10 === 3 ? together : apart);
    expect(await find('year end')).toEqual(['F13', 'F23', 'F33', 'F43', 'F53']);
  });

  it('leave nothing behind, whatever takes the words away', async () => {
    const text = await now('the year end');
    const { db } = catalog;
    await store('F1', text, [text, text]);
    await store('F2', text, [text]);
    await store('F3', text, [text]);
    await store('F4', text);
    expect(await known()).toBe(8);
    await db.updateTable('fileVersion').set({ lostAt: T0 }).where('number', '=', 2).execute();
    expect(await known()).toBe(7);
    await db.deleteFrom('fileVersion').where('fileId', '=', 'F2').execute();
    expect(await known()).toBe(6);
    await db.updateTable('file').set({ state: 'purged' }).where('fileId', '=', 'F2').execute();
    expect(await known()).toBe(5);
    await db.deleteFrom('file').where('fileId', '=', 'F4').execute();
    expect(await known()).toBe(4);
    // Read once more without any text, and with one of which nothing is known.
    await db.updateTable('reading').set({ dueAt: null }).execute();
    const due = (fileId: string) =>
      db.updateTable('reading').set({ dueAt: 0 }).where('fileId', '=', fileId).execute();
    await due('F1');
    await read({ words: new Set() }, [asBefore('the year end')]);
    expect(await known()).toBe(3);
    const own = { ...NO_OVERRIDES, text: 'off' } as const;
    await saveOverrides(catalog, { teamId: TEAM, channelId: 'C1', own, actorId: 'U9', now: T0 });
    await due('F3');
    const [row] = await claim();
    expect(await forgetReading(catalog, row as never, 'a', true)).toBe(true);
    expect(await known()).toBe(1);
  });

  it('of documents read before are known when these were read again in the background, and found meanwhile', async () => {
    await store('F1', asBefore('the year end'));
    await store('F2', asBefore('the end of the year'));
    await recordShares(catalog, TEAM, [found('F3', 'C1', T0)], T0);
    await storeFile(catalog, 'F3');
    const { db, kind } = catalog;
    // As it was before, then through the migration.
    await toBefore(catalog);
    await up(db as unknown as Kysely<unknown>, kind);
    expect(await find('year end')).toEqual([]);
    const dueAt = async (fileId: string) => (await readingOf(catalog, ref(fileId)))?.dueAt as number;
    expect(isOlder(await dueAt('F1'))).toBe(true);
    expect(await dueAt('F3')).toBe(0);
    const texts: Record<string, string> = { F1: 'the year end', F2: 'the end of the year', F3: 'other' };
    for (const row of await claim())
      await readingDone(catalog, row, 'a', {
        ...(await now(texts[row.fileId] as string)),
        ...{ state: 'read', reason: null },
      });
    expect(await find('year end')).toEqual(['F1']);
    expect(await claim()).toEqual([]);
  });
});
