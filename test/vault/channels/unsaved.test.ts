import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { alertSentence } from '../../../src/blocks/alert.ts';
import { openAlerts } from '../../../src/catalog/alerts/alerts.ts';
import { DAY_MS } from '../../../src/time.ts';
import { tellUnsaved } from '../../../src/vault/channels/unsaved.ts';
import { T0, TEAM } from '../../catalog/samples.ts';
import { ANNA, openWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(() => world.clear());

const open = (channelId: string, more = {}) => ({
  ...{ channelId, name: channelId.toLowerCase(), createdAt: null, isShared: false, ...more },
});
const alerts = async () => (await openAlerts(world.catalog, TEAM)).map(({ alert }) => alert);

it('admins are told once of a channel where files are shared and not saved', async () => {
  await world.channel('C1', [ANNA], { kind: 'public' });
  await world.share('F1', 'C1');
  // The same file is in a channel where the bot is not: Slack names all places of a file that it shows.
  await world.share('F1', 'C2', { stored: false });
  await world.share('F2', 'C3', { at: T0 - 9 * DAY_MS });
  const told = await tellUnsaved(world.vault, [open('C2'), open('C3'), open('C4')], []);
  expect(told).toEqual(['C2']);
  expect(await alerts()).toEqual([{ kind: 'unsaved', channelId: 'C2' }]);
  await world.catalog.db.deleteFrom('trouble').execute();
  expect(await tellUnsaved(world.vault, [open('C2'), open('C3')], told)).toEqual(['C2']);
  expect(await alerts()).toEqual([]);
});

it('not of one that the owner leaves out', async () => {
  await world.share('F1', 'C2');
  const vault = { ...world.vault, policy: { ...world.vault.policy, joinExcept: ['c2'] } };
  expect(await tellUnsaved(vault, [open('C2')], [])).toEqual([]);
});

it('of many channels a few are told at a time, the largest first, and none twice', async () => {
  const many = Array.from({ length: 12 }, (_, i) => `C${String(90 - i)}`);
  for (const [i, channelId] of many.entries()) await world.share(`F${i}`, channelId);
  const first = await tellUnsaved(
    world.vault,
    many.map((id) => open(id)),
    [],
  );
  expect(first).toEqual(many.slice(0, 10));
  expect(
    await tellUnsaved(
      world.vault,
      many.map((id) => open(id)),
      first,
    ),
  ).toEqual(first);
  await world.catalog.db.deleteFrom('trouble').execute();
  expect(
    await tellUnsaved(
      world.vault,
      many.map((id) => open(id)),
      first,
    ),
  ).toEqual(many);
});

it('a channel that is still not saved is remembered, however many there are', async () => {
  const told = ['C2', ...Array.from({ length: 2_100 }, (_, i) => `CX${i}`)];
  await world.share('F1', 'C2');
  expect(await tellUnsaved(world.vault, [open('C2')], told)).toContain('C2');
  expect(await alerts()).toEqual([]);
});

it('the alert says whether there is a Join to press', async () => {
  await world.share('F1', 'C2');
  await tellUnsaved(world.vault, [open('C2')], [], true);
  const [alert] = await alerts();
  expect(alert && alertSentence(alert)).toContain('press *Join*');
  expect(alertSentence({ kind: 'unsaved', channelId: 'C2' })).toMatch(/type `\/invite @\S+` there\.$/);
});
