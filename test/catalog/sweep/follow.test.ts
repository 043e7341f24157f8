import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startRound } from '../../../src/capture/sweep.ts';
import { openAlerts, raiseAlert } from '../../../src/catalog/alerts/alerts.ts';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { channelById, upsertChannel } from '../../../src/catalog/files/channels.ts';
import { channelsOfFile } from '../../../src/catalog/files/lookup.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { NO_OVERRIDES, overridesOf, saveOverrides } from '../../../src/catalog/governance/rules.ts';
import { confirmSame, type Met } from '../../../src/catalog/sweep/follow.ts';
import { claimDueSweeps, meetChannel, wantRound } from '../../../src/catalog/sweep/sweeps.ts';
import { databases, empty } from '../databases.ts';
import { found, T0, TEAM } from '../samples.ts';

const log = { info() {}, warn() {}, error() {}, debug() {} } as never;
const F1 = { teamId: TEAM, fileId: 'F1' };
const MADE = T0 - 1_000_000;

describe.each(databases)('a channel whose id changed without a word, on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterEach(() => empty(catalog));
  afterAll(() => catalog.close());

  const secret = (channelId: string, own: Partial<Met> = {}): Met => ({
    ...{ channelId, name: 'secret', kind: 'private', isArchived: false, imUserId: null },
    ...{ createdAt: MADE, previousNames: [], ...own },
  });
  const general = secret('C1', { name: 'general', kind: 'public', createdAt: MADE - 5_000 });

  async function round(conversations: Met[], now: number) {
    await wantRound(catalog, { teamId: TEAM, now });
    const claimed = await claimDueSweeps(catalog, { owner: 'w', limit: 50, leaseMs: 1_000, now });
    const row = claimed.find(({ isRound }) => isRound);
    if (row === undefined) throw new Error('no round was due');
    const options = { catalog, owner: 'w', everyMs: null, log, now: () => now };
    await startRound({ ...options, conversations: async () => conversations }, row);
  }

  /** A round with the old id, and a file there. */
  async function known(own: Partial<Met> = {}) {
    await round([general, secret('G1', own)], T0);
    await recordShares(catalog, TEAM, [found('F1', 'G1', T0)], T0);
  }
  const places = () => channelsOfFile(catalog, F1);
  const asked = async () => (await openAlerts(catalog, TEAM)).map(({ alert }) => alert);

  test('is another one in another workspace of the organisation', async () => {
    await known({ workspaces: 'T1' });
    await round([general, secret('C9', { workspaces: 'T2 T3' })], T0 + 60_000);
    expect(await places()).toEqual(['G1']);
    expect(await asked()).toEqual([]);
    await round([general, secret('C8', { workspaces: 'T1' })], T0 + 120_000);
    expect(await places()).toEqual(['C8']);
  });

  test('is moved by the next round, with all that belongs to it', async () => {
    await known();
    const own = { ...NO_OVERRIDES, maxFileBytes: 7 };
    await saveOverrides(catalog, { teamId: TEAM, channelId: 'G1', own, actorId: 'U1', now: T0 });
    await raiseAlert(catalog, TEAM, { kind: 'removed', channelId: 'G1' }, T0 + 1);
    await round([general, secret('C9')], T0 + 10);
    expect(await places()).toEqual(['C9']);
    expect((await overridesOf(catalog, TEAM, 'C9')).own.maxFileBytes).toBe(7);
    expect(await channelById(catalog, TEAM, 'G1')).toBe(undefined);
    expect(await channelById(catalog, TEAM, 'C9')).toMatchObject({ isMember: true, name: 'secret' });
    expect(await asked()).toEqual([]);
    const due = await claimDueSweeps(catalog, { owner: 'w', limit: 9, leaseMs: 1, now: T0 + 5_000 });
    expect(due.map(({ channelId }) => channelId).sort()).toEqual(['C1', 'C9']);
  });

  test('is also moved when it was renamed', async () => {
    await known();
    await round([general, secret('C9', { name: 'partners', previousNames: ['secret'] })], T0 + 10);
    expect(await places()).toEqual(['C9']);
  });

  test('is moved when the loss was noted before, and when a message came from the new id', async () => {
    await known();
    await upsertChannel(catalog, { teamId: TEAM, channelId: 'G1', isMember: false, checkedAt: T0 + 1 });
    const met = { teamId: TEAM, channelId: 'C9', kind: 'private' as const, isMember: true, checkedAt: T0 };
    await upsertChannel(catalog, met);
    await meetChannel(catalog, { teamId: TEAM, channelId: 'C9', joinedAt: T0 + 2, now: T0 + 2 });
    await round([general, secret('C9')], T0 + 10);
    expect(await places()).toEqual(['C9']);
  });

  test.each<[string, Met[]]>([
    ['nothing like it came', [secret('C9', { name: 'other' })]],
    ['one of the same name was made later', [secret('C9', { createdAt: MADE + 1_000 })]],
    ['it is a direct message', [secret('D9', { kind: 'im' })]],
    ['it was only left', []],
  ])('is not moved when %s', async (_, met) => {
    await known();
    await round([general, ...met], T0 + 10);
    expect([await places(), await asked()]).toEqual([['G1'], []]);
    expect(await channelById(catalog, TEAM, 'G1')).toMatchObject({ isMember: false });
  });

  test('is not moved to a channel that the vault knew at the same time', async () => {
    await round([general, secret('G1'), secret('C9')], T0);
    await recordShares(catalog, TEAM, [found('F1', 'G1', T0)], T0);
    await round([general, secret('C9')], T0 + 10);
    expect([await places(), await asked()]).toEqual([['G1'], []]);
  });

  test('is asked about when an older version did not write down when it was made', async () => {
    await known({ createdAt: null });
    await round([general, secret('C9')], T0 + 10);
    expect(await places()).toEqual(['G1']);
    expect(await asked()).toEqual([{ kind: 'renewed', from: 'G1', to: 'C9', name: 'secret' }]);
    // The next round adds nothing.
    await round([general, secret('C9')], T0 + 20);
    expect(await asked()).toHaveLength(1);
    expect(await confirmSame(catalog, { teamId: TEAM, from: 'G1', to: 'C9', now: T0 + 30 })).toBe(true);
    expect([await places(), await asked()]).toEqual([['C9'], []]);
    expect(await confirmSame(catalog, { teamId: TEAM, from: 'G1', to: 'C9', now: T0 + 31 })).toBe(false);
  });

  test('is asked about when several fit, and nothing else can be moved so', async () => {
    await known();
    await round([general, secret('C8'), secret('C9')], T0 + 10);
    expect(await places()).toEqual(['G1']);
    expect((await asked()).map((alert) => 'to' in alert && alert.to)).toEqual(['C8', 'C9']);
    for (const [from, to] of [
      ['G1', 'C1'],
      ['C1', 'C9'],
      ['C9', 'G1'],
    ] as const)
      expect(await confirmSame(catalog, { teamId: TEAM, from, to, now: T0 + 30 })).toBe(false);
    expect(await confirmSame(catalog, { teamId: TEAM, from: 'G1', to: 'C8', now: T0 + 30 })).toBe(true);
    expect([await places(), await asked()]).toEqual([['C8'], []]);
  });

  test('is no longer asked about when the old id is back', async () => {
    await known();
    await round([general, secret('C8'), secret('C9')], T0 + 10);
    await round([general, secret('G1'), secret('C8'), secret('C9')], T0 + 20);
    expect(await asked()).toEqual([]);
  });
});
