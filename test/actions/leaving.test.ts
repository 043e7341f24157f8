import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Click } from '../../src/actions/click.ts';
import { leavingKeep } from '../../src/actions/leaving.ts';
import { encodeButtonValue } from '../../src/blocks/kit/button-value.ts';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { recordShares } from '../../src/catalog/files/shares.ts';
import { NO_OVERRIDES, saveOverrides } from '../../src/catalog/governance/rules.ts';
import { empty } from '../catalog/databases.ts';
import { found, storeFile, T0, TEAM } from '../catalog/samples.ts';
import { ANN, freshCatalog, type World, worldOf } from '../vault/governed.ts';

const DAY = 20_793;

describe('Keep this one', () => {
  let catalog: Catalog;
  let world: World;
  beforeAll(async () => {
    catalog = await freshCatalog();
  });
  beforeEach(async () => {
    await empty(catalog);
    world = await worldOf(catalog);
    const own = { ...NO_OVERRIDES, retentionDays: 30, mayKeep: true };
    await saveOverrides(catalog, { teamId: TEAM, channelId: 'C1', actorId: 'U9', now: T0, own });
    for (const [fileId, name] of [
      ['F1', 'plan'],
      ['F2', 'draft'],
    ] as const) {
      await recordShares(catalog, TEAM, [found(fileId, 'C1', T0, { uploaderId: ANN, name })], T0);
      await storeFile(catalog, fileId);
    }
    await catalog.db.updateTable('file').set({ warnedDay: DAY }).execute();
  });
  afterAll(() => catalog.close());

  async function keep(where: 'message' | 'modal', ...value: string[]) {
    const said: Array<[string, string]> = [];
    const tell = (how: string) => async (screen: { blocks: unknown[] }) =>
      void said.push([how, JSON.stringify(screen.blocks)]);
    const click = { userId: ANN, value: encodeButtonValue(...value), where };
    const answers = { replace: tell('replaced'), show: tell('shown') };
    await leavingKeep.run(world.vault, { ...click, ...answers } as unknown as Click);
    expect(said).toHaveLength(1);
    return said[0] as [string, string];
  }

  it.each(['message', 'modal'] as const)('is answered in the %s that it is in', async (where) => {
    const [how, blocks] = await keep(where, 'F1', String(DAY));
    expect(how).toBe('replaced');
    expect(blocks).toContain('1 file of yours');
    expect(blocks).toContain('You are keeping: plan');
    expect(blocks).toContain('draft');
    // Both are gone from it now.
    expect((await keep(where, 'F2', String(DAY)))[1]).toContain('You are keeping: ');
  });

  it('in a message of an older version is answered beside it', async () => {
    const [how, blocks] = await keep('message', 'F1');
    expect(how).toBe('shown');
    expect(blocks).toContain('You are keeping plan');
  });
});
