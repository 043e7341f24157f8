import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { countHoldsHere } from '../../../src/catalog/governance/channel-holds.ts';
import { type HoldScope, liftHold, setHold } from '../../../src/catalog/governance/holds.ts';
import { databases } from '../databases.ts';
import { found, T0, TEAM } from '../samples.ts';

describe.each(databases)('holds that may cover files of a channel, on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
    await recordShares(catalog, TEAM, [found('F1', 'C1', T0), found('F2', 'C2', T0)], T0);
  });
  afterAll(() => catalog.close());

  test.each<[string, Partial<HoldScope>, [number, number]]>([
    ['on everything', {}, [1, 1]],
    ['on a person', { personId: 'U1' }, [1, 1]],
    ['on a channel', { channelId: 'C1' }, [1, 0]],
    ['on a file', { fileId: 'F2' }, [0, 1]],
    ['on a file that nobody knows yet', { fileId: 'F9' }, [0, 0]],
    ['on a file, in another channel', { fileId: 'F1', channelId: 'C2' }, [0, 0]],
  ])('one %s', async (_, more, expected) => {
    const scope = {
      ...{ personId: null, channelId: null, fileId: null, sharedFrom: null, sharedUntil: null },
      ...more,
    };
    const { holdId } = await setHold(catalog, { teamId: TEAM, scope, reason: 'why', actorId: 'U9', now: T0 });
    const here = (channelId: string) => countHoldsHere(catalog, { teamId: TEAM, channelId });
    expect([await here('C1'), await here('C2')]).toEqual(expected);
    await liftHold(catalog, { teamId: TEAM, holdId, actorId: 'U9', now: T0 });
    expect(await here('C1')).toBe(0);
  });
});
