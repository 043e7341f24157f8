import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { NO_OVERRIDES, saveOverrides } from '../../../src/catalog/governance/rules.ts';
import type { TextMode } from '../../../src/text-modes.ts';
import { fileDetails } from '../../../src/vault/files/details.ts';
import { filesPage } from '../../../src/vault/files/page.ts';
import { found, sampleShare, storeFile, T0, TEAM } from '../../catalog/samples.ts';
import { ANNA, AUDITOR, BEN, openWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  Object.assign(world.vault.policy, { text: 'words' });
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.clear();
  await world.channel('G1', [ANNA, BEN]);
  await world.channel('G2', [ANNA]);
  await share('G1', 'here is the *budget* you asked <@U2> for, see <#G2|secret-plans>', T0);
  await share('G2', 'the budget before we cut it', T0 + 60_000);
  await storeFile(world.catalog, 'F1');
});

async function share(channelId: string, text: string, at: number) {
  const said = { author: ANNA, text, at };
  const file = found('F1', channelId, at, { name: 'a.pdf', title: null });
  const share = sampleShare(channelId, at, { channelKind: null, said });
  await recordShares(world.catalog, TEAM, [{ ...file, share }], at);
}
const saidTo = async (userId: string, query: string) =>
  [...(await filesPage(world.vault, { userId, channelId: '', query, limit: 10 })).said.values()].map(
    ({ text }) => text,
  );

it('a hit says where it matched, with the names that the reader may know', async () => {
  const page = await filesPage(world.vault, { userId: BEN, channelId: '', query: 'budget asked', limit: 10 });
  expect([...page.said]).toEqual([
    [
      'F1',
      {
        text: 'here is the budget you asked @Name of U2 for, see #a channel',
        of: 'message',
        author: 'Name of U1',
        at: T0,
      },
    ],
  ]);
});

it('only words of channels that the reader sees are shown, here and in Details', async () => {
  expect(await saidTo(BEN, 'cut')).toEqual([]);
  expect(await saidTo(ANNA, 'cut')).toEqual(['the budget before we cut it']);
  const detailsOf = async (userId: string) =>
    (await fileDetails(world.vault, { userId, channelId: null, fileId: 'F1' })).said.map(({ text }) => text);
  expect(await detailsOf(ANNA)).toHaveLength(2);
  expect(await detailsOf(BEN)).toEqual(['here is the budget you asked @Name of U2 for, see #a channel']);
  expect(await detailsOf(AUDITOR)).toEqual([]);
});

it('in:name and in:text say where to look', async () => {
  expect(await saidTo(BEN, 'budget in:name')).toEqual([]);
  expect(await saidTo(BEN, 'budget in:text')).toHaveLength(1);
  expect(await saidTo(BEN, 'in:text budget in:name')).toHaveLength(1);
});

it('a page tells what is searched in the channels of its reader', async () => {
  const searchedBy = async (userId: string, query = 'budget') =>
    (await filesPage(world.vault, { userId, channelId: '', query, limit: 10 })).texts;
  const set = (channelId: string, text: TextMode | null) =>
    saveOverrides(world.catalog, {
      ...{ teamId: TEAM, channelId, actorId: ANNA, now: T0 },
      own: { ...NO_OVERRIDES, text },
    });
  expect([await searchedBy(ANNA), await searchedBy(BEN), await searchedBy(BEN, 'type:pdf')]).toEqual([
    ...['words', 'words', undefined],
  ]);
  // The line under the title says where that looked.
  expect(await searchedBy(ANNA, 'in:text -budget')).toBe('words');
  await set('G2', 'contents');
  expect([await searchedBy(ANNA), await searchedBy(BEN)]).toEqual(['all', 'words']);
  await set('G1', 'off');
  expect([await searchedBy(ANNA), await searchedBy(BEN)]).toEqual(['contents', 'off']);
});

it('with VAULT_TEXT=off, names alone are searched and nothing is shown', async () => {
  Object.assign(world.vault.policy, { text: 'off' });
  try {
    expect(await saidTo(ANNA, 'budget')).toEqual([]);
    expect((await fileDetails(world.vault, { userId: ANNA, channelId: null, fileId: 'F1' })).said).toEqual(
      [],
    );
  } finally {
    Object.assign(world.vault.policy, { text: 'words' });
  }
});

it('how a picture is described is shown in Details where a channel in which they have it wants that', async () => {
  const { policy, catalog } = world.vault;
  const file = found('F2', 'G1', T0, { name: 'b.png', title: null, uploaderId: BEN });
  const facts = { altText: 'a red house' };
  const share = sampleShare('G1', T0, { channelKind: null });
  await recordShares(catalog, TEAM, [{ file: { ...file.file, facts }, share }], T0);
  await storeFile(catalog, 'F2');
  const shownTo = async (userId: string) =>
    (await fileDetails(world.vault, { userId, channelId: null, fileId: 'F2' })).said.map(({ text }) => text);
  const set = (channelId: string, text: TextMode) =>
    saveOverrides(catalog, {
      ...{ teamId: TEAM, channelId, actorId: ANNA, now: T0 },
      own: { ...NO_OVERRIDES, text },
    });
  expect(await shownTo(ANNA)).toEqual(['a red house']);
  await set('G1', 'off');
  expect([await shownTo(ANNA), await shownTo(BEN), await saidTo(ANNA, 'house')]).toEqual([[], [], []]);
  Object.assign(policy, { text: 'off' });
  try {
    await set('G1', 'words');
    expect([await shownTo(ANNA), await saidTo(ANNA, 'house')]).toEqual([['a red house'], ['a red house']]);
    await set('G1', 'off');
    await set('G2', 'words');
    // In a channel that does not have it, nothing of it is wanted.
    expect(await shownTo(ANNA)).toEqual([]);
  } finally {
    Object.assign(policy, { text: 'words' });
  }
});
