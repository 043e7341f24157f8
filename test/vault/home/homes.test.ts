import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { claimDueHomes, homePublished, nextHomeDueAt } from '../../../src/catalog/notices/homes.ts';
import { homeWasOpened } from '../../../src/vault/home/opened.ts';
import { personChanged } from '../../../src/vault/home/person-changed.ts';
import { ANNA, BEN, openWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(() => world.clear());

const claim = () =>
  claimDueHomes(world.catalog, { owner: 'a', limit: 9, leaseMs: 1_000, now: world.vault.now() });
const drawAll = async () => {
  const now = world.vault.now();
  for (const { teamId, userId } of await claim())
    await homePublished(world.catalog, { teamId, userId, owner: 'a', now });
};

it('an App Home that somebody opens is drawn at once', async () => {
  await homeWasOpened(world.vault, { userId: ANNA });
  expect((await claim()).map(({ userId }) => userId)).toEqual([ANNA]);
  expect(world.woken).toEqual(['all']);
});

it('when something about a person changes, their App Home is drawn anew, and nobody else’s', async () => {
  for (const userId of [ANNA, BEN]) await homeWasOpened(world.vault, { userId });
  await drawAll();
  expect(await nextHomeDueAt(world.catalog)).toBe(null);
  await personChanged(world.vault, { userId: BEN });
  expect((await claim()).map(({ userId }) => userId)).toEqual([BEN]);
});

it('what was known of the person is asked for anew, also when they never opened their App Home', async () => {
  await personChanged(world.vault, { userId: BEN });
  expect(world.told).toEqual([`forgetPerson ${BEN}`]);
  expect(await claim()).toEqual([]);
});
