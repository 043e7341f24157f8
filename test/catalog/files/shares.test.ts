// @slow: random orders.
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { claimDueFiles, failAttempt, skipFile } from '../../../src/catalog/files/capture.ts';
import { channels, upsertChannel } from '../../../src/catalog/files/channels.ts';
import { channelsOfFile, fileById, sharesOf } from '../../../src/catalog/files/lookup.ts';
import { moveChannel } from '../../../src/catalog/files/move-channel.ts';
import type { NewSighting } from '../../../src/catalog/files/new-sighting.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { markDeletedInSlack } from '../../../src/catalog/files/slack-deletion.ts';
import { removeShare } from '../../../src/catalog/files/unshare.ts';
import { auditOf } from '../../../src/catalog/governance/audit.ts';
import { totals } from '../../../src/catalog/totals/stats.ts';
import { databases, empty } from '../databases.ts';
import { found, listChannel, sampleFile, sampleShare, sampleStub, storeFile, T0, TEAM } from '../samples.ts';

const F1 = { teamId: TEAM, fileId: 'F1' };
const MINUTE = 60_000;

describe.each(databases)('shares on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterEach(() => empty(catalog));
  afterAll(() => catalog.close());

  const record = (item: NewSighting, now = T0) => recordShares(catalog, TEAM, [item], now);
  const list = async (channelId: string) =>
    (await listChannel(catalog, { teamId: TEAM, channelId, filter: {}, limit: 50 })).files;

  test('a new complete file is pending and due now', async () => {
    expect(await record(found('F1', 'C1', T0))).toEqual([{ fileId: 'F1', isNew: true, state: 'pending' }]);
    const { complete, ...describedFile } = sampleFile('F1');
    expect(await fileById(catalog, F1)).toEqual({
      ...describedFile,
      ...{ state: 'pending', reason: null, errorCode: null, errorText: null, attempts: 0, dueAt: T0 },
      ...{ channelId: 'C1', messageTs: sampleShare('C1', T0).ts, threadTs: null, sharedAt: T0 },
      ...{ objectKey: null, storedBytes: null, sha256: null, crc32: null, etag: null, versionId: null },
      ...{
        proof: null,
        storedAt: null,
        trashedAt: null,
        trashedBy: null,
        purgeAt: null,
        slackDeletedAt: null,
      },
      ...{ updatedAt: null, parentId: null, facts: {}, storedType: null },
      ...{ version: 1, olderVersions: 0, olderBytes: 0 },
    });
  });

  test('a repeated delivery is known', async () => {
    await record(found('F1', 'C1', T0));
    expect(await record(found('F1', 'C1', T0))).toEqual([{ fileId: 'F1', isNew: false, state: 'pending' }]);
    expect(await sharesOf(catalog, F1)).toHaveLength(1);
  });

  test('several files of one message come back in the order given', async () => {
    const items = ['F3', 'F1', 'F2', 'F1'].map((fileId) => found(fileId, 'C1', T0));
    const recorded = await recordShares(catalog, TEAM, items, T0);
    expect(recorded.map(({ fileId, isNew }) => [fileId, isNew])).toEqual([
      ['F3', true],
      ['F1', true],
      ['F2', true],
      ['F1', false],
    ]);
  });

  test('a file that is told alone and as an attachment, both at once, ends as if told one after the other', async () => {
    const mail = found('F1', 'C1', T0, { filetype: 'email' });
    const both = [found('F2', 'C2', T0 + 1), found('F2', 'C1', T0, { parentId: 'F1' })];
    const end = async () => ({
      file: await fileById(catalog, { teamId: TEAM, fileId: 'F2' }),
      shares: await sharesOf(catalog, { teamId: TEAM, fileId: 'F2' }),
      open: await channelsOfFile(catalog, { teamId: TEAM, fileId: 'F2' }),
    });
    await record(mail);
    for (const one of both) await record(one);
    const oneByOne = await end();
    await empty(catalog);
    await record(mail);
    await recordShares(catalog, TEAM, both, T0);
    expect(await end()).toEqual(oneByOne);
  });

  test('several new files are written down with all their shares, or not at all', async () => {
    if (catalog.kind === 'postgres') return;
    await record(found('F1', 'C1', T0));
    await catalog.db.updateTable('share').set({ fileId: 'F3' }).where('fileId', '=', 'F1').execute();
    const two = ['F2', 'F3'].map((fileId) => found(fileId, 'C1', T0));
    await expect(recordShares(catalog, TEAM, two, T0)).rejects.toThrow('stood there already');
    expect(await fileById(catalog, { teamId: TEAM, fileId: 'F2' })).toBeUndefined();
  });

  test('a file with a final reason not to fetch it is skipped and never due', async () => {
    await record({ ...found('F1', 'C1', T0), skip: 'no_content' });
    expect(await fileById(catalog, F1)).toMatchObject({
      state: 'skipped',
      reason: 'no_content',
      dueAt: null,
    });
    await record(found('F1', 'C1', T0));
    expect(await fileById(catalog, F1)).toMatchObject({ state: 'skipped', reason: 'no_content' });
  });

  test.each(['capture_off', 'excluded_type', 'too_large'] as const)(
    'what one channel does not want (%s), another may, in either order',
    async (skip) => {
      await record({ ...found('F1', 'C1', T0), skip });
      expect(await fileById(catalog, F1)).toMatchObject({ state: 'skipped', reason: skip, dueAt: null });
      await record(found('F1', 'C2', T0 + 1));
      expect(await fileById(catalog, F1)).toMatchObject({ state: 'pending', reason: null });
      await record({ ...found('F1', 'C3', T0 + 2), skip });
      expect(await fileById(catalog, F1)).toMatchObject({ state: 'pending', reason: null });
    },
  );

  test.each(['not_found', 'not_in_channel', 'hidden_by_limit', 'access_denied'] as const)(
    'a file that Slack did not give (%s) comes back when it is seen again, even by its id alone',
    async (reason) => {
      await record({ file: sampleStub('F1'), share: sampleShare('C1', T0), skip: reason });
      expect(await fileById(catalog, F1)).toMatchObject({ state: 'skipped', reason });
      await record({ file: sampleStub('F1'), share: sampleShare('C1', T0), skip: reason });
      expect(await fileById(catalog, F1)).toMatchObject({ state: 'skipped', reason });
      await record({ file: sampleStub('F1'), share: sampleShare('C1', T0) }, T0 + 5);
      expect(await fileById(catalog, F1)).toMatchObject({ state: 'pending', reason: null, dueAt: T0 + 5 });
      await record({ file: sampleStub('F1'), share: sampleShare('C1', T0), skip: reason });
      expect(await fileById(catalog, F1)).toMatchObject({ state: 'pending', reason: null });
    },
  );

  test('a file that Slack refuses for good does not come back when it is seen again', async () => {
    await record(found('F1', 'C1', T0));
    await claimDueFiles(catalog, { owner: 'w', limit: 1, leaseMs: 1, now: T0 });
    const code = 'canvas_globally_disabled';
    await skipFile(catalog, { ref: F1, owner: 'w', reason: 'access_denied', code, now: T0 });
    await record(found('F1', 'C1', T0));
    await record(found('F1', 'C2', T0 + 1));
    expect(await fileById(catalog, F1)).toMatchObject({
      state: 'skipped',
      reason: 'access_denied',
      errorCode: code,
    });
  });

  test.each(['tombstone', 'deleted_in_slack'] as const)(
    'a file skipped as %s comes back when Slack shows it whole',
    async (reason) => {
      await record({
        file: sampleStub('F1', { mode: 'tombstone' }),
        share: sampleShare('C1', T0),
        skip: reason,
      });
      await record({ file: sampleStub('F1'), share: sampleShare('C1', T0) });
      expect(await fileById(catalog, F1)).toMatchObject({ state: 'skipped', reason });
      await record(found('F1', 'C1', T0), T0 + 5);
      expect(await fileById(catalog, F1)).toMatchObject({
        state: 'pending',
        dueAt: T0 + 5,
        name: 'F1.pdf',
        reason: null,
      });
    },
  );

  test('a whole object fills in a stub and makes it due now, also when it had failed', async () => {
    await record({ file: sampleStub('F1'), share: sampleShare('C1', T0), dueAt: T0 + MINUTE });
    expect(await fileById(catalog, F1)).toMatchObject({ state: 'pending', dueAt: T0 + MINUTE, url: null });
    await claimDueFiles(catalog, { owner: 'w', limit: 1, leaseMs: 1, now: T0 + MINUTE });
    await failAttempt(catalog, {
      ref: F1,
      owner: 'w',
      code: 'x',
      text: 'x',
      retryAt: T0 + 9 * MINUTE,
      now: T0,
    });
    await record(found('F1', 'C1', T0), T0 + 2 * MINUTE);
    expect(await fileById(catalog, F1)).toMatchObject({
      state: 'pending',
      dueAt: T0 + 2 * MINUTE,
      name: 'F1.pdf',
    });
  });

  test('a whole object that arrives while the stub is being stored leaves the lease alone', async () => {
    await record({ file: sampleStub('F1'), share: sampleShare('C1', T0) });
    await claimDueFiles(catalog, { owner: 'w', limit: 1, leaseMs: 1000, now: T0 });
    await record(found('F1', 'C1', T0), T0 + 1);
    expect(await fileById(catalog, F1)).toMatchObject({ state: 'storing', dueAt: T0 + 1000, name: 'F1.pdf' });
  });

  test('a rename is taken over and found in the list; a tombstone changes nothing of a stored file', async () => {
    await record(found('F1', 'C1', T0));
    await storeFile(catalog, 'F1');
    await record(
      found('F1', 'C1', T0, { name: 'new.docx', filetype: 'docx', mimetype: 'application/x-new' }),
    );
    const tombstone = sampleStub('F1', { mode: 'tombstone', name: 'Deleted' });
    await record({ file: tombstone, share: sampleShare('C1', T0), skip: 'tombstone' });
    expect(await list('C1')).toMatchObject([{ name: 'new.docx', mode: 'hosted', state: 'stored' }]);
    const byType = (type: string) =>
      listChannel(catalog, { teamId: TEAM, channelId: 'C1', filter: { types: [type] }, limit: 5 });
    expect((await byType('docx')).files).toHaveLength(1);
    expect((await byType('pdf')).files).toHaveLength(0);
  });

  test('a share without a message is replaced by the first message in its channel', async () => {
    const placeholder = sampleShare('C1', T0 + 3, { ts: null });
    await record({ file: sampleStub('F1'), share: placeholder });
    expect(await fileById(catalog, F1)).toMatchObject({ messageTs: null, sharedAt: T0 + 3 });
    await record({ file: sampleFile('F1'), share: sampleShare('C1', T0, { threadTs: '1.2' }) });
    await record({ file: sampleStub('F1'), share: placeholder });
    expect(await sharesOf(catalog, F1)).toMatchObject([{ ts: sampleShare('C1', T0).ts, removed: false }]);
    expect(await fileById(catalog, F1)).toMatchObject({ sharedAt: T0, threadTs: '1.2' });
  });

  test('an earlier share that turns up later becomes the first, until the file is stored', async () => {
    await record(found('F1', 'C2', T0 + 10));
    await record(found('F1', 'C1', T0 + 5));
    expect(await fileById(catalog, F1)).toMatchObject({ channelId: 'C1', sharedAt: T0 + 5 });
    await storeFile(catalog, 'F1');
    await record(found('F1', 'C3', T0));
    expect(await fileById(catalog, F1)).toMatchObject({ channelId: 'C1', sharedAt: T0 + 5 });
    expect(await channelsOfFile(catalog, F1)).toEqual(['C1', 'C2', 'C3']);
    expect(await list('C3')).toMatchObject([{ listedChannelId: 'C3', listedAt: T0 }]);
  });

  test('the missing message of a stored file is filled in', async () => {
    await record({ file: sampleFile('F1'), share: sampleShare('C1', T0, { ts: null }) });
    await storeFile(catalog, 'F1');
    await record(found('F1', 'C1', T0 - 2));
    expect(await fileById(catalog, F1)).toMatchObject({
      messageTs: sampleShare('C1', T0 - 2).ts,
      sharedAt: T0,
    });
  });

  test('a removed share is marked, and its channel no longer sees the file', async () => {
    await record(found('F1', 'C1', T0));
    await storeFile(catalog, 'F1');
    await removeShare(catalog, TEAM, { channelId: 'C1', ts: sampleShare('C1', T0).ts as string }, T0 + 9);
    await record(found('F1', 'C1', T0));
    expect(await sharesOf(catalog, F1)).toMatchObject([{ removed: true }]);
    expect(await list('C1')).toEqual([]);
    expect(await fileById(catalog, F1)).toMatchObject({ state: 'stored', channelId: 'C1' });
  });

  test('a deletion in Slack is remembered and audited once, both before and after the file is known', async () => {
    await markDeletedInSlack(catalog, TEAM, 'F1', T0 - 1);
    await record(found('F1', 'C1', T0));
    await markDeletedInSlack(catalog, TEAM, 'F1', T0 + 1);
    expect(await fileById(catalog, F1)).toMatchObject({ slackDeletedAt: T0 - 1, state: 'pending' });
    await record(found('F2', 'C1', T0));
    await markDeletedInSlack(catalog, TEAM, 'F2', T0 + 2);
    expect(await fileById(catalog, { teamId: TEAM, fileId: 'F2' })).toMatchObject({ slackDeletedAt: T0 + 2 });
    expect((await auditOf(catalog, F1, 9)).map((entry) => entry.action)).toEqual(['deleted_in_slack']);
  });

  test('a channel that gets another id takes everything along', async () => {
    for (const fileId of ['F1', 'F2', 'F3']) await record(found(fileId, 'G1', T0));
    await record(found('F2', 'C9', T0 + 5));
    await record(found('F3', 'C1', T0 + 5));
    for (const fileId of ['F1', 'F2', 'F3']) await storeFile(catalog, fileId);
    await upsertChannel(catalog, { teamId: TEAM, channelId: 'G1', name: 'secret', kind: 'private' });
    await moveChannel(catalog, TEAM, 'G1', 'C9');
    await moveChannel(catalog, TEAM, 'G1', 'C9');
    expect(await list('G1')).toEqual([]);
    expect((await list('C9')).map((file) => file.fileId)).toEqual(['F2', 'F3', 'F1']);
    expect(await channelsOfFile(catalog, { teamId: TEAM, fileId: 'F3' })).toEqual(['C1', 'C9']);
    expect(await fileById(catalog, F1)).toMatchObject({ channelId: 'C9' });
    expect(await totals(catalog, { teamId: TEAM, channelIds: ['C9'] })).toEqual({ files: 3, bytes: 3000 });
    expect(await totals(catalog, { teamId: TEAM, channelIds: ['G1'] })).toEqual({ files: 0, bytes: 0 });
    expect(await totals(catalog, { teamId: TEAM, channelIds: ['C1', 'C9'] })).toEqual({
      files: 3,
      bytes: 3000,
    });
    expect(await channels(catalog, TEAM)).toMatchObject([{ channelId: 'C9', name: 'secret' }]);
  });

  test('the same deliveries in any order, however often, end in the same state', async () => {
    const share = fc.record({
      channelId: fc.constantFrom('C1', 'C2'),
      at: fc.integer({ min: 0, max: 4 }),
      hasTs: fc.boolean(),
    });
    const delivery = fc.record({
      share,
      sort: fc.constantFrom('whole', 'unwanted', 'stub', 'bare', 'tombstone', 'hidden', 'denied', 'missing'),
    });
    // The configuration decides whether a whole file is wanted, so all deliveries agree.
    const agreeing = (items: Delivery[]) =>
      !['whole', 'unwanted'].every((sort) => items.some((i) => i.sort === sort));
    const some = fc.array(delivery, { minLength: 1, maxLength: 6 }).filter(agreeing);
    const deliveries = some.chain((once) =>
      fc.record({
        once: fc.constant(once),
        shuffled: fc
          .array(fc.constantFrom(...once), { maxLength: 4 })
          .chain((again) =>
            fc.shuffledSubarray([...once, ...again], { minLength: once.length + again.length }),
          ),
      }),
    );
    const outcome = async (items: Delivery[]) => {
      await empty(catalog);
      for (const item of items) await record(asFound(item));
      const [file, shares] = [await fileById(catalog, F1), await sharesOf(catalog, F1)];
      return { file, shares, channels: await channelsOfFile(catalog, F1) };
    };
    await fc.assert(
      fc.asyncProperty(deliveries, async ({ once, shuffled }) => {
        expect(await outcome(shuffled)).toEqual(await outcome(once));
      }),
      { numRuns: 40 },
    );
  });
});

interface Delivery {
  share: { channelId: string; at: number; hasTs: boolean };
  sort: string;
}

function asFound({ share, sort }: Delivery): NewSighting {
  const at = T0 + share.at * MINUTE;
  const where = sampleShare(share.channelId, at, share.hasTs ? {} : { ts: null });
  if (sort === 'whole') return { file: sampleFile('F1'), share: where };
  if (sort === 'unwanted') return { file: sampleFile('F1'), share: where, skip: 'excluded_type' };
  if (sort === 'stub') return { file: sampleStub('F1', { name: 'stub', mode: 'hosted' }), share: where };
  if (sort === 'bare') return { file: sampleStub('F1'), share: where, dueAt: T0 };
  if (sort === 'denied') return { file: sampleStub('F1'), share: where, skip: 'access_denied' };
  if (sort === 'missing') return { file: sampleStub('F1'), share: where, skip: 'not_found' };
  const mode = sort === 'hidden' ? 'hidden_by_limit' : 'tombstone';
  return { file: sampleStub('F1', { mode }), share: where, skip: mode };
}
