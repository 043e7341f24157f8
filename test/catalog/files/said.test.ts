import { setTimeout as after } from 'node:timers/promises';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { inTransaction } from '../../../src/catalog/db/transaction.ts';
import { fillIn } from '../../../src/catalog/files/capture.ts';
import { fileById } from '../../../src/catalog/files/lookup.ts';
import { moveChannel } from '../../../src/catalog/files/move-channel.ts';
import { messageIsGone, rootWasChanged } from '../../../src/catalog/files/said.ts';
import { indexDueSaid } from '../../../src/catalog/files/said-due.ts';
import { forgetHidden } from '../../../src/catalog/files/said-hidden.ts';
import type { Said } from '../../../src/catalog/files/said-model.ts';
import { saidOf } from '../../../src/catalog/files/said-of.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { markDeletedInSlack } from '../../../src/catalog/files/slack-deletion.ts';
import { claimPurges, commitPurged, purgeNow, trashFile } from '../../../src/catalog/files/trash.ts';
import { removeShare, unshareFile } from '../../../src/catalog/files/unshare.ts';
import type { Share } from '../../../src/catalog/model.ts';
import { findFiles } from '../../../src/catalog/search/find.ts';
import { newsAmong } from '../../../src/catalog/sweep/news.ts';
import { runs } from '../../runs.ts';
import { databases, empty } from '../databases.ts';
import { found, sampleShare, storeFile, T0, TEAM } from '../samples.ts';

const ref = { teamId: TEAM, fileId: 'F1' };
const at = (moment: number, text: string): Said => ({ author: 'U1', text, at: moment });

describe.each(databases)('what was said with files, on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterAll(() => catalog?.close());
  beforeEach(() => empty(catalog));

  const sighting = (said: Said | undefined, more: Partial<Share> = {}, channelId = 'C1', moment = T0) => ({
    ...found('F1', channelId, moment),
    share: sampleShare(channelId, moment, { ...(said === undefined ? {} : { said }), ...more }),
  });
  const record = (...seen: ReturnType<typeof sighting>[]) => recordShares(catalog, TEAM, seen, T0);
  const ts = sampleShare('C1', T0).ts as string;
  const here = { teamId: TEAM, channelId: 'C1', ts };
  const rows = () =>
    catalog.db.selectFrom('said').select(['channelId', 'words', 'rootWords']).orderBy('channelId').execute();
  const words = async () => (await rows()).map((row) => row.words);
  const shown = async () =>
    (
      await saidOf(catalog, {
        ...{ teamId: TEAM, fileIds: ['F1'], channelIds: ['C1', 'C2', 'C9'], byDefault: true },
      })
    ).map((row) => row.words);
  async function finds(text: string, channelIds = ['C1', 'C2', 'C9']) {
    const viewer = { teamId: TEAM, channelIds };
    const { files } = await findFiles(catalog, {
      viewer,
      filter: { text, where: 'text' },
      limit: 5,
      said: true,
    });
    return files.length;
  }

  it('is kept as plain words, and where nothing was said, nothing is', async () => {
    await record(
      sighting(at(T0, 'here is the *budget*')),
      sighting(at(T0, ' '), {}, 'C2'),
      sighting(undefined, {}, 'C3'),
    );
    expect(await words()).toEqual(['here is the budget']);
  });

  it('follows edits in whatever order they are told', async () => {
    const tellings = [at(T0, 'first'), at(T0 + 1_000, 'second'), at(T0 + 2_000, 'third')];
    const order = fc.shuffledSubarray([0, 1, 2, 0, 2], { minLength: 5 });
    await fc.assert(
      fc.asyncProperty(order, async (told) => {
        await empty(catalog);
        for (const i of told) await record(sighting(tellings[i]));
        expect(await words()).toEqual(['third']);
        expect(await finds('third')).toBe(1);
        for (const gone of ['first', 'second']) expect(await finds(gone)).toBe(0);
      }),
      { numRuns: runs(10) },
    );
  });

  it('an edit that leaves no words is not undone by the message from before', async () => {
    await record(sighting(at(T0 + 5, '')));
    await record(sighting(at(T0, 'the old words')));
    expect(await words()).toEqual(['']);
    expect(await finds('old words')).toBe(0);
  });

  it('goes when the message is deleted, and does not come back when that is told first', async () => {
    await record(sighting(at(T0, 'budget')));
    await removeShare(catalog, TEAM, { channelId: 'C1', ts, isUnseen: true }, T0 + 10);
    expect(await rows()).toEqual([]);
    expect(await finds('budget')).toBe(0);
    await record(sighting(at(T0, 'budget')));
    expect(await rows()).toEqual([]);
    await empty(catalog);
    await removeShare(catalog, TEAM, { channelId: 'C1', ts, isUnseen: true }, T0 + 10);
    await record(sighting(at(T0, 'budget')));
    expect(await rows()).toEqual([]);
  });

  it('is hidden when the file leaves the channel, and goes a day later', async () => {
    await record(sighting(at(T0, 'budget')), sighting(at(T0, 'other words'), {}, 'C2'));
    await storeFile(catalog, 'F1');
    await unshareFile(catalog, { ...ref, channelId: 'C1' }, T0 + 10);
    expect([await finds('budget'), await shown()]).toEqual([0, ['other words']]);
    // Also when its thread changes meanwhile, and when the channel gets another id.
    await moveChannel(catalog, TEAM, 'C1', 'C9');
    // The job does so, some messages at a time; on SQLite a search, too.
    while (await indexDueSaid(catalog));
    expect([await finds('budget'), await shown()]).toEqual([0, ['other words']]);
    const forget = (heardBefore: number) =>
      forgetHidden(catalog, { after: { teamId: '', fileId: '' }, limit: 1, heardBefore });
    await forget(T0 + 10);
    expect(await words()).toHaveLength(2);
    expect(await forget(T0 + 11)).toEqual(ref);
    expect(await words()).toEqual(['other words']);
  });

  it('is there again when the file turns out to have left another message, in whatever order that is told', async () => {
    const minute = 60_000;
    const other = sampleShare('C1', T0 + minute).ts as string;
    const tellings = [
      () => record(sighting(at(T0, 'budget'))),
      () => unshareFile(catalog, { ...ref, channelId: 'C1' }, T0 + 5 * minute),
      () => removeShare(catalog, TEAM, { fileId: 'F1', channelId: 'C1', ts: other }, T0 + 5 * minute),
    ];
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 0, 1, 2], { minLength: 6 }), async (order) => {
        await empty(catalog);
        for (const i of order) await tellings[i]?.();
        await storeFile(catalog, 'F1');
        expect([await finds('budget'), await shown()]).toEqual([1, ['budget']]);
      }),
      { numRuns: runs(10) },
    );
  });

  it('is there again when a look at Slack shows the message, also without its words', async () => {
    await record(sighting(at(T0, 'budget')));
    await storeFile(catalog, 'F1');
    await unshareFile(catalog, { ...ref, channelId: 'C1' }, T0 + 10);
    expect(await finds('budget')).toBe(0);
    await record(sighting(undefined, { askedAt: T0 + 11 }));
    expect([await finds('budget'), await shown()]).toEqual([1, ['budget']]);
  });

  it('stays where Slack deleted the file itself, in whatever order that is told', async () => {
    const deleted = () => markDeletedInSlack(catalog, TEAM, 'F1', T0 + 10);
    const left = () => unshareFile(catalog, { ...ref, channelId: 'C1' }, T0 + 10);
    for (const told of [
      [deleted, left],
      [left, deleted],
    ]) {
      await empty(catalog);
      await record(sighting(at(T0, 'budget')));
      await storeFile(catalog, 'F1');
      for (const one of told) await one();
      expect([await finds('budget'), await shown()]).toEqual([1, ['budget']]);
    }
  });

  it('goes with the deleted message also where Slack deleted the file itself', async () => {
    await record(sighting(at(T0, 'budget')));
    await messageIsGone(catalog, here, T0 + 9);
    expect(await rows()).toEqual([]);
    expect(await finds('budget')).toBe(0);
  });

  it('of a thread, the first message is kept, and follows its edits and its end', async () => {
    const threadTs = sampleShare('C1', T0 - 60_000).ts as string;
    await record(sighting(at(T0, 'here'), { threadTs, rootSaid: at(T0 - 60, 'who has the offer?') }));
    expect(await finds('offer')).toBe(1);
    await rootWasChanged(catalog, { ...here, ts: threadTs }, at(T0 + 1, 'who has the contract?'));
    expect([await finds('offer'), await finds('contract')]).toEqual([0, 1]);
    await record(sighting(at(T0, 'here'), { threadTs, rootSaid: at(T0 - 60, 'who has the offer?') }));
    expect(await finds('offer')).toBe(0);
    await messageIsGone(catalog, { ...here, ts: threadTs }, T0 + 2);
    expect([await finds('contract'), await finds('here')]).toEqual([0, 1]);
  });

  it('words of a message that goes while they change do not stay in the index', async () => {
    const threadTs = sampleShare('C1', T0 - 60_000).ts as string;
    await record(sighting(at(T0, 'here'), { threadTs, rootSaid: at(T0 - 60, 'who has the offer?') }));
    let edit: Promise<void> | undefined;
    await inTransaction(catalog, async (scope) => {
      await sql`delete from said`.execute(scope.db);
      edit = rootWasChanged(catalog, { ...here, ts: threadTs }, at(T0 + 1, 'who has the contract?'));
      await after(100);
    });
    await edit;
    expect((await sql`select * from said_words`.execute(catalog.db)).rows).toEqual([]);
  });

  it('is gone for good with the file, and does not come back', async () => {
    await recordShares(
      catalog,
      TEAM,
      [
        {
          ...sighting(at(T0, 'budget')),
          file: { ...found('F1', 'C1', T0).file, facts: { altText: 'a house' } },
        },
      ],
      T0,
    );
    await storeFile(catalog, 'F1');
    expect(await finds('house')).toBe(1);
    await trashFile(catalog, { ref, actorId: 'U1', channelId: 'C1', purgeAt: T0 + 9, now: T0 });
    expect(await words()).toEqual(['budget']);
    await purgeNow(catalog, { ref, actorId: 'U1', now: T0 });
    await claimPurges(catalog, { owner: 'p', limit: 1, leaseMs: 1_000, now: T0 + 1 });
    await commitPurged(catalog, ref, 'p', T0 + 2);
    await record(sighting(at(T0, 'budget')));
    expect(await rows()).toEqual([]);
    // Not by an answer that was on its way, and no sweep tries again and again.
    const told = { ...found('F1', 'C1', T0).file, facts: { altText: 'a house' } };
    await fillIn(catalog, told, T0);
    expect((await fileById(catalog, ref))?.facts).toEqual({});
    const seen = [{ ...sighting(undefined), file: told }];
    expect(await newsAmong(catalog, { teamId: TEAM, channelId: 'C1' }, seen)).toEqual([]);
    const { rows: left } = await sql`select * from said_words`.execute(catalog.db);
    expect(left).toEqual([]);
  });

  it('moves with a channel that gets another id', async () => {
    const file = { ...found('F1', 'C1', T0).file, facts: { altText: 'a house' } };
    await recordShares(catalog, TEAM, [{ ...sighting(at(T0, 'budget')), file }], T0);
    await storeFile(catalog, 'F1');
    await moveChannel(catalog, TEAM, 'C1', 'C9');
    while (await indexDueSaid(catalog));
    expect([await finds('budget', ['C9']), await finds('budget', ['C1'])]).toEqual([1, 0]);
    expect([await finds('house', ['C9']), await finds('house', ['C1'])]).toEqual([1, 0]);
  });

  it('a sweep brings words that no event told, and does not count them as a missed file', async () => {
    await record(sighting(undefined));
    const seen = [sighting(at(T0, 'budget'))];
    const onlyWords: typeof seen = [];
    const ask = (some: typeof seen) => newsAmong(catalog, { teamId: TEAM, channelId: 'C1', onlyWords }, some);
    expect(await ask(seen)).toEqual(seen);
    expect(onlyWords).toEqual(seen);
    await record(...seen);
    expect(await ask(seen)).toEqual([]);
    expect(await ask([sighting(at(T0 + 9, 'edited'))])).toHaveLength(1);
    expect(await ask([sighting(at(T0, ''))])).toEqual([]);
  });
});
