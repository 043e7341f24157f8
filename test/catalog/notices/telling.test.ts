import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { inTransaction } from '../../../src/catalog/db/transaction.ts';
import { claimDueFiles, failAttempt, skipFile } from '../../../src/catalog/files/capture.ts';
import { claimDueChanges, wantLook } from '../../../src/catalog/files/changes.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { markDeletedInSlack } from '../../../src/catalog/files/slack-deletion.ts';
import { commitVersion } from '../../../src/catalog/files/versions.ts';
import { NO_OVERRIDES, saveOverrides } from '../../../src/catalog/governance/rules.ts';
import type { SkipReason } from '../../../src/catalog/model.ts';
import { judge, parentDeleted } from '../../../src/catalog/notices/judge.ts';
import { claimDuePosts, markPosted } from '../../../src/catalog/notices/notices.ts';
import { isOfFile } from '../../../src/catalog/notices/rows.ts';
import { beingRetried, links, notKept } from '../../../src/catalog/totals/under-way.ts';
import { databases, empty } from '../databases.ts';
import { found, sampleFile, sampleObject, sampleShare, storeFile, T0, TEAM } from '../samples.ts';

const LATER = T0 + 3_600_000;

describe.each(databases)('what is told of files on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterEach(() => empty(catalog));
  afterAll(() => catalog.close());

  const skipped = (fileId: string, skip: SkipReason, about = {}) => ({
    ...found(fileId, 'C1', T0, about),
    skip,
  });
  const posts = () => claimDuePosts(catalog, { owner: 'w', limit: 99, leaseMs: 0, now: LATER });
  const told = async () =>
    (await posts()).flatMap(({ notices }) =>
      notices.filter(isOfFile).map(({ kind, fileId, reason }) => [kind, fileId, reason ?? null]),
    );

  test('a file that is not kept is told once, beside what was stored of its message', async () => {
    await recordShares(catalog, TEAM, [found('F1', 'C1', T0), skipped('F2', 'external')], T0, 'thread');
    await recordShares(catalog, TEAM, [skipped('F2', 'external')], T0, 'thread');
    await storeFile(catalog, 'F1', { confirm: 'thread' });
    const [post, ...others] = await posts();
    expect(others).toEqual([]);
    expect(post?.notices).toMatchObject([
      { kind: 'not_kept', fileId: 'F2', reason: 'external', name: 'F2.pdf', bytes: 1_000 },
      { kind: 'stored', fileId: 'F1' },
    ]);
  });

  test('in reaction mode a message is not done while a document of it is blank', async () => {
    const about = { mode: 'quip', filetype: 'quip' };
    await recordShares(catalog, TEAM, [found('F1', 'C1', T0), found('F2', 'C1', T0, about)], T0, 'reaction');
    await storeFile(catalog, 'F2', { confirm: 'reaction', facts: { blank: true } });
    await storeFile(catalog, 'F1', { confirm: 'reaction' });
    const [post, ...others] = await posts();
    expect(others).toEqual([]);
    expect(post && (await judge(catalog, post)).isComplete).toBe(false);
    await inTransaction(catalog, (scope) =>
      wantLook(scope, { teamId: TEAM, fileId: 'F2' }, { now: T0, dueAt: 0 }),
    );
    const claim = { owner: 'w', limit: 1, leaseMs: 1_000, now: T0 };
    const [change] = await claimDueChanges(catalog, claim);
    if (!change) throw new Error('nothing was due');
    const object = { ...sampleObject('F2/v2', 9), sha256: 'b'.repeat(64) };
    const common = { change, owner: 'w', after: 1, lookedAt: T0, updatedAt: null, now: T0 };
    const version = {
      ref: { teamId: TEAM, fileId: 'F2' },
      object,
      keep: 'all',
      confirm: 'reaction',
    } as const;
    expect(await commitVersion(catalog, { ...common, ...version })).toBe('stored');
    const [again] = await posts();
    expect(again && (await judge(catalog, again)).isComplete).toBe(true);
  });

  test('what is stored later is told as stored', async () => {
    await recordShares(catalog, TEAM, [skipped('F1', 'access_denied')], T0, 'thread');
    await recordShares(catalog, TEAM, [found('F1', 'C1', T0)], T0 + 1, 'thread');
    await storeFile(catalog, 'F1', { confirm: 'thread' });
    expect(await told()).toEqual([
      ['not_kept', 'F1', 'access_denied'],
      ['stored', 'F1', null],
    ]);
  });

  test.each([
    ['thread', 0],
    ['thread', 1],
    ['reaction', 0],
  ] as const)(
    'a message that said hours ago that it is not kept is put right (mode %s, quiet %d)',
    async (confirm, quiet) => {
      await recordShares(catalog, TEAM, [skipped('F1', 'not_found')], T0, confirm);
      const [before] = await posts();
      const sent = { ts: '9.9', version: before?.version ?? 0, now: T0 };
      await markPosted(catalog, before?.id as number, 'w', sent);
      const set = { state: 'pending', reason: null, dueAt: T0, quiet } as const;
      await catalog.db.updateTable('file').set(set).execute();
      await storeFile(catalog, 'F1', { confirm, now: T0 + 2 * 3_600_000 });
      const due = await claimDuePosts(catalog, { owner: 'w', limit: 99, leaseMs: 0, now: LATER * 2 });
      expect(due.map(({ manner, ts }) => [manner, ts])).toEqual([
        ['message', '9.9'],
        ...(confirm === 'reaction' ? [['reaction', null]] : []),
      ]);
      expect(due[0]?.notices.map(({ kind }) => kind)).toEqual(['not_kept', 'stored']);
    },
  );

  test.each([
    ...(['external', 'too_large', 'excluded_type', 'access_denied', 'not_found'] as const),
    ...(['not_in_channel', 'no_content', 'hidden_by_limit'] as const),
  ])('%s is told; in reaction mode in the thread, too', async (reason) => {
    await recordShares(catalog, TEAM, [skipped('F1', reason)], T0, 'reaction');
    expect(await posts()).toMatchObject([{ manner: 'message', threadTs: found('F1', 'C1', T0).share.ts }]);
    expect(await told()).toEqual([['not_kept', 'F1', reason]]);
  });

  test.each(['capture_off', 'tombstone', 'deleted_in_slack'] as const)(
    '%s is nothing that anybody needs to hear of',
    async (reason) => {
      await recordShares(catalog, TEAM, [skipped('F1', reason)], T0, 'thread');
      expect(await told()).toEqual([]);
    },
  );

  test('a file that a capture gave up is told, also when it was deleted while it waited', async () => {
    await recordShares(catalog, TEAM, [found('F1', 'C1', T0), found('F2', 'C1', T0)], T0);
    await claimDueFiles(catalog, { owner: 'w', limit: 9, leaseMs: 9_000, now: T0 });
    const given = { owner: 'w', confirm: 'thread' as const, now: T0 };
    await skipFile(catalog, { ...given, ref: { teamId: TEAM, fileId: 'F1' }, reason: 'deleted_in_slack' });
    await skipFile(catalog, { ...given, ref: { teamId: TEAM, fileId: 'F2' }, reason: 'too_large' });
    expect(await told()).toEqual([
      ['not_kept', 'F1', 'deleted_in_slack'],
      ['not_kept', 'F2', 'too_large'],
    ]);
  });

  test('nobody is told of old messages, of silent shares, and where confirmations are off', async () => {
    const old = { ...skipped('F1', 'external'), quiet: true };
    const share = sampleShare('C1', T0, { silent: true });
    const silent = { file: sampleFile('F2'), share, skip: 'external' as const };
    await recordShares(catalog, TEAM, [old, silent], T0, 'thread');
    await recordShares(catalog, TEAM, [skipped('F3', 'external')], T0, 'off');
    expect(await told()).toEqual([]);
    const own = { ...NO_OVERRIDES, confirm: 'off' as const };
    await saveOverrides(catalog, { teamId: TEAM, channelId: 'C1', own, actorId: 'U1', now: T0 });
    await recordShares(catalog, TEAM, [skipped('F4', 'external')], T0, 'thread');
    expect((await told()).filter(([kind]) => kind !== 'rules')).toEqual([]);
  });

  test('an admin may switch off that excluded types are told, and on again; it is audited', async () => {
    const save = (own: object) =>
      saveOverrides(catalog, {
        ...{ teamId: TEAM, channelId: 'C1', actorId: 'U1', now: T0 },
        own: { ...NO_OVERRIDES, ...own },
      });
    expect(await save({ tellExcluded: false })).toEqual({ tellExcluded: false });
    await recordShares(
      catalog,
      TEAM,
      [skipped('F1', 'excluded_type'), skipped('F2', 'too_large')],
      T0,
      'thread',
    );
    expect((await told()).filter(([kind]) => kind === 'not_kept')).toEqual([['not_kept', 'F2', 'too_large']]);
    expect(await save({})).toEqual({ tellExcluded: true });
    await recordShares(catalog, TEAM, [skipped('F3', 'excluded_type')], T0, 'thread');
    expect((await told()).map(([, fileId]) => fileId)).toContain('F3');
    const audit = await catalog.db
      .selectFrom('audit')
      .select('detail')
      .where('action', '=', 'rules')
      .execute();
    expect(audit.map(({ detail }) => JSON.parse(detail).changes)).toEqual([
      { tellExcluded: false },
      { tellExcluded: true },
    ]);
  });

  test('notices remember the place of the file in its message', async () => {
    const at = (fileId: string, position: number) => ({
      file: sampleFile(fileId),
      share: sampleShare('C1', T0, { ts: '10.1', position }),
    });
    await recordShares(catalog, TEAM, [at('F1', 2), at('F2', 0), at('F3', 11)], T0);
    for (const fileId of ['F3', 'F1', 'F2']) await storeFile(catalog, fileId, { confirm: 'thread' });
    const [post] = await posts();
    expect(post?.notices.filter(isOfFile).map(({ fileId, sortKey }) => [fileId, sortKey])).toEqual([
      ['F3', '10.1 0011'],
      ['F1', '10.1 0002'],
      ['F2', '10.1 0000'],
    ]);
  });

  test('when a message is deleted, what waits under it is told to nobody', async () => {
    const reply = sampleShare('C1', T0, { ts: '10.2', threadTs: '10.1' });
    await recordShares(catalog, TEAM, [{ file: sampleFile('F1'), share: reply }], T0);
    await storeFile(catalog, 'F1', { confirm: 'thread' });
    await parentDeleted(catalog, { teamId: TEAM, channelId: 'C1', ts: '10.1' });
    expect(await posts()).toEqual([]);
    await recordShares(catalog, TEAM, [{ file: sampleFile('F2'), share: reply }], T0);
    await storeFile(catalog, 'F2', { confirm: 'thread' });
    const [late] = await posts();
    if (late === undefined) throw new Error('no post');
    expect(await judge(catalog, late)).toMatchObject({ silence: 'parent_gone' });
  });

  test('a message waits for every file that it shows, also for those first shared elsewhere', async () => {
    const elsewhere = sampleShare('C2', T0 - 9, { ts: '1.1' });
    const here = sampleShare('C1', T0, { ts: '10.1' });
    await recordShares(catalog, TEAM, [{ file: sampleFile('F1'), share: elsewhere }], T0);
    await recordShares(catalog, TEAM, [{ file: sampleFile('F1'), share: here }], T0);
    await recordShares(catalog, TEAM, [{ file: sampleFile('F2'), share: here }], T0);
    await storeFile(catalog, 'F2', { confirm: 'reaction' });
    const [waits] = await posts();
    if (waits === undefined) throw new Error('no post');
    expect(await judge(catalog, waits)).toMatchObject({ silence: null, isComplete: false });
    await storeFile(catalog, 'F1', { confirm: 'reaction' });
    const again = (await posts()).find(({ channelId }) => channelId === 'C1');
    expect(again?.version).toBe(2);
    expect(await judge(catalog, again ?? waits)).toMatchObject({ silence: null, isComplete: true });
  });

  test('a message waits no longer for a file that was deleted in Slack', async () => {
    for (const id of ['F1', 'F2']) await recordShares(catalog, TEAM, [found(id, 'C1', T0)], T0);
    await storeFile(catalog, 'F1', { confirm: 'reaction' });
    const [waits] = await posts();
    if (waits === undefined) throw new Error('no post');
    expect(await judge(catalog, waits)).toMatchObject({ silence: null, isComplete: false });
    await markPosted(catalog, waits.id, 'w', { ts: null, version: waits.version, now: T0 });
    expect(await posts()).toEqual([]);
    await markDeletedInSlack(catalog, TEAM, 'F2', T0 + 1);
    const [again] = await posts();
    expect(await judge(catalog, again ?? waits)).toMatchObject({ silence: null, isComplete: true });
    expect(again?.id).toBe(waits.id);
  });

  test('the two groups of the status, and links apart, each only for those who may see them', async () => {
    const all = [skipped('F1', 'too_large'), skipped('F2', 'not_found'), skipped('F3', 'external')];
    await recordShares(catalog, TEAM, [...all, skipped('F4', 'capture_off'), found('F5', 'C1', T0)], T0);
    await claimDueFiles(catalog, { owner: 'w', limit: 9, leaseMs: 9_000, now: T0 });
    const failed = { owner: 'w', code: 'x', text: 'x', retryAt: LATER, now: T0 };
    await failAttempt(catalog, { ...failed, ref: { teamId: TEAM, fileId: 'F5' } });
    const viewer = { teamId: TEAM, channelIds: ['C1'], userId: 'U9' };
    expect(await beingRetried(catalog, viewer, 9)).toMatchObject({ total: 1, files: [{ fileId: 'F5' }] });
    expect(await notKept(catalog, viewer, 1)).toMatchObject({
      total: 2,
      atLeast: false,
      files: [{ fileId: 'F2' }],
    });
    expect(await links(catalog, viewer)).toEqual({ total: 1, atLeast: false });
    const stranger = { ...viewer, channelIds: [] };
    expect(await links(catalog, stranger)).toEqual({ total: 0, atLeast: false });
    expect((await notKept(catalog, stranger, 9)).files).toEqual([]);
  });
});
