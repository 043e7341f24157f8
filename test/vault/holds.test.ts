import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { holdFilesView, scopeInWords } from '../../src/blocks/holds.ts';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { recordShares } from '../../src/catalog/files/shares.ts';
import { trashFile } from '../../src/catalog/files/trash.ts';
import { isHeld } from '../../src/catalog/governance/holds.ts';
import {
  type HoldWanted,
  listHolds,
  planHoldOfFound,
  putOnHold,
  takeOffHold,
} from '../../src/vault/holds.ts';
import { expectView } from '../blocks/block-kit-rules.ts';
import { empty } from '../catalog/databases.ts';
import { found, sampleShare, storeFile, T0, TEAM } from '../catalog/samples.ts';
import { ADMIN, ANN, AUDITOR, EVE, freshCatalog, TIME_ZONE_OFFSET, type World, worldOf } from './governed.ts';

const NOTHING = { personId: null, channelId: null, fileId: null, firstDay: null, lastDay: null };
const WANTED: HoldWanted = { ...NOTHING, personId: ANN, reason: 'court' };

describe('holds, for people', () => {
  let catalog: Catalog;
  let world: World;
  beforeAll(async () => {
    catalog = await freshCatalog();
  });
  beforeEach(async () => {
    world = await worldOf(catalog);
    await recordShares(catalog, TEAM, [found('F1', 'C1', T0, { uploaderId: ANN })], T0);
    await storeFile(catalog, 'F1');
  });
  afterEach(() => empty(catalog));
  afterAll(() => catalog.close());

  const list = (userId: string) => listHolds(world.vault, { userId, limit: 20 });
  const held = () => isHeld(catalog, { teamId: TEAM, fileId: 'F1' });

  it.each([ANN, EVE])('%s, who is neither admin nor auditor, sees, sets and lifts none', async (userId) => {
    await putOnHold(world.vault, { userId: ADMIN, ...WANTED });
    const [hold] = (await list(ADMIN)).holds;
    const refused = { code: 'admins_only', message: expect.stringContaining('auditors') };
    await expect(list(userId)).rejects.toMatchObject(refused);
    await expect(putOnHold(world.vault, { userId, ...WANTED })).rejects.toMatchObject(refused);
    const lifting = takeOffHold(world.vault, { userId, holdId: hold?.holdId ?? '' });
    await expect(lifting).rejects.toMatchObject(refused);
    expect(await list(ADMIN)).toMatchObject({ total: 1 });
  });

  it.each([ADMIN, AUDITOR])('%s sets, sees and lifts a hold, once', async (userId) => {
    const set = await putOnHold(world.vault, { userId, ...WANTED });
    expect(set).toMatchObject({ tooLate: 0, scope: { personId: ANN, sharedFrom: null, sharedUntil: null } });
    expect(await held()).toBe(true);
    const { holds, names: _, ...sums } = await list(userId);
    const inBucket = { held: 0, waiting: 0, failing: 0 };
    expect(sums).toEqual({ total: 1, objectLock: false, inBucket });
    expect(holds).toMatchObject([{ personId: ANN, reason: 'court', setBy: userId, setAt: T0 }]);
    const which = { userId, holdId: holds[0]?.holdId ?? '' };
    await takeOffHold(world.vault, which);
    expect(await held()).toBe(false);
    await expect(takeOffHold(world.vault, which)).rejects.toMatchObject({ code: 'no_such_hold' });
    expect(world.woken).toEqual(['all', 'all']);
  });

  it('a file is called by its name, by its id only to somebody who may not know the name', async () => {
    // A channel that the admin is not in, and the auditor watches over.
    await recordShares(catalog, TEAM, [found('F9', 'C9', T0, { uploaderId: ANN })], T0);
    const { scope, names } = await putOnHold(world.vault, {
      userId: AUDITOR,
      ...{ ...NOTHING, fileId: 'F9', reason: 'court' },
    });
    const { names: listed } = await list(AUDITOR);
    for (const named of [names, listed]) expect(scopeInWords(scope, named)).toBe('*F9.pdf*');
    expect(scopeInWords(scope, (await list(ADMIN)).names)).toBe('the file `F9`');
  });

  describe('of what words find', () => {
    const plan = (query: string) => planHoldOfFound(world.vault, { userId: AUDITOR, query });
    const share = async (ids: string[], name: string) => {
      await recordShares(
        catalog,
        TEAM,
        ids.map((id) => found(id, 'C1', T0, { name })),
        T0,
      );
    };

    it('covers what is in the trash, too', async () => {
      await share(['F2', 'F3'], 'budget.pdf');
      for (const fileId of ['F2', 'F3']) await storeFile(catalog, fileId);
      const ref = { teamId: TEAM, fileId: 'F3' };
      await trashFile(catalog, { ref, actorId: ANN, channelId: 'C1', purgeAt: T0 + 1, now: T0 });
      const { fileIds, ...sums } = await plan('budget');
      expect(fileIds.sort()).toEqual(['F2', 'F3']);
      expect(sums).toEqual({ files: 2, bytes: 2_000, atLeast: false, name: null, inTrash: 1 });
      await trashFile(catalog, {
        ...{ ref: { teamId: TEAM, fileId: 'F2' }, actorId: ANN },
        ...{ channelId: 'C1', purgeAt: T0 + 1, now: T0 },
      });
      expect(await plan('budget type:pdf')).toMatchObject({ files: 2, inTrash: 2 });
      await expect(plan('budget type:png')).rejects.toMatchObject({ code: 'nothing_to_hold' });
    });

    it('is refused while messages wait for the index: what they say would be missing', async () => {
      world = await worldOf(catalog, { policy: { text: 'words' } });
      const share = sampleShare('C1', T0, { said: { author: ANN, text: 'the budget', at: T0 } });
      await recordShares(catalog, TEAM, [{ ...found('F1', 'C1', T0, { uploaderId: ANN }), share }], T0);
      // The index takes nothing, as on a full disk.
      await sql`create trigger full before delete on said_due begin select raise(abort, 'full'); end`.execute(
        catalog.db,
      );
      const late = { code: 'not_yet_to_hold' };
      await expect(plan('in:text budget')).rejects.toMatchObject(late);
      await expect(plan('F1 -draft')).rejects.toMatchObject(late);
      expect(await plan('in:name F1')).toMatchObject({ fileIds: ['F1'] });
      await sql`drop trigger full`.execute(catalog.db);
      expect(await plan('in:text budget')).toMatchObject({ fileIds: ['F1'] });
    });

    it('is as large as the window can carry, and more is refused with the true number', async () => {
      const part = (n: number) => `F0ABCDEFGHI-${n.toString(16).toUpperCase().padStart(8, '0')}`;
      const ids = Array.from({ length: 138 }, (_, n) => part(n));
      await share(ids, 'mail.pdf');
      const view = holdFilesView(await plan('mail'));
      expectView(view);
      expect(view.private_metadata?.length).toBeLessThanOrEqual(3_000);
      const carried = JSON.parse(view.private_metadata ?? '').fileIds.split(' ');
      expect(carried.sort()).toEqual(ids);
      await share([part(999)], 'mail.pdf');
      await expect(plan('mail')).rejects.toThrow('More than 138 files match.');
    });
  });

  it('days are in the time zone of the person who sets it, and the last day is included', async () => {
    const days = { ...NOTHING, firstDay: '2026-11-20', lastDay: '2026-11-23', reason: 'audit' };
    const { scope } = await putOnHold(world.vault, { userId: ADMIN, ...days });
    expect(scope).toMatchObject({
      sharedFrom: Date.UTC(2026, 10, 20) - TIME_ZONE_OFFSET,
      sharedUntil: Date.UTC(2026, 10, 24) - TIME_ZONE_OFFSET,
    });
    expect(await held()).toBe(true);
  });
});
