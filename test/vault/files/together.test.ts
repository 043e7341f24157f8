import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { expect, it, onTestFinished, vi } from 'vitest';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import type { FoundFile } from '../../../src/catalog/model.ts';
import { claimReadings, readingDone } from '../../../src/catalog/reading/rows.ts';
import { startReading } from '../../../src/catalog/reading/start.ts';
import type { Log } from '../../../src/log.ts';
import type { Bucket } from '../../../src/storage/bucket.ts';
import { RANK } from '../../../src/text/match-rank.ts';
import { snippetsOf } from '../../../src/vault/files/snippets.ts';
import { togetherIn } from '../../../src/vault/files/together.ts';
import { databases } from '../../catalog/databases.ts';
import { found, storeFile, T0, TEAM } from '../../catalog/samples.ts';

const asked = { text: 'year end', phrases: ['year end'] };

/** Two files that have the words, and a bucket with these texts. */
async function vaultWith(texts: Record<string, string>) {
  const catalog = await (databases[0] as (typeof databases)[number]).fresh();
  onTestFinished(() => catalog.close());
  await startReading(catalog);
  for (const fileId of Object.keys(texts)) {
    await recordShares(catalog, TEAM, [found(fileId, 'C1', T0)], T0);
    await storeFile(catalog, fileId);
  }
  // Each has bytes of its own: what was found in a text is remembered by them.
  const shaOf = new Map(Object.keys(texts).map((fileId) => [fileId, `${fileId}-${Math.random()}`]));
  for (const [fileId, sha256] of shaOf)
    await catalog.db.updateTable('file').set({ sha256 }).where('fileId', '=', fileId).execute();
  for (const row of await claimReadings(catalog, { owner: 'a', limit: 99, leaseMs: 60_000, now: T0 }))
    await readingDone(catalog, row, 'a', { words: new Set(['year', 'end']), state: 'read', reason: null });
  const fetched: string[] = [];
  const warned: object[] = [];
  let broken = '';
  const bucket = {
    ...{ name: 'b', prefix: 'p', place: 'the bucket' },
    client: {
      send: async ({ input }: { input: { Key: string } }) => {
        const fileId = Object.keys(texts).find((id) => input.Key.includes(`/${id}/`)) as string;
        fetched.push(fileId);
        if (broken === fileId) throw new Error('no answer');
        const parts = [{ page: 2, text: texts[fileId] }];
        return { Body: Readable.from([gzipSync(JSON.stringify({ sha256: shaOf.get(fileId), parts }))]) };
      },
    },
  } as unknown as Bucket;
  const log = { warn: (about: object) => void warned.push(about) } as unknown as Log;
  const vault = { catalog, bucket, log, identity: { teamId: TEAM } };
  const files = [...shaOf].map(
    ([fileId, sha256]) =>
      ({ teamId: TEAM, fileId, sha256, olderVersions: 0, rank: RANK.contents }) as FoundFile,
  );
  return {
    ...{ vault, files, fetched, warned },
    breaks: (fileId: string) => {
      broken = fileId;
    },
  };
}

it('the texts of hits are looked through for words in quotes, each once, and the place is shown', async () => {
  const filler = 'filler '.repeat(30_000);
  const { vault, files, fetched } = await vaultWith({
    F1: `the end of the year, ${filler} and a year-end closing`,
    F2: 'the end of the year',
  });
  expect(togetherIn(vault, { text: 'year end', phrases: ['year'] })).toBeUndefined();
  const together = togetherIn(vault, asked);
  expect(await together?.(files, 60_000)).toEqual({ are: new Set(['F1']), isWhole: true });
  expect(await together?.(files, 60_000)).toEqual({ are: new Set(['F1']), isWhole: true });
  expect(fetched.sort()).toEqual(['F1', 'F2']);
  const snippets = await snippetsOf(vault as never, files, asked);
  expect(snippets.get('F1')).toMatchObject({ page: 2, text: expect.stringContaining('a year-end closing') });
  expect(snippets.has('F2')).toBe(false);
});

it('a text that was read anew since is looked through again, some minutes later', async () => {
  const texts = { F1: 'the end of the year' };
  const { vault, files } = await vaultWith(texts);
  const together = togetherIn(vault, asked);
  expect((await together?.(files, 60_000))?.are).toEqual(new Set());
  texts.F1 = 'the year end';
  const later = performance.now() + 600_001;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => later);
  onTestFinished(() => clock.mockRestore());
  expect((await together?.(files, 60_000))?.are).toEqual(new Set(['F1']));
});

it('what cannot be looked through is left out, and that is said', async () => {
  const { vault, files, warned, breaks } = await vaultWith({ F1: 'year end', F2: 'year end' });
  breaks('F2');
  const outcome = await togetherIn(vault, asked)?.(files, 60_000);
  expect(outcome).toEqual({ are: new Set(['F1']), isWhole: false });
  expect(warned).toMatchObject([{ file: 'F2' }]);
});

it('in a text that is too long for it, the words need only stand somewhere', async () => {
  const { vault, files } = await vaultWith({ F1: `end ${'x'.repeat(5 * 1024 ** 2)} year` });
  expect(await togetherIn(vault, asked)?.(files, 60_000)).toEqual({ are: new Set(['F1']), isWhole: true });
});

it('many texts are fetched at once, as a bucket is slow to begin, but each once', async () => {
  const texts = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`F${i + 10}`, 'year end']));
  const { vault, files, fetched } = await vaultWith(texts);
  const { client } = vault.bucket as unknown as { client: { send(asked: object): Promise<object> } };
  const [send, waiting] = [client.send, [] as Array<() => void>];
  client.send = async (command) => {
    await new Promise<void>((resolve) => void waiting.push(resolve));
    return send(command);
  };
  const outcome = togetherIn(vault, asked)?.(files, 60_000);
  await expect.poll(() => waiting.length).toBe(8);
  expect(fetched).toEqual([]);
  const release = setInterval(() => waiting.shift()?.(), 1);
  onTestFinished(() => clearInterval(release));
  expect(await outcome).toEqual({ are: new Set(Object.keys(texts)), isWhole: true });
  expect(fetched).toHaveLength(20);
});
