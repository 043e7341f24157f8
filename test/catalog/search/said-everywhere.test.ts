import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { findFiles } from '../../../src/catalog/search/find.ts';
import { listeningCatalog } from '../listening.ts';
import { sampleFile, sampleShare, storeFile, T0, TEAM } from '../samples.ts';

/** On SQLite, to put many channels together takes most of the time of a search by what was said. */
let catalog: Catalog;
let close: () => Promise<void>;
/** What SQLite's index was asked. */
const asked: string[] = [];
const CHANNELS = Array.from({ length: 66 }, (_, i) => `C${i}`);

beforeAll(async () => {
  ({ catalog, close } = await listeningCatalog((sql, [words]) => {
    if (sql.includes('from said_words\n') && sql.includes('order by rowid')) asked.push(String(words));
  }));
  for (const [i, channelId] of CHANNELS.entries()) {
    const said = { author: 'U2', text: 'about the zebra', at: T0 };
    const file = sampleFile(`F${i}`, { uploaderId: 'U2' });
    await recordShares(catalog, TEAM, [{ file, share: sampleShare(channelId, T0 + i, { said }) }], T0);
    await storeFile(catalog, `F${i}`);
  }
}, 60_000);
afterAll(() => close?.());

async function found(channelIds: string[]) {
  asked.length = 0;
  const viewer = { teamId: TEAM, channelIds, ownUserId: 'U1' };
  const { files } = await findFiles(catalog, { viewer, filter: { text: 'zebra' }, limit: 99, said: true });
  return new Set(files.map(({ fileId }) => fileId));
}

it('who sees every channel is asked of all messages, and nobody else is', async () => {
  expect((await found(CHANNELS)).size).toBe(66);
  expect(asked.length).toBeGreaterThan(0);
  for (const question of asked) expect(question).not.toContain(' OR ');
  const some = await found(CHANNELS.slice(0, 65));
  expect([some.size, some.has('F65')]).toEqual([65, false]);
  expect(asked.length).toBeGreaterThan(0);
  for (const question of asked) expect(question).toContain(' OR ');
});
