import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { fillIn } from '../../../src/catalog/files/capture.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { claimPurges, commitPurged, purgeNow, trashFile } from '../../../src/catalog/files/trash.ts';
import { wipe } from '../../../src/catalog/files/wipe.ts';
import { createWordFilter } from '../../../src/catalog/files/word-filter.ts';
import { Budget } from '../../../src/catalog/search/budget.ts';
import { nearWords } from '../../../src/catalog/search/spelling.ts';
import { databases } from '../databases.ts';
import { found, sampleFile, storeFile, T0, TEAM } from '../samples.ts';

describe.each(databases)('words of names from before, on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeEach(async () => {
    catalog = await fresh();
  });
  afterEach(() => catalog.close());

  const store = async (fileId: string, name: string) => {
    await recordShares(catalog, TEAM, [found(fileId, 'C1', T0, { name, title: null })], T0);
    await storeFile(catalog, fileId);
  };
  const rename = (fileId: string, name: string) =>
    fillIn(catalog, sampleFile(fileId, { name, title: null }), T0 + 9);
  const forget = async (fileId: string) => {
    const ref = { teamId: TEAM, fileId };
    await trashFile(catalog, { ref, actorId: 'U1', channelId: 'C1', purgeAt: T0 * 2, now: T0 });
    await purgeNow(catalog, { ref, actorId: 'U1', now: T0, forget: true });
    await claimPurges(catalog, { owner: 'p', limit: 1, leaseMs: 9, now: T0 * 2 });
    await commitPurged(catalog, ref, 'p', T0);
  };
  const words = async () =>
    (await sql<{ word: string }>`select word from find_word order by word`.execute(catalog.db)).rows.map(
      ({ word }) => word,
    );
  const near = (word: string) => nearWords(catalog, word, new Budget(60_000));

  it('go after a name was forgotten, and those that a name has stay', async () => {
    await store('F1', 'Kündigung Erika Mustermann.pdf');
    await store('F2', 'Mustermannstr 2026 offer.pdf');
    await rename('F1', 'scan.pdf');
    await forget('F1');
    expect(await words()).toEqual(['erika', 'kundigung', 'mustermann', 'mustermannstr', 'offer', 'pdf']);
    const due = await sql`select 1 from chore where name = 'wipe' and due_at is not null`.execute(catalog.db);
    expect(due.rows).toHaveLength(1);
    await wipe(catalog, () => T0);
    expect(await words()).toEqual(['mustermannstr', 'offer', 'pdf']);
    expect([await near('erike'), await near('offre')]).toEqual([[], ['offer']]);
    // It can come again.
    await store('F3', 'Erika.pdf');
    expect(await near('erike')).toEqual(['erika']);
  });

  it('stay where a name with them comes meanwhile', async () => {
    await store('F1', 'pelican.pdf');
    await store('F2', 'walrus.pdf');
    await store('F3', 'wombat.pdf');
    for (const fileId of ['F1', 'F2', 'F3']) await rename(fileId, 'scan.pdf');
    let steps = 0;
    await wipe(
      catalog,
      () => T0,
      async () => {
        steps += 1;
        // All names were gone through.
        if (steps !== 2) return;
        await store('F4', 'pelican too.pdf');
        await rename('F2', 'walrus again.pdf');
      },
    );
    expect(await words()).toEqual(expect.arrayContaining(['again', 'pelican', 'walrus']));
    expect(await words()).not.toContain('wombat');
  });

  it('go of more names than one step reads', async () => {
    const names = Array.from({ length: 1_200 }, (_, i) => `${letters(i)}kept`);
    await recordShares(
      catalog,
      TEAM,
      names.map((name, i) => found(`F${i}`, 'C1', T0 + i, { name, title: null })),
      T0,
    );
    await sql`insert into find_word (word) values ('mustermann')`.execute(catalog.db);
    await wipe(catalog, () => T0);
    expect(await words()).toEqual(names.toSorted());
  });
});

const letters = (n: number) => [...String(n)].map((digit) => 'abcdefghij'[Number(digit)]).join('');

it('the filter knows each word that was added, and hardly any other', () => {
  const all = Array.from({ length: 20_000 }, (_, i) => `${letters(i)}word`);
  const filter = createWordFilter(all.length, 7);
  for (const word of all) filter.add(word);
  expect(all.every((word) => filter.has(word))).toBe(true);
  const others = Array.from({ length: 100_000 }, (_, i) => `${letters(i)}other`);
  expect(others.filter((word) => filter.has(word)).length).toBeLessThan(10);
});
