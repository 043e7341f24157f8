import { expect, it } from 'vitest';
import { channelById } from '../../../src/catalog/files/channels.ts';
import { knowChannel } from '../../../src/catalog/files/imported.ts';
import { channelsOfFile } from '../../../src/catalog/files/lookup.ts';
import { closeFile, openedTo, openFile } from '../../../src/catalog/files/open-to.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { unshareFile } from '../../../src/catalog/files/unshare.ts';
import { bookmarkIsSet, isBookmarkSet, wantsBookmark } from '../../../src/catalog/governance/bookmarks.ts';
import { isHeld, setHold } from '../../../src/catalog/governance/holds.ts';
import { keepFile, keptOf } from '../../../src/catalog/governance/leaving.ts';
import { NO_OVERRIDES, overridesOf, saveOverrides } from '../../../src/catalog/governance/rules.ts';
import { beginRebuild, derive, endRebuild, replay } from '../../../src/catalog/journal/replay.ts';
import { tell } from '../../../src/catalog/journal/tell.ts';
import { findFiles } from '../../../src/catalog/search/find.ts';
import { contentOf } from '../../journal/compare.ts';
import { databases } from '../databases.ts';
import { found, sampleShare, storeFile, T0, TEAM } from '../samples.ts';

it.each(databases)(
  'what people shared, kept and held comes back in a rebuild on $name',
  async ({ fresh }) => {
    const catalog = await fresh();
    const ref = { teamId: TEAM, fileId: 'F1' };
    await recordShares(
      catalog,
      TEAM,
      [found('F1', 'C1', T0), found('F2', 'C1', T0), found('F3', 'C1', T0)],
      T0,
    );
    for (const fileId of ['F1', 'F2', 'F3']) await storeFile(catalog, fileId);
    const said = { author: 'U1', text: 'here is the offer', at: T0 };
    const facts = { altText: 'a red house' };
    const withWords = { ...found('F1', 'C1', T0, { facts }), share: sampleShare('C1', T0, { said }) };
    await recordShares(catalog, TEAM, [withWords], T0);
    const own = { ...NO_OVERRIDES, retentionDays: 30, mayKeep: true, bookmark: true };
    await saveOverrides(catalog, { teamId: TEAM, channelId: 'C1', own, actorId: 'U9', now: T0 });
    const by = { ...ref, actorId: 'U1', now: T0 + 1 };
    const inDesign = { channelId: 'C2', kind: 'public', ts: '1764400000.000100' } as const;
    const toBen = { channelId: 'U2', kind: 'im', ts: null } as const;
    const toEve = { channelId: 'U3', kind: 'im', ts: null } as const;
    for (const to of [inDesign, toBen, toEve]) expect(await openFile(catalog, { ...by, to })).toBe(true);
    expect(await closeFile(catalog, { ...by, to: toEve, now: T0 + 1 })).toBe(true);
    expect(await keepFile(catalog, { ref, actorId: 'U1', defaultDays: 0, now: T0 + 2 })).toBe(true);
    const nobody = { personId: null, channelId: null, fileId: null, sharedFrom: null, sharedUntil: null };
    const scope = { ...nobody, fileIds: ['F1', 'F2'] };
    await setHold(catalog, { teamId: TEAM, scope, reason: 'x', actorId: 'U9', now: T0 });
    await bookmarkIsSet(catalog, TEAM, { channelId: 'C1', isThere: true });
    // What an import tells: a direct message between two people.
    await knowChannel(catalog, {
      ...{ teamId: TEAM, channelId: 'D1', kind: 'im', name: null, isArchived: false, createdAt: T0 },
      people: ['U1', 'U2'],
    });

    const dirty = await catalog.db.selectFrom('journalDirty').selectAll().execute();
    const records = JSON.parse(JSON.stringify(await tell(catalog, dirty)));
    const rebuilt = await fresh();
    await beginRebuild(rebuilt);
    await replay(rebuilt, records, { now: T0 + 10, guest: null });
    await derive(rebuilt, () => {});
    await endRebuild(rebuilt, null);

    expect(await contentOf(rebuilt)).toEqual(await contentOf(catalog));
    for (const one of [catalog, rebuilt]) {
      expect(await channelById(one, TEAM, 'D1')).toMatchObject({ imUserId: 'U1', imOtherId: 'U2' });
      expect(await isBookmarkSet(one, { teamId: TEAM, channelId: 'C1' })).toBe(true);
      expect(await wantsBookmark(one, TEAM, 'C1')).toBe(true);
      expect(await channelsOfFile(one, ref)).toEqual(['C1', 'C2', 'U2']);
      expect((await openedTo(one, ref)).map(({ channelId }) => channelId).sort()).toEqual(['C2', 'U2']);
      expect(await keptOf(one, ref)).toEqual({ by: 'U1', at: T0 + 2 });
      expect((await overridesOf(one, TEAM, 'C1')).own.mayKeep).toBe(true);
      const held = async (fileId: string) => isHeld(one, { teamId: TEAM, fileId });
      expect([await held('F1'), await held('F2'), await held('F3')]).toEqual([true, true, false]);
      const viewer = { teamId: TEAM, channelIds: ['C1'] };
      for (const text of ['offer', 'house']) {
        const { files } = await findFiles(one, {
          viewer,
          filter: { text, where: 'text' },
          limit: 5,
          said: true,
        });
        expect(files.map(({ fileId }) => fileId)).toEqual(['F1']);
      }
      await one.close();
    }
  },
);

it.each(databases)(
  'what was said in a message that is gone by a guess stays hidden in a catalog that was rebuilt, on $name',
  async ({ fresh }) => {
    const catalog = await fresh();
    const said = { author: 'U1', text: 'here is the offer', at: T0 };
    const withWords = { ...found('F1', 'C1', T0), share: sampleShare('C1', T0, { said }) };
    await recordShares(catalog, TEAM, [withWords, { ...found('F1', 'C2', T0) }], T0);
    await storeFile(catalog, 'F1');
    await unshareFile(catalog, { teamId: TEAM, fileId: 'F1', channelId: 'C1' }, T0 + 10);
    const dirty = await catalog.db.selectFrom('journalDirty').selectAll().execute();
    const records = JSON.parse(JSON.stringify(await tell(catalog, dirty)));
    const rebuilt = await fresh();
    await beginRebuild(rebuilt);
    await replay(rebuilt, records, { now: T0 + 10, guest: null });
    await derive(rebuilt, () => {});
    await endRebuild(rebuilt, null);
    for (const one of [catalog, rebuilt]) {
      const viewer = { teamId: TEAM, channelIds: ['C1', 'C2'] };
      const filter = { text: 'offer', where: 'text' } as const;
      expect((await findFiles(one, { viewer, filter, limit: 5, said: true })).files).toEqual([]);
      expect(await one.db.selectFrom('said').select('words').execute()).toEqual([{ words: said.text }]);
      await one.close();
    }
  },
);
