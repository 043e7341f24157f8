import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { auditOf } from '../../src/catalog/governance/audit.ts';
import {
  mayPostIn,
  refuseWhileLost,
  requireAdmin,
  requireAuditor,
  requireChannel,
  requireFile,
  requireFileToKnow,
} from '../../src/vault/access.ts';
import { TEAM } from '../catalog/samples.ts';
import { ADMIN, ANNA, AUDITOR, BEN, openWorld, type World } from './world.ts';

const EVE = 'U9';
let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.clear();
  await world.channel('G1', [ANNA, BEN, ADMIN]);
  await world.channel('G2', [ANNA], { bot: false });
  await world.share('F1', 'G1');
});

describe('a file', () => {
  it('that somebody may not see, and one that does not exist, get the same answer', async () => {
    const answers = await Promise.all(
      ['F1', 'F0NOSUCH'].map((id) => requireFile(world.vault, EVE, id, 'see').catch((error) => error)),
    );
    const [closed, missing] = answers;
    expect(closed).toMatchObject({ code: 'no_such_file', message: missing.message });
  });

  it.each([
    [ANNA, 'delete', undefined],
    [ADMIN, 'delete', undefined],
    [BEN, 'see', undefined],
    [BEN, 'delete', 'may_not_delete'],
  ] as const)('%s may %s it: %s', async (userId, to, code) => {
    const asked = requireFile(world.vault, userId, 'F1', to);
    if (code === undefined) expect((await asked).fileId).toBe('F1');
    else await expect(asked).rejects.toMatchObject({ code });
  });

  it('may be known to an auditor who cannot see it, and the look is written down', async () => {
    expect(await requireFileToKnow(world.vault, AUDITOR, 'F1')).toMatchObject({ oversight: true });
    const entries = await auditOf(world.catalog, { teamId: TEAM, fileId: 'F1' }, 10);
    expect(entries.filter(({ action }) => action === 'looked')).toMatchObject([{ actorId: AUDITOR }]);
    await expect(requireFileToKnow(world.vault, EVE, 'F1')).rejects.toMatchObject({ code: 'no_such_file' });
  });
});

describe('a channel', () => {
  it('is its members’', async () => {
    await requireChannel(world.vault, BEN, 'G1');
    await expect(requireChannel(world.vault, EVE, 'G1')).rejects.toMatchObject({ code: 'not_a_member' });
  });

  it('that the bot was removed from says so', async () => {
    await expect(refuseWhileLost(world.vault, 'G2')).rejects.toMatchObject({ code: 'bot_removed' });
    await refuseWhileLost(world.vault, 'G1');
  });

  it('may be posted in when both are in it', async () => {
    const may = (userId: string, channelId: string) => mayPostIn(world.vault, userId, channelId);
    expect([await may(BEN, 'G1'), await may(EVE, 'G1'), await may(ANNA, 'G2')]).toEqual([true, false, false]);
  });
});

it('admins and auditors are told apart', async () => {
  await requireAdmin(world.vault, ADMIN);
  for (const one of [ADMIN, AUDITOR]) await requireAuditor(world.vault, one);
  await expect(requireAdmin(world.vault, AUDITOR)).rejects.toMatchObject({ code: 'admins_only' });
  await expect(requireAuditor(world.vault, ANNA)).rejects.toMatchObject({ code: 'admins_only' });
});
