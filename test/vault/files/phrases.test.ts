import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { everyVersion, insertVersion } from '../../../src/catalog/files/versions.ts';
import { claimReadings, readingDone } from '../../../src/catalog/reading/rows.ts';
import { startReading } from '../../../src/catalog/reading/start.ts';
import { findFiles } from '../../../src/catalog/search/find.ts';
import { indexedText } from '../../../src/contents/words-of.ts';
import type { Log } from '../../../src/log.ts';
import type { Bucket } from '../../../src/storage/bucket.ts';
import { togetherIn } from '../../../src/vault/files/together.ts';
import { databases, empty } from '../../catalog/databases.ts';
import { found, sampleObject, storeFile, T0, TEAM } from '../../catalog/samples.ts';

/** Words in quotes from the text to the page of a list: what the index rules out, and what is read to be sure. */
describe.each(databases)('words in quotes, with the texts in the bucket, on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterAll(() => catalog?.close());
  /** The texts by their bytes' hash, and those that were fetched. */
  const texts = new Map<string, string>();
  let fetched: string[] = [];
  beforeEach(async () => {
    await empty(catalog);
    await startReading(catalog);
    texts.clear();
    fetched = [];
  });

  const bucket = {
    ...{ name: 'b', prefix: 'p', place: 'the bucket' },
    client: {
      send: async ({ input }: { input: { Key: string } }) => {
        const sha256 = /([^/]+)\.json\.gz$/.exec(input.Key)?.[1] as string;
        fetched.push(sha256.split('-', 2).join('-'));
        const parts = [{ page: null, text: texts.get(sha256) }];
        return { Body: Readable.from([gzipSync(JSON.stringify({ sha256, parts }))]) };
      },
    },
  } as unknown as Bucket;
  const vault = () => ({ catalog, bucket, log: {} as Log, identity: { teamId: TEAM } });

  async function store(fileId: string, text: string, { older, isKnown = true, channelId = 'C1' }: More = {}) {
    const { db } = catalog;
    const inIndex = async (one: string) => {
      const { words, pairs } = await indexedText([{ page: null, text: one }]);
      return isKnown ? { words, pairs } : { words };
    };
    const shaOf = (version: string, one: string) => {
      // What was found in a text is remembered by its hash.
      const sha256 = `${fileId}-${version}-${Math.random()}`;
      texts.set(sha256, one);
      return sha256;
    };
    await recordShares(catalog, TEAM, [found(fileId, channelId, T0, { name: `${fileId}.pdf` })], T0);
    await storeFile(catalog, fileId);
    const ref = { teamId: TEAM, fileId };
    const versions = new Map();
    if (older !== undefined) {
      const object = { ...sampleObject(`${fileId}-old`), sha256: shaOf('old', older) };
      await insertVersion(catalog, ref, { number: 1, object, storedAt: T0 });
      const [version] = await everyVersion(catalog, ref);
      versions.set(version?.id, await inIndex(older));
    }
    const set = { sha256: shaOf('new', text), version: 1 + versions.size, olderVersions: versions.size };
    await db.updateTable('file').set(set).where('fileId', '=', fileId).execute();
    const [row] = await claimReadings(catalog, { owner: 'a', limit: 1, leaseMs: 60_000, now: T0 });
    const outcome = { ...(await inIndex(text)), older: versions, state: 'read', reason: null } as const;
    expect(await readingDone(catalog, row as never, 'a', outcome)).toBe(true);
  }
  interface More {
    older?: string;
    isKnown?: boolean;
    channelId?: string;
  }
  async function find(phrase: string, channelIds = ['C1']) {
    const filter = { text: phrase, phrases: [phrase] };
    const together = togetherIn(vault(), filter);
    const viewer = { teamId: TEAM, channelIds };
    const page = await findFiles(catalog, { viewer, filter, limit: 9, contents: true, together });
    expect(page.stopped).toBeUndefined();
    return page.files.map(({ fileId }) => fileId).sort();
  }

  it('are found where they stand together, and only texts that may have them are read', async () => {
    await store('F1', 'the year end closing');
    await store('F2', 'the end of the year');
    await store('F3', 'the end of the year', { isKnown: false });
    await store('F4', 'the year end, as it was read before', { isKnown: false });
    await store('F5', 'our year end', { channelId: 'C2' });
    expect(await find('year end')).toEqual(['F1', 'F4']);
    expect(fetched.sort()).toEqual(['F1-new', 'F3-new', 'F4-new']);
    expect(await find('year end', ['C2'])).toEqual(['F5']);
    expect(await find('end year')).toEqual([]);
  });

  it('have all their neighbours elsewhere: then the text is read, and it is not found', async () => {
    await store('F1', 'a year end, and the end of it: no year end of it');
    await store('F2', 'year end. The end of it');
    expect(await find('the end of it')).toEqual(['F1', 'F2']);
    fetched = [];
    await store('F3', 'two ends of two words, words of one end');
    expect(await find('two words of one')).toEqual([]);
    expect(await find('ends of one')).toEqual([]);
    expect(fetched).toEqual(['F3-new', 'F3-new']);
  });

  it('of an older version are found by it, without a look into the newest', async () => {
    await store('F1', 'the end of the year', { older: 'the year end' });
    await store('F2', 'the end of the year', { older: 'the end of a year' });
    expect(await find('year end')).toEqual(['F1']);
    expect(fetched).toEqual(['F1-old']);
  });
});
