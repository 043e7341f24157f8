import {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareKeys, sortedKeys, walkKeys } from '../../../sandbox/s3/keys.ts';
import { document, parseDocument } from '../../../sandbox/s3/xml.ts';
import { runs } from '../../runs.ts';
import { Bucket, failure, sandbox } from './helpers.ts';

/**
 * Any text that UTF-8 can hold, as S3 keys: 1 to 1,024 bytes; slashes, dots and rare planes are made likely.
 */
const anyKey = fc
  .oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
    fc
      .array(
        fc.constantFrom(
          'a',
          'b',
          '/',
          '..',
          '.',
          '%2F',
          '+',
          ' ',
          '&',
          '\u{1F600}',
          '\uE000',
          '\uFFFD',
          'é',
          '\\',
          '"',
          '<',
          '\n',
          '\t',
          '\r',
        ),
        {
          minLength: 1,
          maxLength: 12,
        },
      )
      .map((parts) => parts.join('')),
  )
  .filter((key) => Buffer.byteLength(key) <= 1024);

/** Few letters, so that prefixes are shared. */
const treeKey = fc
  .array(fc.constantFrom('a', 'b', '/', '-', '\u{10000}', '\uFFFF'), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join(''));

function byUtf8(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** What a listing is, in the simplest possible code. */
function expectedListing(keys: string[], prefix: string, delimiter: string): string[] {
  const entries = keys
    .filter((key) => key.startsWith(prefix))
    .map((key) => {
      const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
      return end < 0 ? key : `${key.slice(0, end + delimiter.length)} (prefix)`;
    });
  return [...new Set([...entries].sort(byUtf8))];
}

async function pages(s3: S3Client, input: object): Promise<string[]> {
  const seen: string[] = [];
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket, EncodingType: 'url', ...input })) {
    const decode = (text = ''): string => decodeURIComponent(text.replaceAll('+', ' '));
    const prefixes = (page.CommonPrefixes ?? []).map((each) => `${decode(each.Prefix)} (prefix)`);
    const keys = (page.Contents ?? []).map((each) => decode(each.Key));
    expect(page.KeyCount).toBe(prefixes.length + keys.length);
    seen.push(...[...prefixes, ...keys].sort(byUtf8));
  }
  return seen;
}

describe('key order', () => {
  test('is the order of the UTF-8 bytes', () => {
    fc.assert(
      fc.property(anyKey, anyKey, (a, b) => {
        expect(Math.sign(compareKeys(a, b))).toBe(Math.sign(byUtf8(a, b)));
      }),
    );
  });

  test('sorted keys stay sorted and without doubles', () => {
    fc.assert(
      fc.property(fc.array(treeKey), fc.array(treeKey), (added, removed) => {
        const keys = sortedKeys();
        for (const key of added) keys.add(key);
        for (const key of removed) keys.remove(key);
        const all = Array.from({ length: keys.size }, (_, position) => keys.at(position));
        expect(all).toEqual([...new Set(added)].filter((key) => !removed.includes(key)).sort(byUtf8));
      }),
    );
  });

  test('a walk gives keys and common prefixes as a listing does, from any place', () => {
    const delimiters = fc.constantFrom('', '/', '-', 'a/');
    fc.assert(
      fc.property(
        fc.uniqueArray(treeKey),
        fc.constantFrom('', 'a', 'a/', 'b'),
        delimiters,
        (all, prefix, delimiter) => {
          const keys = sortedKeys(all);
          const walk = (after: Parameters<typeof walkKeys>[1]['after']) => [
            ...walkKeys(keys, { prefix, delimiter, after }),
          ];
          const text = (entry: ReturnType<typeof walk>[number]) =>
            entry.key ?? `${entry.commonPrefix} (prefix)`;
          const whole = walk(null);
          expect(whole.map(text)).toEqual(expectedListing(all, prefix, delimiter));
          whole.forEach((entry, index) => {
            const after = entry.key === undefined ? { commonPrefix: entry.commonPrefix } : { key: entry.key };
            expect(walk(after).map(text)).toEqual(whole.slice(index + 1).map(text));
          });
        },
      ),
    );
  });
});

describe('XML', () => {
  test('carries any text in both directions', () => {
    fc.assert(
      fc.property(fc.array(anyKey, { minLength: 1 }), (keys) => {
        const body = Buffer.from(document('Delete', { Object: keys.map((Key) => ({ Key })) }));
        expect(
          parseDocument(body, 'Delete')
            .all('Object')
            .map((each) => each.text('Key')),
        ).toEqual(keys);
      }),
    );
  });

  test('never expands what a client defines', () => {
    const bomb =
      '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><Delete><Object><Key>&b;</Key></Object></Delete>';
    let keys: unknown[] = [];
    try {
      keys = parseDocument(Buffer.from(bomb), 'Delete')
        .all('Object')
        .map((each) => each.text('Key'));
    } catch (error) {
      expect(error).toMatchObject({ code: 'MalformedXML' });
    }
    expect(JSON.stringify(keys)).not.toContain('aaaaaaaaaa');
    expect(() => parseDocument(Buffer.from('<Delete><Key>'), 'Delete')).toThrow(/well-formed/);
    expect(() => parseDocument(Buffer.from('<Other/>'), 'Delete')).toThrow(/well-formed/);
  });
});

describe('a real client', () => {
  test('puts, lists, reads and deletes objects of any key', async () => {
    const { s3, server } = await sandbox();
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(anyKey, { minLength: 1, maxLength: 8 }), async (keys) => {
        for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
        const sorted = [...keys].sort(byUtf8);
        expect((await server.list(Bucket)).map((each) => each.key)).toEqual(sorted);
        expect(await pages(s3, { MaxKeys: 3 })).toEqual(sorted);
        for (const Key of keys) {
          const got = await s3.send(new GetObjectCommand({ Bucket, Key }));
          expect(await got.Body?.transformToString()).toBe(Key);
        }
        const Objects = keys.map((Key) => ({ Key }));
        await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
        expect(await server.list(Bucket)).toEqual([]);
      }),
      { numRuns: runs(15) },
    );
  });

  test('pages through prefixes and delimiters with nothing lost or doubled', async () => {
    const { s3 } = await sandbox();
    const keys = ['a', 'a/', 'a/b', 'a/c/d', 'a/c/e', 'a/z', 'b/\u{1F600}', 'b/\uFFFD', 'b//x', 'c'];
    for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    for (const MaxKeys of [1, 2, 1000]) {
      for (const Prefix of ['', 'a/', 'b', 'nothing']) {
        for (const Delimiter of ['', '/', '/c/']) {
          expect(await pages(s3, { MaxKeys, Prefix, Delimiter })).toEqual(
            expectedListing(keys, Prefix, Delimiter),
          );
        }
      }
    }
    const after = await s3.send(new ListObjectsV2Command({ Bucket, StartAfter: 'a/z' }));
    expect(after.Contents?.map((each) => each.Key)).toEqual(['b//x', 'b/\uFFFD', 'b/\u{1F600}', 'c']);
    const none = await s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: 0 }));
    expect(none).toMatchObject({ KeyCount: 0, IsTruncated: false });
    const broken = new ListObjectsV2Command({ Bucket, ContinuationToken: 'made-up' });
    expect(await failure(s3.send(broken))).toEqual({ code: 'InvalidArgument', status: 400 });
  });

  test('the older listing pages by marker', async () => {
    const { s3 } = await sandbox();
    for (const Key of ['a/1', 'a/2', 'b', 'c/1', 'd'])
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    const seen: (string | undefined)[] = [];
    let Marker: string | undefined;
    for (let more = true; more; ) {
      const page = await s3.send(new ListObjectsCommand({ Bucket, Delimiter: '/', MaxKeys: 1, Marker }));
      seen.push(
        ...(page.CommonPrefixes ?? []).map((each) => each.Prefix),
        ...(page.Contents ?? []).map((each) => each.Key),
      );
      more = page.IsTruncated ?? false;
      Marker = page.NextMarker;
    }
    expect(seen).toEqual(['a/', 'b', 'c/', 'd']);
  });
});
