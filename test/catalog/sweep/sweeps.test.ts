import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { channels, upsertChannel } from '../../../src/catalog/files/channels.ts';
import { knowChannel } from '../../../src/catalog/files/imported.ts';
import { moveChannel } from '../../../src/catalog/files/move-channel.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { claimDuePosts } from '../../../src/catalog/notices/notices.ts';
import {
  claimDueBackfills,
  endBackfill,
  startBackfill,
  stopBackfill,
} from '../../../src/catalog/sweep/backfills.ts';
import { channelsToWalk } from '../../../src/catalog/sweep/choose.ts';
import { sayHello } from '../../../src/catalog/sweep/hello.ts';
import { refreshChannels } from '../../../src/catalog/sweep/refresh.ts';
import {
  claimDueSweeps,
  type DueSweep,
  endSweep,
  finishSweep,
  meetChannel,
  saveSweep,
  wantSweep,
} from '../../../src/catalog/sweep/sweeps.ts';
import { sweepStates } from '../../helpers/sweep-states.ts';
import { databases, empty } from '../databases.ts';
import { found, storeFile, T0, TEAM } from '../samples.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const claim = (now: number, limit = 10) => ({ owner: 'w', limit, leaseMs: MINUTE, now });
const one = (rows: DueSweep[]): DueSweep => {
  const [row, ...others] = rows;
  if (row === undefined || others.length > 0) throw new Error(`${rows.length} rows are due`);
  return row;
};

describe.each(databases)('sweeps on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterEach(() => empty(catalog));
  afterAll(() => catalog.close());

  const want = (channelId: string, now: number) =>
    wantSweep(catalog, { teamId: TEAM, channelId, since: T0 - DAY, now });

  it('what is wanted twice is due once; what is wanted during a walk is walked again', async () => {
    await want('C1', T0);
    await want('C1', T0 + 1);
    const row = one(await claimDueSweeps(catalog, claim(T0 + 2)));
    expect(await claimDueSweeps(catalog, claim(T0 + 2))).toEqual([]);
    await want('C1', T0 + 5);
    const end = { beganAt: T0 + 2, newest: T0, found: 0, nextAt: null, now: T0 + 6 };
    expect(await finishSweep(catalog, row, 'w', end)).toBe(true);
    const again = one(await claimDueSweeps(catalog, claim(T0 + 6)));
    expect(again.sweptTo).toBe(T0);
    await finishSweep(catalog, again, 'w', { ...end, beganAt: T0 + 6 });
    expect(await claimDueSweeps(catalog, claim(T0 + DAY))).toEqual([]);
  });

  it('what waits keeps its place when it is wanted again', async () => {
    await want('C1', T0);
    await want('C2', T0 + 1);
    for (const [channelId, now] of [['C1', T0 + 2] as const, ['C0', T0 + 3] as const])
      await want(channelId, now);
    await finishSweep(catalog, one(await claimDueSweeps(catalog, claim(T0 + 3, 1))), 'w', {
      ...{ beganAt: T0 + 3, newest: null, found: 0, nextAt: null, now: T0 + 3 },
    });
    for (const channelId of ['C0', 'C1', 'C2']) await want(channelId, T0 + 4);
    const order = [];
    for (let i = 0; i < 3; i++) order.push(one(await claimDueSweeps(catalog, claim(T0 + 5, 1))).channelId);
    expect(order).toEqual(['C2', 'C0', 'C1']);
  });

  it('direct messages of other people, which an archive told, are not swept and take nobody’s turn', async () => {
    const people = { kind: 'im' as const, name: null, isArchived: false, createdAt: null };
    for (const [channelId, ...names] of [
      ['D1', 'U1', 'U2'],
      ['D2', 'U1'],
    ] as const)
      await knowChannel(catalog, { ...people, teamId: TEAM, channelId, people: names });
    await refreshChannels(catalog, TEAM, [], { askedAt: T0, now: T0 });
    expect(await claimDueSweeps(catalog, claim(T0))).toEqual([]);
    await want('D1', T0);
    const choice = { teamId: TEAM, archived: new Set<string>(), first: new Set<string>(), most: 1 };
    expect(await channelsToWalk(catalog, { ...choice, channelIds: ['C1'] })).toEqual(new Set(['C1']));
  });

  it('a channel that cannot be read takes turns with the others', async () => {
    await want('C1', T0);
    await endSweep(catalog, one(await claimDueSweeps(catalog, claim(T0))), 'w', 'access_denied');
    await want('C2', T0 - 9);
    await finishSweep(catalog, one(await claimDueSweeps(catalog, claim(T0))), 'w', {
      ...{ beganAt: T0 - 9, newest: null, found: 0, nextAt: null, now: T0 - 9 },
    });
    const choice = { teamId: TEAM, archived: new Set<string>(), first: new Set<string>(), most: 1 };
    expect(await channelsToWalk(catalog, { ...choice, channelIds: ['C1', 'C2'] })).toEqual(new Set(['C2']));
  });

  it('a walk writes nothing more when somebody else took it over or a join restarted it', async () => {
    await want('C1', T0);
    const row = one(await claimDueSweeps(catalog, claim(T0)));
    const page = { beganAt: T0, newest: null, position: '{}', found: 0, now: T0 };
    expect(await saveSweep(catalog, row, 'another', page)).toBe(false);
    await meetChannel(catalog, { teamId: TEAM, channelId: 'C1', joinedAt: T0 + MINUTE, now: T0 + MINUTE });
    expect(await saveSweep(catalog, row, 'w', page)).toBe(false);
    expect(one(await claimDueSweeps(catalog, claim(T0 + 2 * MINUTE)))).toMatchObject({
      sweptTo: T0 + MINUTE,
      position: null,
    });
  });

  it('a join that is reported twice does not restart the walk', async () => {
    const join = { teamId: TEAM, channelId: 'C1', joinedAt: T0, now: T0 + MINUTE };
    await meetChannel(catalog, join);
    const row = one(await claimDueSweeps(catalog, claim(T0 + MINUTE)));
    await saveSweep(catalog, row, 'w', {
      beganAt: T0 + MINUTE,
      newest: T0,
      position: '{}',
      found: 0,
      now: T0,
    });
    await meetChannel(catalog, { ...join, now: T0 + DAY });
    expect(one(await claimDueSweeps(catalog, claim(T0 + DAY)))).toMatchObject({
      position: '{}',
      sweptTo: T0,
    });
  });

  it('the table of channels follows Slack; the archived are swept once more, the lost are marked', async () => {
    const base = { teamId: TEAM, isMember: true, checkedAt: T0 };
    await upsertChannel(catalog, { ...base, channelId: 'CLOST', kind: 'public' });
    await upsertChannel(catalog, { ...base, channelId: 'CJUST', kind: 'public', checkedAt: T0 + DAY });
    await upsertChannel(catalog, { ...base, channelId: 'D1', kind: 'im', imUserId: 'U1' });
    const told = [
      { channelId: 'C1', name: 'one', kind: 'private' as const, isArchived: false, imUserId: null },
      { channelId: 'C2', name: 'two', kind: 'public' as const, isArchived: true, imUserId: null },
    ];
    const at = { askedAt: T0 + MINUTE, now: T0 + 2 * MINUTE };
    expect(await refreshChannels(catalog, TEAM, told, at)).toEqual(['CLOST']);
    const known = new Map((await channels(catalog, TEAM)).map((channel) => [channel.channelId, channel]));
    expect(known.get('C1')).toMatchObject({ name: 'one', kind: 'private', isMember: true });
    expect(known.get('C2')).toMatchObject({ isArchived: true });
    expect(known.get('CLOST')).toMatchObject({ isMember: false });
    expect(known.get('CJUST')).toMatchObject({ isMember: true });
    const swept = async () =>
      (await claimDueSweeps(catalog, claim(T0 + DAY))).map(({ channelId }) => channelId).sort();
    expect(await swept()).toEqual(['C1', 'C2', 'D1']);
    await catalog.db.deleteFrom('sweep').execute();
    await refreshChannels(catalog, TEAM, told, at);
    expect(await swept()).toEqual(['C1', 'D1']);
  });

  it('a channel of a workspace that the app was taken out of was not left: nobody removed the bot there', async () => {
    const met = { name: null, kind: 'public' as const, isArchived: false, imUserId: null };
    const told = [
      { ...met, channelId: 'C1', workspaces: 'T1' },
      { ...met, channelId: 'C2', workspaces: 'T1 T2' },
      { ...met, channelId: 'C3', workspaces: 'T2' },
    ];
    const at = (n: number) => ({ askedAt: T0 + n * MINUTE, now: T0 + n * MINUTE });
    await refreshChannels(catalog, TEAM, told, { ...at(1), workspaces: ['T1', 'T2'] });
    expect(await refreshChannels(catalog, TEAM, [], { ...at(2), workspaces: ['T1'] })).toHaveLength(3);
    const known = new Map((await channels(catalog, TEAM)).map((channel) => [channel.channelId, channel]));
    expect(known.get('C1')).toMatchObject({ isMember: false, removedAt: T0 + 2 * MINUTE });
    expect(known.get('C2')).toMatchObject({ isMember: false, removedAt: T0 + 2 * MINUTE });
    expect(known.get('C3')).toMatchObject({ isMember: false, removedAt: null, workspaces: 'T2' });
    const [c3] = (await sweepStates(catalog, TEAM)).filter(({ channelId }) => channelId === 'C3');
    expect(c3?.errorCode).toBe('team_access_not_granted');
    await refreshChannels(catalog, TEAM, told, { ...at(3), workspaces: ['T1', 'T2'] });
    expect((await channels(catalog, TEAM)).map(({ isMember }) => isMember)).toEqual([true, true, true]);
  });

  it('a channel keeps its sweep and its backfill under a new id', async () => {
    await want('C1', T0);
    const row = one(await claimDueSweeps(catalog, claim(T0)));
    await finishSweep(catalog, row, 'w', { beganAt: T0, newest: T0 + 7, found: 0, nextAt: null, now: T0 });
    await want('C2', T0);
    const start = { teamId: TEAM, channelId: 'C1', requestedBy: 'U1', channelCreatedAt: null, now: T0 };
    await startBackfill(catalog, start);
    await moveChannel(catalog, TEAM, 'C1', 'C2');
    expect((await sweepStates(catalog, TEAM)).map(({ channelId }) => channelId)).toEqual(['C2']);
    await want('C2', T0 + 1);
    expect(one(await claimDueSweeps(catalog, claim(T0 + 1))).sweptTo).toBe(T0 + 7);
    expect((await startBackfill(catalog, { ...start, channelId: 'C2' })).isNew).toBe(false);
  });

  it('says hello once a day to a channel', async () => {
    for (const now of [T0, T0 + 1, T0 + DAY - 1])
      await sayHello(catalog, { teamId: TEAM, channelId: 'C1', now });
    expect(await claimDuePosts(catalog, claim(T0 + DAY))).toHaveLength(1);
    await sayHello(catalog, { teamId: TEAM, channelId: 'C1', now: T0 + DAY });
    await sayHello(catalog, { teamId: TEAM, channelId: 'C2', now: T0 + DAY });
    expect(await claimDuePosts(catalog, claim(T0 + DAY + 2_000))).toHaveLength(2);
  });

  it('a quiet file is stored without a notice, any other with one', async () => {
    await recordShares(catalog, TEAM, [{ ...found('F1', 'C1', T0), quiet: true }, found('F2', 'C1', T0)], T0);
    await storeFile(catalog, 'F1', { confirm: 'thread' });
    expect(await claimDuePosts(catalog, claim(T0 + DAY))).toEqual([]);
    await catalog.db.updateTable('file').set({ dueAt: 0 }).where('fileId', '=', 'F2').execute();
    await storeFile(catalog, 'F2', { confirm: 'thread' });
    expect(await claimDuePosts(catalog, claim(T0 + DAY))).toHaveLength(1);
  });

  it('a stopped backfill goes on where it was; a finished one starts again', async () => {
    const start = { teamId: TEAM, channelId: 'C1', requestedBy: 'U1', channelCreatedAt: null, now: T0 };
    const first = await startBackfill(catalog, start);
    await catalog.db.updateTable('backfill').set({ position: '{"before":"1"}', pages: 3 }).execute();
    const stop = { teamId: TEAM, channelId: 'C1', actorId: 'U2', now: T0 + 1 };
    expect(await stopBackfill(catalog, stop)).toBe(true);
    expect(await stopBackfill(catalog, stop)).toBe(false);
    const [stopping] = await claimDueBackfills(catalog, claim(T0 + 2));
    expect(stopping).toMatchObject({ state: 'storing', stoppedBy: 'U2' });
    if (stopping === undefined) return;
    await endBackfill(catalog, stopping, 'w', { state: 'stopped', code: null, now: T0 + 3 });
    const second = await startBackfill(catalog, { ...start, now: T0 + 4 });
    expect(second).toMatchObject({
      isNew: true,
      backfill: { id: first.backfill.id, pages: 3, stoppedBy: null },
    });
    const [row] = await claimDueBackfills(catalog, claim(T0 + 4));
    if (row === undefined) throw new Error('the backfill is not due');
    expect(row.position).toBe('{"before":"1"}');
    await endBackfill(catalog, row, 'w', { state: 'done', code: null, now: T0 + 5 });
    await catalog.db.updateTable('backfill').set({ position: null }).execute();
    const third = await startBackfill(catalog, { ...start, now: T0 + 6 });
    expect(third.backfill.id).not.toBe(first.backfill.id);
    expect(third.backfill.pages).toBe(0);
  });
});
