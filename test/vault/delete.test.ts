import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { fileById } from '../../src/catalog/files/lookup.ts';
import { recordShares } from '../../src/catalog/files/shares.ts';
import { setHold } from '../../src/catalog/governance/holds.ts';
import { deletableFiles, filesToDelete, fileToDelete, moveSeveralToTrash } from '../../src/vault/delete.ts';
import { empty } from '../catalog/databases.ts';
import { found, sampleFile, sampleShare, storeFile, T0, TEAM } from '../catalog/samples.ts';
import { ADMIN, ANN, AUDITOR, BEN, EVE, freshCatalog, type World, worldOf } from './governed.ts';

describe('what may be deleted', () => {
  let catalog: Catalog;
  let world: World;
  beforeAll(async () => {
    catalog = await freshCatalog();
  });
  beforeEach(async () => {
    world = await worldOf(catalog);
  });
  afterEach(() => empty(catalog));
  afterAll(() => catalog.close());

  const share = async (fileId: string, uploaderId: string, at: number, channelId = 'C1') => {
    await recordShares(catalog, TEAM, [found(fileId, channelId, at, { uploaderId })], T0);
    await storeFile(catalog, fileId);
  };
  const choose = (userId: string, query = '', channelId = 'C1') =>
    deletableFiles(world.vault, { userId, channelId, query, typed: query, limit: 10 });
  const names = async (chosen: ReturnType<typeof choose>) => (await chosen).files.map(({ fileId }) => fileId);

  it.each([1, 11, 40])(
    'one’s own upload is found, however many files of others one shared later: %i',
    async (others) => {
      await share('F0OWN', ANN, T0);
      for (let n = 1; n <= others; n++) {
        const file = sampleFile(`F${n}`, { uploaderId: BEN });
        const shared = { file, share: sampleShare('C1', T0 + n * 1_000, { userId: ANN }) };
        await recordShares(catalog, TEAM, [shared], T0);
        await storeFile(catalog, `F${n}`);
      }
      expect(await choose(ANN)).toMatchObject({ files: [{ fileId: 'F0OWN' }], hasMore: false });
      expect(await names(choose(ANN, 'pdf'))).toEqual(['F0OWN']);
    },
  );

  it('says that there are more than it shows, however many', async () => {
    for (let n = 1; n <= 29; n++) await share(`F${n}`, ANN, T0 + n * 1_000);
    const chosen = await choose(ANN);
    expect(chosen.files).toHaveLength(10);
    expect(chosen.hasMore).toBe(true);
  });

  it('an admin is offered every file of the channel, others what they uploaded, and who sees none, none', async () => {
    await share('F1', ANN, T0);
    await share('F2', BEN, T0 + 1_000);
    expect(await names(choose(ADMIN))).toEqual(['F2', 'F1']);
    expect(await names(choose(ANN))).toEqual(['F1']);
    expect(await names(choose(AUDITOR))).toEqual([]);
    expect(await choose(EVE)).toMatchObject({ files: [], hasMore: false, suggestion: null, stopped: false });
    expect(await choose(EVE, 'F1')).toMatchObject({ files: [], suggestion: null });
    await share('F3', ANN, T0, 'C2');
    expect(await names(choose(ANN, '', 'C2'))).toEqual([]);
  });

  it('names the nearest matches of a mistyped name, but does not offer them', async () => {
    await share('F1', ANN, T0);
    expect(await choose(ANN, 'F1.pdg')).toMatchObject({ files: [], suggestion: 'F1.pdf' });
  });

  it('says so when nobody can say who sees the channel', async () => {
    world.botIn.delete('C1');
    await expect(choose(ANN)).rejects.toMatchObject({ code: 'bot_removed' });
  });

  it('asks about one file with those of its shares that the person may know of', async () => {
    await share('F1', ANN, T0);
    await recordShares(catalog, TEAM, [found('F1', 'C2', T0 + 1_000, { uploaderId: ANN })], T0);
    const asked = await fileToDelete(world.vault, { userId: ANN, fileId: 'F1' });
    expect(asked).toMatchObject({ file: { fileId: 'F1' }, trashDays: 30 });
    expect(asked.shares.map(({ channelId }) => channelId)).toEqual(['C1']);
    await expect(fileToDelete(world.vault, { userId: BEN, fileId: 'F1' })).rejects.toMatchObject({
      code: 'may_not_delete',
    });
    await expect(fileToDelete(world.vault, { userId: EVE, fileId: 'F1' })).rejects.toMatchObject({
      code: 'no_such_file',
    });
  });

  it('judges each of several by itself, and names none that the person may not delete', async () => {
    await share('F1', ANN, T0);
    await share('F2', BEN, T0);
    await share('F3', ANN, T0);
    await recordShares(catalog, TEAM, [found('F4', 'C1', T0, { uploaderId: ANN })], T0);
    const scope = { personId: null, channelId: null, fileId: 'F3', sharedFrom: null, sharedUntil: null };
    await setHold(catalog, { teamId: TEAM, scope, reason: 'court', actorId: ADMIN, now: T0 });
    const fileIds = ['F1', 'F2', 'F3', 'F4', 'F0MADEUP'];
    expect(await filesToDelete(world.vault, { userId: ANN, fileIds })).toMatchObject({
      files: [{ fileId: 'F1' }],
      trashDays: 30,
      staying: [
        { file: null, refusal: { code: 'may_not_delete' } },
        { file: { fileId: 'F3' }, refusal: { code: 'not_deletable' } },
        { file: { fileId: 'F4' }, refusal: { code: 'not_stored' } },
        { file: null, refusal: { code: 'no_such_file' } },
      ],
    });
    const done = await moveSeveralToTrash(world.vault, { userId: ANN, fileIds, channelId: 'C1' });
    expect(done).toMatchObject({
      moved: [{ fileId: 'F1' }],
      purgeAt: T0 + 30 * 86_400_000,
      staying: ['may_not_delete', 'not_deletable', 'not_stored', 'no_such_file'].map((code) => ({
        file: null,
        refusal: { code },
      })),
    });
    expect(await fileById(catalog, { teamId: TEAM, fileId: 'F2' })).toMatchObject({ state: 'stored' });
  });

  it('refuses to ask where none of several can go', async () => {
    await share('F1', ANN, T0);
    for (const userId of [BEN, EVE])
      await expect(filesToDelete(world.vault, { userId, fileIds: ['F1'] })).rejects.toMatchObject({
        code: 'nothing_to_delete',
      });
  });
});
