import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { expect, it } from 'vitest';
import type { FoundFile } from '../../../src/catalog/model.ts';
import { snippetOf } from '../../../src/contents/snippet.ts';
import { textOf } from '../../../src/contents/text-object.ts';
import type { Log } from '../../../src/log.ts';
import type { Bucket } from '../../../src/storage/bucket.ts';
import { RANK } from '../../../src/text/match-rank.ts';
import { snippetsOf } from '../../../src/vault/files/snippets.ts';

const log = { warn() {} } as unknown as Log;
const file = (fileId: string) => ({ teamId: 'T1', fileId, sha256: 'a', rank: RANK.contents }) as FoundFile;
/** A bucket that answers so. */
const bucketWith = (send: (signal?: AbortSignal) => Promise<unknown>) =>
  ({
    ...{ name: 'b', prefix: 'p', place: 'the bucket' },
    client: { send: (_: unknown, o?: { abortSignal?: AbortSignal }) => send(o?.abortSignal) },
  }) as unknown as Bucket;

it('eight texts are looked for at once, and when nobody waits any more, no more are asked for', async () => {
  let [asked, ended] = [0, 0];
  const bucket = bucketWith((signal) => {
    asked += 1;
    return new Promise((_, reject) =>
      signal?.addEventListener('abort', () => {
        ended += 1;
        reject(signal.reason);
      }),
    );
  });
  const files = Array.from({ length: 10 }, (_, i) => file(`F${i}`));
  expect((await snippetsOf({ bucket, log } as never, files, { text: 'word' }, 5)).size).toBe(0);
  await new Promise(setImmediate);
  expect([asked, ended]).toEqual([8, 8]);
});

it('a text that takes too much is not unpacked', async () => {
  const body = await promisify(gzip)(
    JSON.stringify({ sha256: 'a', parts: [{ page: null, text: 'a word '.repeat(2_000) }] }),
  );
  const bucket = bucketWith(async () => ({ Body: Readable.from([body]) }));
  expect(await textOf(bucket, file('F1') as never)).not.toBeNull();
  expect(await textOf(bucket, file('F1') as never, { mostBytes: 10_000 })).toBeNull();
  expect(await textOf(bucket, file('F1') as never, { mostBytes: 10 })).toBeNull();
  expect(
    (await snippetsOf({ bucket, log } as never, [file('F1')], { text: 'word' })).get('F1')?.text,
  ).toContain('word');
});

it('a place far behind in a long document is shown with its page', async () => {
  const pages = Array.from({ length: 120 }, (_, at) => ({ page: at + 1, text: 'filler '.repeat(680) }));
  const found = { page: 80, text: `${'filler '.repeat(680)}zebrafish here` };
  const parts = pages.with(79, found);
  expect(await snippetOf(parts, 'zebrafish')).toMatchObject({ page: 80, words: 1 });
  // The words that stand together count, not those of two pages.
  expect(
    await snippetOf([...parts, { page: 121, text: 'a zebrafish lives' }], 'zebrafish lives'),
  ).toMatchObject({
    page: 121,
    words: 2,
  });
});

it('the beginning of a text is looked through, in steps that let others have their turn, until it is stopped', async () => {
  const long = 'filler '.repeat(150_000);
  expect(await snippetOf([{ page: null, text: `${long} word` }], 'word')).toBeNull();
  const stop = new AbortController();
  setImmediate(() => stop.abort(new Error('enough')));
  await expect(snippetOf([{ page: null, text: long }], 'word', stop.signal)).rejects.toThrow('enough');
});
