import { afterAll, beforeAll, expect, it } from 'vitest';
import { postScreen } from '../../src/jobs/post-screen.ts';
import { TEAM } from '../catalog/samples.ts';
import { openWorld, type World } from '../vault/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const hello = async (policy = {}) => {
  const post = { kind: 'joined', teamId: TEAM, channelId: 'C1', notices: [] };
  const vault = { ...world.vault, policy: { ...world.vault.policy, ...policy } };
  return (await postScreen(vault as never, post as never)).text;
};

it('the hello follows the rules of the channel', async () => {
  expect(await hello()).toContain('every file');
  expect(await hello({ excludeTypes: new Set(['mp4']) })).toContain('left out');
  expect(await hello({ external: 'record' })).toContain('left out');
  const rule = { teamId: TEAM, channelId: 'C1', capture: 0, changedBy: 'U1', changedAt: 1 };
  await world.catalog.db
    .insertInto('rule')
    .values(rule as never)
    .execute();
  expect(await hello()).toContain('saving is off');
});
