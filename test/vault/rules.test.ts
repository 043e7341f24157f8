import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { recordShares } from '../../src/catalog/files/shares.ts';
import { setHold } from '../../src/catalog/governance/holds.ts';
import { NO_OVERRIDES, overridesOf } from '../../src/catalog/governance/rules.ts';
import { changeRules, channelKept, rulesToChange } from '../../src/vault/rules.ts';
import { empty } from '../catalog/databases.ts';
import { found, storeFile, T0, TEAM } from '../catalog/samples.ts';
import { ADMIN, ANN, AUDITOR, EVE, freshCatalog, type World, worldOf } from './governed.ts';

const DAY = 86_400_000;

describe('the rules of a channel, for people', () => {
  let catalog: Catalog;
  let world: World;
  beforeAll(async () => {
    catalog = await freshCatalog();
  });
  beforeEach(async () => {
    world = await worldOf(catalog);
    await recordShares(catalog, TEAM, [found('F1', 'C1', T0 - 10 * DAY, { uploaderId: ANN })], T0);
    await storeFile(catalog, 'F1', { bytes: 700 });
  });
  afterEach(() => empty(catalog));
  afterAll(() => catalog.close());

  const show = (userId: string, channelId = 'C1') => channelKept(world.vault, { userId, channelId });
  const change = (userId: string, days: number | null, isSure = false, channelId = 'C1') =>
    changeRules(world.vault, {
      ...{ userId, channelId, isSure },
      own: { ...NO_OVERRIDES, retentionDays: days },
    });
  const kept = async () => (await overridesOf(catalog, TEAM, 'C1')).own.retentionDays;

  it('are shown to people who see the channel', async () => {
    await expect(show(EVE)).rejects.toMatchObject({ code: 'not_a_member' });
    await expect(show(ANN, 'C2')).rejects.toMatchObject({ code: 'not_a_member' });
    expect(await show(ANN)).toMatchObject({
      ...{ channelId: 'C1', files: 1, bytes: 700, isMember: true, mayChange: false, changedBy: null },
      rules: { capture: true, retentionDays: 0, onSlackDelete: 'keep' },
      own: NO_OVERRIDES,
    });
    expect(await show(ADMIN)).toMatchObject({ mayChange: true });
    world.botIn.delete('C1');
    await expect(show(ANN)).rejects.toMatchObject({ code: 'bot_removed' });
  });

  it('only admins are told how many holds there are', async () => {
    const scope = { personId: ANN, channelId: null, fileId: null, sharedFrom: null, sharedUntil: null };
    await setHold(catalog, { teamId: TEAM, scope, reason: 'court', actorId: ADMIN, now: T0 });
    expect(await show(ANN)).toMatchObject({ holds: 0 });
    expect(await show(ADMIN)).toMatchObject({ holds: 1 });
  });

  it.each([ANN, AUDITOR, EVE])('%s, who is no admin, neither opens nor changes them', async (userId) => {
    const asked = { userId, channelId: 'C1' };
    await expect(rulesToChange(world.vault, asked)).rejects.toMatchObject({ code: 'admins_only' });
    for (const isSure of [false, true])
      await expect(change(userId, 90, isSure)).rejects.toMatchObject({ code: 'admins_only' });
    expect(await kept()).toBeNull();
  });

  it('an admin changes no rules of a channel that they cannot see', async () => {
    const asked = { userId: ADMIN, channelId: 'C0ELSEWHERE' };
    await expect(rulesToChange(world.vault, asked)).rejects.toMatchObject({ code: 'not_a_member' });
    for (const isSure of [false, true])
      await expect(change(ADMIN, 90, isSure, 'C0ELSEWHERE')).rejects.toMatchObject({ code: 'not_a_member' });
  });

  it('an admin changes them; where files would go at once, only when sure', async () => {
    expect(await rulesToChange(world.vault, { userId: ADMIN, channelId: 'C1' })).toMatchObject({
      ...{ channelId: 'C1', own: NO_OVERRIDES },
      defaults: { retentionDays: 0 },
    });
    expect(await change(ADMIN, 90)).toEqual({ isSaved: true, isChanged: true });
    expect(await change(ADMIN, 90)).toEqual({ isSaved: true, isChanged: false });
    expect(await change(ADMIN, 7)).toEqual({ isSaved: false, days: 7, files: 1, atLeast: false });
    expect(await kept()).toBe(90);
    expect(await change(ADMIN, 7, true)).toEqual({ isSaved: true, isChanged: true });
    expect(await kept()).toBe(7);
    expect(await show(ANN)).toMatchObject({ changedBy: ADMIN, changedAt: T0, rules: { retentionDays: 7 } });
    expect(world.woken).toEqual(['all', 'all', 'all']);
  });
});
