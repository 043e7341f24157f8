import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { policiesFor } from '../../../src/capture/receive.ts';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { channelsOfFile, everSharedIn, fileById, sharesOf } from '../../../src/catalog/files/lookup.ts';
import { moveChannel } from '../../../src/catalog/files/move-channel.ts';
import { recordParts } from '../../../src/catalog/files/parts.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { markDeletedInSlack } from '../../../src/catalog/files/slack-deletion.ts';
import { relistRemoved, removeShare, unshareFile } from '../../../src/catalog/files/unshare.ts';
import { setHold } from '../../../src/catalog/governance/holds.ts';
import { manifestFiles } from '../../../src/catalog/governance/manifest.ts';
import { expiredFiles, retainedChannels } from '../../../src/catalog/governance/retention.ts';
import { NO_OVERRIDES, saveOverrides } from '../../../src/catalog/governance/rules.ts';
import type { FileRef, Share, SharedFile } from '../../../src/catalog/model.ts';
import { claimDueHomes, nextHomeDueAt, openedHome } from '../../../src/catalog/notices/homes.ts';
import { findFiles } from '../../../src/catalog/search/find.ts';
import { recentFiles } from '../../../src/catalog/search/recent.ts';
import { newsAmong } from '../../../src/catalog/sweep/news.ts';
import { stats, totals } from '../../../src/catalog/totals/stats.ts';
import { runs } from '../../runs.ts';
import { databases, empty } from '../databases.ts';
import { found, sampleFile, sampleShare, sampleStub, storeFile, T0, TEAM } from '../samples.ts';

const F1 = { teamId: TEAM, fileId: 'F1' };
const MINUTE = 60_000;
const tsOf = (at: number) => sampleShare('C1', at).ts as string;

describe.each(databases)('what was taken back, on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterEach(() => empty(catalog));
  afterAll(() => catalog.close());

  const share = (channelId: string, at: number, more: Partial<Share> = {}, file: Partial<SharedFile> = {}) =>
    recordShares(
      catalog,
      TEAM,
      [{ file: sampleFile('F1', file), share: sampleShare(channelId, at, more) }],
      at,
    );
  const takeBack = (channelId: string, at: number, when: number, fileId?: string) =>
    removeShare(catalog, TEAM, { channelId, ts: tsOf(at), ...(fileId ? { fileId } : {}) }, when);
  const seenIn = async (channelIds: string[], ownUserId?: string, on = catalog) => {
    const viewer = { teamId: TEAM, channelIds, ...(ownUserId ? { ownUserId } : {}) };
    const [page, recent, sums, counts] = [
      await findFiles(on, { viewer, filter: {}, limit: 9 }),
      await recentFiles(on, { ...viewer, limit: 9 }),
      await totals(on, viewer),
      await stats(on, { teamId: TEAM, channelIds, whole: false, since: '2000-01', limit: 9 }),
    ];
    const names = page.files.map(({ fileId }) => fileId);
    expect(recent.map(({ fileId }) => fileId)).toEqual(names);
    expect(sums.files).toBe(names.length);
    if (ownUserId === undefined) expect(counts.total.files).toBe(names.length);
    return names;
  };
  const exported = async (channelId: string) => {
    const files: string[] = [];
    for await (const { fileId } of manifestFiles(catalog, { teamId: TEAM, channelId, pageSize: 5 }))
      files.push(fileId);
    return files;
  };

  test('re-shared by mistake and deleted: open where it was before, and nowhere else', async () => {
    await share('C1', T0);
    await storeFile(catalog, 'F1');
    await share('C2', T0 + MINUTE, { userId: 'U2' });
    expect(await seenIn(['C2'])).toEqual(['F1']);
    await takeBack('C2', T0 + MINUTE, T0 + 2 * MINUTE);
    expect(await seenIn(['C2'])).toEqual([]);
    expect(await exported('C2')).toEqual([]);
    expect(await seenIn(['C1', 'C2'])).toEqual(['F1']);
    expect(await channelsOfFile(catalog, F1)).toEqual(['C1']);
    expect(await everSharedIn(catalog, F1)).toEqual(['C1', 'C2']);
  });

  test('taken back everywhere: only its uploader finds it, and its key and channel stay', async () => {
    await share('C1', T0);
    await storeFile(catalog, 'F1');
    await takeBack('C1', T0, T0 + MINUTE);
    expect(await seenIn(['C1'])).toEqual([]);
    expect(await seenIn(['C1'], 'U2')).toEqual([]);
    expect(await seenIn(['C1'], 'U1')).toEqual(['F1']);
    expect(await seenIn([], 'U1')).toEqual(['F1']);
    const viewer = { teamId: TEAM, channelIds: [], ownUserId: 'U1' };
    for (const filter of [{ text: 'title' }, { types: ['pdf'] }, { userId: 'U1' }, { minBytes: 1 }]) {
      const { files } = await findFiles(catalog, { viewer, filter, limit: 9 });
      expect(files).toMatchObject([{ fileId: 'F1', listedChannelId: 'C1' }]);
    }
    expect(await channelsOfFile(catalog, F1)).toEqual([]);
    expect(await fileById(catalog, F1)).toMatchObject({ channelId: 'C1', objectKey: 'vault/F1' });
  });

  test('before it is stored, too, and what is not kept', async () => {
    await share('C1', T0);
    await takeBack('C1', T0, T0 + MINUTE);
    await recordShares(catalog, TEAM, [{ ...found('F2', 'C1', T0), skip: 'external' }], T0);
    await takeBack('C1', T0, T0 + MINUTE, 'F2');
    await storeFile(catalog, 'F1');
    const viewer = { teamId: TEAM, channelIds: ['C1'] };
    expect((await findFiles(catalog, { viewer, filter: {}, limit: 9 })).files).toEqual([]);
    const own = { ...viewer, ownUserId: 'U1' };
    expect((await findFiles(catalog, { viewer: own, filter: {}, limit: 9 })).files).toHaveLength(2);
  });

  test('with another message in the same channel it stays open; a new share opens it again', async () => {
    await share('C1', T0);
    await share('C1', T0 + MINUTE);
    await storeFile(catalog, 'F1');
    await takeBack('C1', T0, T0 + 2 * MINUTE);
    expect(await seenIn(['C1'])).toEqual(['F1']);
    await takeBack('C1', T0 + MINUTE, T0 + 3 * MINUTE);
    expect(await seenIn(['C1'])).toEqual([]);
    await share('C1', T0 + 4 * MINUTE);
    expect(await seenIn(['C1'])).toEqual(['F1']);
  });

  test('edited out and back in opens it again, in whatever order that is told', async () => {
    await share('C1', T0);
    await storeFile(catalog, 'F1');
    await share('C1', T0, { shownAt: T0 + 2 * MINUTE });
    await takeBack('C1', T0, T0 + MINUTE, 'F1');
    expect(await seenIn(['C1'])).toEqual(['F1']);
    await takeBack('C1', T0, T0 + 3 * MINUTE, 'F1');
    expect(await seenIn(['C1'])).toEqual([]);
  });

  test('a removal that comes before its message still closes the file', async () => {
    await takeBack('C1', T0, T0 + MINUTE, 'F1');
    await share('C1', T0);
    await storeFile(catalog, 'F1');
    expect(await seenIn(['C1'])).toEqual([]);
    await removeShare(catalog, TEAM, { channelId: 'C2', ts: tsOf(T0), isUnseen: true }, T0 + MINUTE);
    await share('C2', T0);
    expect(await seenIn(['C2'])).toEqual([]);
  });

  test('a placeholder takes the place of the message whose removal is told first', async () => {
    await share('C1', T0, { ts: null });
    await takeBack('C1', T0, T0 + MINUTE, 'F1');
    await storeFile(catalog, 'F1');
    expect(await seenIn(['C1'])).toEqual([]);
    await share('C1', T0);
    expect(await seenIn(['C1'])).toEqual([]);
    expect(await sharesOf(catalog, F1)).toHaveLength(1);
  });

  describe('file_unshared, which names no message', () => {
    const left = (at: number, channelId = 'C1') => unshareFile(catalog, { ...F1, channelId }, at);

    test('closes the only share that there was', async () => {
      await share('C1', T0);
      await storeFile(catalog, 'F1');
      await left(T0 + MINUTE);
      await left(T0 + MINUTE);
      expect(await seenIn(['C1'])).toEqual([]);
      await share('C1', T0);
      expect(await seenIn(['C1'])).toEqual([]);
      await share('C1', T0 + 2 * MINUTE);
      expect(await seenIn(['C1'])).toEqual(['F1']);
    });

    test.each([[[0, 1]], [[1, 0]]])('goes with the message that was deleted (%j)', async (order) => {
      await share('C1', T0);
      await share('C1', T0 + MINUTE);
      await storeFile(catalog, 'F1');
      const told = [() => left(T0 + 5 * MINUTE + 4), () => takeBack('C1', T0, T0 + 5 * MINUTE)];
      for (const i of order) await told[i]?.();
      expect(await seenIn(['C1'])).toEqual(['F1']);
    });

    test('comes before its message, and closes a share that no message shows', async () => {
      await left(T0 + MINUTE);
      await share('C1', T0);
      expect(await channelsOfFile(catalog, F1)).toEqual([]);
      await share('C2', T0, { ts: null, silent: true });
      await left(T0 + MINUTE, 'C2');
      expect(await channelsOfFile(catalog, F1)).toEqual([]);
    });
  });

  test('messages do not touch a channel’s canvas, even when a message shows it too', async () => {
    await share('C1', T0, { ts: null, silent: true });
    await share('C1', T0 + MINUTE);
    await takeBack('C1', T0 + MINUTE, T0 + 2 * MINUTE);
    await removeShare(catalog, TEAM, { channelId: 'C1', ts: tsOf(T0) }, T0 + MINUTE);
    await takeBack('C1', T0, T0 + MINUTE, 'F1');
    expect(await channelsOfFile(catalog, F1)).toEqual(['C1']);
  });

  describe('what Slack deleted itself', () => {
    test.each([[[0, 1]], [[1, 0]]])('stays open, whichever is told first (%j)', async (order) => {
      await share('C1', T0);
      await storeFile(catalog, 'F1');
      const told = [
        () => takeBack('C1', T0, T0 + MINUTE),
        () => markDeletedInSlack(catalog, TEAM, 'F1', T0 + MINUTE + 900),
      ];
      for (const i of order) await told[i]?.();
      expect(await seenIn(['C1'])).toEqual(['F1']);
      expect(await channelsOfFile(catalog, F1)).toEqual(['C1']);
    });

    test('is not opened again where it was taken back long before', async () => {
      await share('C1', T0);
      await share('C2', T0);
      await storeFile(catalog, 'F1');
      await takeBack('C2', T0, T0 + MINUTE);
      await markDeletedInSlack(catalog, TEAM, 'F1', T0 + 60 * MINUTE);
      await takeBack('C1', T0, T0 + 90 * MINUTE);
      expect(await seenIn(['C2'])).toEqual([]);
      expect(await seenIn(['C1'])).toEqual(['F1']);
    });

    test('also when that is reported before the file is known', async () => {
      await markDeletedInSlack(catalog, TEAM, 'F1', T0 + MINUTE);
      await takeBack('C1', T0, T0 + MINUTE + 5, 'F1');
      await share('C1', T0);
      expect(await channelsOfFile(catalog, F1)).toEqual(['C1']);
    });
  });

  describe('a look at Slack', () => {
    const news = (askedAt: number) =>
      newsAmong(catalog, { teamId: TEAM, channelId: 'C1' }, [
        { file: sampleFile('F1'), share: sampleShare('C1', T0, { askedAt }) },
      ]);

    test('that was asked before the removal was known brings nothing back; a later one does', async () => {
      await share('C1', T0);
      await storeFile(catalog, 'F1');
      await takeBack('C1', T0, T0 + 5 * MINUTE);
      expect(await news(0)).toHaveLength(1);
      await share('C1', T0, { askedAt: T0 + 5 * MINUTE - 1 });
      expect(await seenIn(['C1'])).toEqual([]);
      await share('C1', T0, { askedAt: T0 + 5 * MINUTE + 1 });
      expect(await seenIn(['C1'])).toEqual(['F1']);
      expect(await news(0)).toEqual([]);
      // The same removal again is not another one.
      await takeBack('C1', T0, T0 + 5 * MINUTE);
      expect(await seenIn(['C1'])).toEqual(['F1']);
    });

    test('the same for a message that was removed before it was told of, and for file_unshared', async () => {
      await takeBack('C1', T0, T0 + 5 * MINUTE, 'F1');
      await share('C1', T0, { askedAt: T0 + 4 * MINUTE });
      expect(await channelsOfFile(catalog, F1)).toEqual([]);
      await unshareFile(catalog, { ...F1, channelId: 'C2' }, T0 + 5 * MINUTE);
      await share('C2', T0, { askedAt: T0 + 6 * MINUTE });
      expect(await channelsOfFile(catalog, F1)).toEqual(['C2']);
    });
  });

  test('what was attached to an e-mail follows its mail, also when only a stub of it is told of', async () => {
    const part: FileRef = { teamId: TEAM, fileId: 'F1-0A1B2C3D' };
    await share('C1', T0, {}, { filetype: 'email', mode: 'email' });
    await recordParts(catalog, F1, [{ file: sampleFile(part.fileId, { parentId: 'F1' }) }], T0);
    expect(await channelsOfFile(catalog, part)).toEqual(['C1']);
    await takeBack('C1', T0, T0 + MINUTE, 'F1');
    expect(await channelsOfFile(catalog, part)).toEqual([]);
    expect(await exported('C1')).toEqual([]);
    const stub = { file: sampleStub('F1'), share: sampleShare('C1', T0, { shownAt: T0 + 2 * MINUTE }) };
    await recordShares(catalog, TEAM, [stub], T0);
    expect(await channelsOfFile(catalog, part)).toEqual(['C1']);
    expect(await exported('C1')).toEqual(['F1', part.fileId]);
    const other = { file: sampleFile('F1-0A1B2C3E', { parentId: 'F1' }), share: sampleShare('C1', T0) };
    await takeBack('C1', T0, T0 + 3 * MINUTE, 'F1');
    await recordShares(catalog, TEAM, [other], T0);
    expect(await channelsOfFile(catalog, { teamId: TEAM, fileId: 'F1-0A1B2C3E' })).toEqual([]);
  });

  test('`keep` leaves everything open; a change of the mode is made good by going through what was removed', async () => {
    const keeping: Catalog = { ...catalog, onUnshare: 'keep' };
    for (const [i, fileId] of ['F1', 'F2', 'F3'].entries()) {
      await recordShares(catalog, TEAM, [found(fileId, 'C1', T0 + i)], T0);
      await storeFile(catalog, fileId);
      await removeShare(keeping, TEAM, { channelId: 'C1', ts: tsOf(T0 + i) }, T0 + MINUTE);
    }
    expect(await seenIn(['C1'])).toEqual(['F3', 'F2', 'F1']);
    expect(await channelsOfFile(keeping, F1)).toEqual(['C1']);
    const walk = async (on: Catalog) => {
      let after: FileRef | null = { teamId: '', fileId: '' };
      while (after !== null) after = await relistRemoved(on, after, 2);
    };
    await walk(catalog);
    expect(await seenIn(['C1'])).toEqual([]);
    await walk(keeping);
    expect(await seenIn(['C1'])).toEqual(['F3', 'F2', 'F1']);
    // Nothing of it is left behind.
    await walk(catalog);
    await walk(keeping);
    const rows = await catalog.db.selectFrom('channelFile').select('channelId').distinct().execute();
    expect(rows).toEqual([{ channelId: 'C1' }]);
  });

  test('App Homes that are watched follow at once, however long ago they were opened', async () => {
    const home = { teamId: TEAM, userId: 'U2' };
    await openedHome(catalog, { ...home, now: T0 - 50 * MINUTE });
    await claimDueHomes(catalog, { owner: 'h', limit: 1, leaseMs: 0, now: T0 - 50 * MINUTE });
    await catalog.db
      .updateTable('home')
      .set({ dueAt: T0 + 9 * MINUTE, leaseOwner: null })
      .execute();
    await share('C1', T0);
    await takeBack('C1', T0, T0 + 1);
    expect(await nextHomeDueAt(catalog)).toBeLessThanOrEqual(T0 + 1_000);
  });

  test('holds, rules and days of the channel go on for what was taken back there', async () => {
    const own = { ...NO_OVERRIDES, retentionDays: 7, capture: false };
    await saveOverrides(catalog, { teamId: TEAM, channelId: 'C1', own, actorId: 'U9', now: T0 });
    await share('C1', T0);
    await storeFile(catalog, 'F1');
    await takeBack('C1', T0, T0 + MINUTE);
    const policy = { maxFileBytes: 9e9, excludeTypes: new Set<string>() };
    expect((await policiesFor(catalog, F1, policy)).unwanted(sampleFile('F1'))).toBe('capture_off');
    const channels = await retainedChannels(catalog, TEAM, 0);
    expect(channels).toContainEqual({ channelId: '!C1', days: 7 });
    const about = { teamId: TEAM, days: 7, defaultDays: 0, after: null, now: T0 + 8 * 24 * 60 * MINUTE };
    expect((await expiredFiles(catalog, { ...about, channelId: '!C1' })).fileIds).toEqual(['F1']);
    const scope = { personId: null, channelId: 'C1', fileId: null, sharedFrom: null, sharedUntil: null };
    await setHold(catalog, { teamId: TEAM, scope, reason: 'x', actorId: 'U9', now: T0 });
    expect((await expiredFiles(catalog, { ...about, channelId: '!C1' })).fileIds).toEqual([]);
  });

  test('a channel that gets another id takes along what was taken back', async () => {
    await share('G1', T0);
    await storeFile(catalog, 'F1');
    await takeBack('G1', T0, T0 + MINUTE);
    await takeBack('G1', T0 + 5, T0 + MINUTE, 'F1');
    await moveChannel(catalog, TEAM, 'G1', 'C9');
    expect(await seenIn(['C9'])).toEqual([]);
    expect(await seenIn([], 'U1')).toEqual(['F1']);
    await share('C9', T0 + 5);
    expect(await seenIn(['C9'])).toEqual([]);
    await share('C9', T0 + 6);
    expect(await seenIn(['C9'])).toEqual(['F1']);
  });

  test('the same events in any order, however often, end in the same state', async () => {
    const channelId = fc.constantFrom('C1', 'C2');
    const message = fc.integer({ min: 0, max: 2 });
    const news = fc.oneof(
      fc.record({ sort: fc.constant('share' as const), channelId, message, edit: fc.boolean() }),
      fc.record({ sort: fc.constant('removed' as const), channelId, message, whole: fc.boolean() }),
      fc.record({ sort: fc.constant('left' as const), channelId }),
      fc.constant({ sort: 'deleted' as const }),
      fc.record({ sort: fc.constant('bare' as const), channelId }),
    );
    // Slack's own clock: each thing has its moment, whenever it is reported.
    const some = fc
      .array(news, { minLength: 1, maxLength: 7 })
      .map((all) => all.map((one, i) => ({ ...one, at: T0 + (i + 3) * 10 * MINUTE })));
    const stories = some.chain((once) =>
      fc.record({
        once: fc.constant(once),
        shuffled: fc
          .array(fc.constantFrom(...once), { maxLength: 4 })
          .chain((again) =>
            fc.shuffledSubarray([...once, ...again], { minLength: once.length + again.length }),
          ),
      }),
    );
    const outcome = async (told: Array<Record<string, unknown>>) => {
      await empty(catalog);
      for (const item of told) {
        const {
          sort,
          at,
          channelId: c,
          message: m,
        } = item as never as {
          sort: string;
          at: number;
          channelId: string;
          message: number;
        };
        const sent = T0 + (m ?? 0) * MINUTE;
        if (sort === 'share') await share(c, sent, item.edit ? { shownAt: at } : {});
        if (sort === 'bare') await share(c, T0 + 9 * MINUTE, { ts: null });
        if (sort === 'removed') await takeBackAt(c, sent, at, item.whole === true);
        if (sort === 'left') await unshareFile(catalog, { ...F1, channelId: c }, T0, at);
        // A file is deleted once.
        if (sort === 'deleted') await markDeletedInSlack(catalog, TEAM, 'F1', T0, T0 + 45 * MINUTE);
      }
      const channelFiles = await catalog.db
        .selectFrom('channelFile')
        .selectAll()
        .orderBy('channelId')
        .execute();
      const listing = await catalog.db
        .selectFrom('listing')
        .selectAll()
        .orderBy('channelId')
        .orderBy('tag')
        .orderBy('sharedAt')
        .execute();
      return {
        channels: await channelsOfFile(catalog, F1),
        shares: await sharesOf(catalog, F1),
        channelFiles,
        listing,
      };
    };
    const takeBackAt = (c: string, sent: number, at: number, whole: boolean) =>
      removeShare(
        catalog,
        TEAM,
        { channelId: c, ts: tsOf(sent), ...(whole ? { isUnseen: true } : { fileId: 'F1' }) },
        T0,
        at,
      );
    await fc.assert(
      fc.asyncProperty(stories, async ({ once, shuffled }) => {
        expect(await outcome(shuffled)).toEqual(await outcome(once));
      }),
      { numRuns: runs(60) },
    );
  });
});
