import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { noteRequest } from '../../../src/catalog/queue/seen-requests.ts';
import { databases, empty } from '../databases.ts';
import { T0 } from '../samples.ts';

describe.each(databases)('requests that came, on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterEach(() => empty(catalog));
  afterAll(() => catalog.close());

  const note = (signature: string, now: number) => noteRequest(catalog, { signature, now, keptMs: 600_000 });

  test('the first is new; the others learn when the first one came', async () => {
    expect(await note('v0=a', T0)).toBeUndefined();
    expect(await note('v0=a', T0 + 5_000)).toBe(T0);
    expect(await note('v0=b', T0 + 5_000)).toBeUndefined();
    expect(await note('v0=a', T0 + 599_000)).toBe(T0);
  });

  test('of copies at the same moment, exactly one is new', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => note('v0=a', T0)));
    expect(answers.filter((first) => first === undefined)).toHaveLength(1);
  });

  test('what is too old to be valid is forgotten', async () => {
    await note('v0=a', T0);
    await note('v0=b', T0 + 700_000);
    const kept = await catalog.db.selectFrom('seenRequest').select('at').execute();
    expect(kept).toEqual([{ at: T0 + 700_000 }]);
  });
});
