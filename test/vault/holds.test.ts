import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { recordShares } from '../../src/catalog/files/shares.ts';
import { isHeld } from '../../src/catalog/governance/holds.ts';
import { type HoldWanted, listHolds, putOnHold, takeOffHold } from '../../src/vault/holds.ts';
import { empty } from '../catalog/databases.ts';
import { found, storeFile, T0, TEAM } from '../catalog/samples.ts';
import { ADMIN, ANN, AUDITOR, EVE, freshCatalog, TIME_ZONE_OFFSET, type World, worldOf } from './governed.ts';

const NOTHING = { personId: null, channelId: null, fileId: null, firstDay: null, lastDay: null };
const WANTED: HoldWanted = { ...NOTHING, personId: ANN, reason: 'court' };

describe('holds, for people', () => {
  let catalog: Catalog;
  let world: World;
  beforeAll(async () => {
    catalog = await freshCatalog();
  });
  beforeEach(async () => {
    world = await worldOf(catalog);
    await recordShares(catalog, TEAM, [found('F1', 'C1', T0, { uploaderId: ANN })], T0);
    await storeFile(catalog, 'F1');
  });
  afterEach(() => empty(catalog));
  afterAll(() => catalog.close());

  const list = (userId: string) => listHolds(world.vault, { userId, limit: 20 });
  const held = () => isHeld(catalog, { teamId: TEAM, fileId: 'F1' });

  it.each([ANN, EVE])('%s, who is neither admin nor auditor, sees, sets and lifts none', async (userId) => {
    await putOnHold(world.vault, { userId: ADMIN, ...WANTED });
    const [hold] = (await list(ADMIN)).holds;
    const refused = { code: 'admins_only', message: expect.stringContaining('auditors') };
    await expect(list(userId)).rejects.toMatchObject(refused);
    await expect(putOnHold(world.vault, { userId, ...WANTED })).rejects.toMatchObject(refused);
    const lifting = takeOffHold(world.vault, { userId, holdId: hold?.holdId ?? '' });
    await expect(lifting).rejects.toMatchObject(refused);
    expect(await list(ADMIN)).toMatchObject({ total: 1 });
  });

  it.each([ADMIN, AUDITOR])('%s sets, sees and lifts a hold, once', async (userId) => {
    const set = await putOnHold(world.vault, { userId, ...WANTED });
    expect(set).toMatchObject({ tooLate: 0, scope: { personId: ANN, sharedFrom: null, sharedUntil: null } });
    expect(await held()).toBe(true);
    const { holds, ...sums } = await list(userId);
    const inBucket = { held: 0, waiting: 0, failing: 0 };
    expect(sums).toEqual({ total: 1, objectLock: false, inBucket });
    expect(holds).toMatchObject([{ personId: ANN, reason: 'court', setBy: userId, setAt: T0 }]);
    const which = { userId, holdId: holds[0]?.holdId ?? '' };
    await takeOffHold(world.vault, which);
    expect(await held()).toBe(false);
    await expect(takeOffHold(world.vault, which)).rejects.toMatchObject({ code: 'no_such_hold' });
    expect(world.woken).toEqual(['all', 'all']);
  });

  it('days are in the time zone of the person who sets it, and the last day is included', async () => {
    const days = { ...NOTHING, firstDay: '2026-11-20', lastDay: '2026-11-23', reason: 'audit' };
    const { scope } = await putOnHold(world.vault, { userId: ADMIN, ...days });
    expect(scope).toMatchObject({
      sharedFrom: Date.UTC(2026, 10, 20) - TIME_ZONE_OFFSET,
      sharedUntil: Date.UTC(2026, 10, 24) - TIME_ZONE_OFFSET,
    });
    expect(await held()).toBe(true);
  });
});
