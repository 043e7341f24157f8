import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { nextChangeDueAt } from '../../../src/catalog/files/changes.ts';
import { fileWasChanged } from '../../../src/vault/files/changed.ts';
import { ANNA, openWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.clear();
  await world.channel('G1', [ANNA]);
  world.vault.policy.versionQuietMs = 5_000;
});

it('a changed file is looked at when it has been quiet for a while', async () => {
  await world.share('F1', 'G1', { type: 'application/vnd.slack-docs' });
  await fileWasChanged(world.vault, { fileId: 'F1' });
  expect(await nextChangeDueAt(world.catalog)).toBe(world.vault.now() + 5_000);
});

it('only the first word of a change wakes the worker: it knows of the row then', async () => {
  await world.share('F1', 'G1', { type: 'application/vnd.slack-docs' });
  for (let times = 0; times < 3; times++) await fileWasChanged(world.vault, { fileId: 'F1' });
  expect(world.woken).toEqual(['change']);
});

it('of a file that the vault does not know, nothing is to be looked at', async () => {
  await fileWasChanged(world.vault, { fileId: 'F0NOSUCH' });
  expect([await nextChangeDueAt(world.catalog), world.woken]).toEqual([null, []]);
});
