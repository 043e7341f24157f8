import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { auditOf } from '../../../src/catalog/governance/audit.ts';
import { fileDetails } from '../../../src/vault/files/details.ts';
import { makeLink } from '../../../src/vault/files/link.ts';
import { TEAM } from '../../catalog/samples.ts';
import { ADMIN, ANNA, AUDITOR, BEN, openWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.clear();
  await world.channel('G1', [ANNA, BEN, ADMIN]);
  await world.channel('G2', [ANNA]);
  await world.share('F1', 'G1', { type: 'image/png' });
  await world.share('F1', 'G2', { at: Date.UTC(2026, 10, 24), stored: false, type: 'image/png' });
});

const details = (userId: string, channelId: string | null = null) =>
  fileDetails(world.vault, { userId, channelId, fileId: 'F1' });
const history = () => auditOf(world.catalog, { teamId: TEAM, fileId: 'F1' }, 10, []);

it('tells only the places that the person may see', async () => {
  const placesOf = async (userId: string) =>
    (await details(userId)).shares.map(({ channelId }) => channelId).sort();
  expect(await placesOf(ANNA)).toEqual(['G1', 'G2']);
  expect(await placesOf(BEN)).toEqual(['G1']);
});

it('tells who took a copy to those who may delete the file, and no channel that they cannot see', async () => {
  await makeLink(world.vault, { userId: ANNA, channelId: 'G2', fileId: 'F1' });
  const linksOf = async (userId: string) =>
    (await details(userId)).history
      .filter(({ action }) => action === 'link')
      .map(({ actorId, channelId }) => [actorId, channelId]);
  expect(await linksOf(ANNA)).toEqual([[ANNA, 'G2']]);
  expect(await linksOf(ADMIN)).toEqual([[ANNA, null]]);
  expect(await linksOf(BEN)).toEqual([]);
});

it('says what the person may do with it', async () => {
  const mayOf = async (userId: string) => {
    const { mayDelete, mayKnowKey } = await details(userId);
    return { mayDelete, mayKnowKey };
  };
  expect(await mayOf(ANNA)).toEqual({ mayDelete: true, mayKnowKey: false });
  expect(await mayOf(BEN)).toEqual({ mayDelete: false, mayKnowKey: false });
  expect(await mayOf(ADMIN)).toEqual({ mayDelete: true, mayKnowKey: true });
});

it('offers to share it where the person and the bot are, and says when it is new there', async () => {
  await world.channel('G3', [BEN]);
  await world.channel('G4', [BEN], { bot: false });
  expect((await details(BEN, 'G1')).shareIn).toEqual({ channelId: 'G1', discloses: false });
  expect((await details(BEN, 'G3')).shareIn).toEqual({ channelId: 'G3', discloses: true });
  expect((await details(BEN, 'G4')).shareIn).toBeNull();
  expect((await details(BEN)).shareIn).toBeNull();
  await world.channel('G5', [ANNA]);
  expect((await details(ANNA, 'G5')).shareIn).toEqual({
    channelId: 'G5',
    discloses: false,
    opens: { name: null, isPublic: false },
  });
});

it('gives a picture for a minute, and writes that down', async () => {
  const { previewUrl } = await details(BEN);
  expect(new URL(previewUrl as string).searchParams.get('X-Amz-Expires')).toBe('60');
  const [entry] = await history();
  expect(entry).toMatchObject({ action: 'preview', actorId: BEN });
});

it('is refused to people who may not see the file', async () => {
  await expect(details('U8')).rejects.toMatchObject({ code: 'no_such_file' });
});

it('tells those who oversee the vault of it, gives nothing of it out, and writes down that they looked', async () => {
  const seen = await details(AUDITOR, 'G1');
  expect(seen).toMatchObject({ oversight: true, mayDelete: false, mayKnowKey: false, previewUrl: null });
  expect(seen.shares.length).toBe(2);
  expect(seen.shareIn).toBeNull();
  expect((await history())[0]).toMatchObject({ action: 'looked', actorId: AUDITOR });
});

it('does not tell them what is said in a recording', async () => {
  const facts = JSON.stringify({ transcript: 'We buy the factory', transcode: true });
  await world.catalog.db.updateTable('file').set({ facts }).where('fileId', '=', 'F1').execute();
  expect((await details(BEN)).file.facts.transcript).toBe('We buy the factory');
  const seen = await details(AUDITOR);
  expect(seen.oversight).toBe(true);
  expect(seen.file.facts).toEqual({ transcode: true });
  expect(JSON.stringify(seen)).not.toContain('factory');
});

it('says that everybody in the workspace can open what is open in a public channel', async () => {
  expect((await details(ANNA)).isPublic).toBe(false);
  await world.channel('C9', [ANNA, BEN], { kind: 'public' });
  expect((await details(ANNA, 'C9')).shareIn?.opens).toEqual({ name: null, isPublic: true });
  await world.share('F1', 'C9', { at: Date.UTC(2026, 10, 24), stored: false, type: 'image/png' });
  expect((await details(ANNA)).isPublic).toBe(true);
});
