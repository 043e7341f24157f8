// @slow: 5,000 channels.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CHANNELS_A_MINUTE, type Conversation, startRound } from '../../src/capture/sweep.ts';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { recordShares } from '../../src/catalog/files/shares.ts';
import type { PlacedFile } from '../../src/catalog/sweep/choose.ts';
import { claimDueSweeps, finishSweep, wantRound } from '../../src/catalog/sweep/sweeps.ts';
import type { Log } from '../../src/log.ts';
import type { SlackApi } from '../../src/slack/api.ts';
import { ownConversations } from '../../src/slack/conversations.ts';
import { createCoverage } from '../../src/slack/coverage.ts';
import { filesSince } from '../../src/slack/files-since.ts';
import { createPeople } from '../../src/slack/people.ts';
import { databases, empty } from '../catalog/databases.ts';
import { found, T0, TEAM } from '../catalog/samples.ts';

const HOUR_MS = 3_600_000;
const CHANNELS = 5_000;
const log = { info: () => {}, warn: () => {} } as unknown as Log;
const channelId = (n: number) => `C${String(n).padStart(5, '0')}`;
const all = Array.from({ length: CHANNELS }, (_, n) => channelId(n));
const conversation = (id: string): Conversation => ({
  ...{ channelId: id, name: id.toLowerCase(), kind: 'public', isArchived: false, imUserId: null },
  createdAt: 1_000,
});

const [sqlite] = databases;
if (sqlite === undefined) throw new Error('there is no database');

describe('a workspace of 5,000 channels', () => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await sqlite.fresh();
  });
  afterEach(() => empty(catalog));
  afterAll(() => catalog.close());

  /** One round and all walks that it asks for; answers the channels that were walked. */
  async function round(
    now: number,
    o: { ids?: string[]; more?: Conversation[]; files?: PlacedFile[]; asked?: number[] } = {},
  ) {
    await wantRound(catalog, { teamId: TEAM, now });
    const claim = (limit: number) => claimDueSweeps(catalog, { owner: 'w', limit, leaseMs: 1_000, now });
    const row = (await claim(10_000)).find(({ isRound }) => isRound);
    if (row === undefined) throw new Error('no round is due');
    await startRound(
      {
        ...{ catalog, owner: 'w', everyMs: HOUR_MS, log, now: () => now },
        conversations: async () => [...(o.ids ?? all).map(conversation), ...(o.more ?? [])],
        async *filesSince(since) {
          o.asked?.push(since);
          yield o.files ?? [];
        },
      },
      row,
    );
    const walks = await claim(10_000);
    for (const walk of walks)
      await finishSweep(catalog, walk, 'w', {
        beganAt: now,
        newest: now,
        found: 0,
        nextAt: null,
        now: now + 1,
      });
    return walks.map((walk) => walk.channelId);
  }

  it('is swept within the period: no round walks more than Slack allows, and each channel has its turn', async () => {
    const most = 60 * CHANNELS_A_MINUTE;
    expect(most).toBeLessThan(60 * 50);
    const walked = [await round(T0), await round(T0 + HOUR_MS), await round(T0 + 2 * HOUR_MS)];
    for (const channels of walked) expect(channels.length).toBeLessThanOrEqual(most);
    expect(new Set(walked.flat()).size).toBe(CHANNELS);
    // The next one begins again with those that were walked longest ago.
    const next = await round(T0 + 3 * HOUR_MS);
    expect(next.filter((id) => walked[2]?.includes(id) && !walked[0]?.includes(id))).toEqual([]);
  });

  it('has every missed file found in the next round, whoever’s turn it is', async () => {
    for (const hour of [0, 1, 2]) await round(T0 + hour * HOUR_MS);
    await recordShares(catalog, TEAM, [found('F1', channelId(7), T0)], T0);
    const files = [
      { fileId: 'F1', channelIds: [channelId(7)] },
      { fileId: 'F2', channelIds: [channelId(4_990), 'C0ELSEWHERE'] },
      { fileId: 'F1', channelIds: [channelId(4_991)] },
    ];
    const asked: number[] = [];
    const walked = await round(T0 + 3 * HOUR_MS, { files, asked });
    expect(walked).toEqual(expect.arrayContaining([channelId(4_990), channelId(4_991)]));
    expect(walked).not.toContain('C0ELSEWHERE');
    // It looks back to before the last round.
    expect(asked).toHaveLength(1);
    expect(asked[0]).toBeLessThan(T0 + 2 * HOUR_MS);
  });

  it('walks an archived channel once', async () => {
    const few = [...all.slice(0, 2_401)];
    const archived = { ...conversation('C0OLD'), isArchived: true };
    const walked = [await round(T0, { ids: few, more: [archived] })];
    walked.push(await round(T0 + HOUR_MS, { ids: few, more: [archived] }));
    walked.push(await round(T0 + 2 * HOUR_MS, { ids: few, more: [archived] }));
    expect(walked.flat().filter((id) => id === 'C0OLD')).toHaveLength(1);
  });

  it('asks nothing more where all can be walked', async () => {
    const asked: number[] = [];
    const few = all.slice(0, 60 * CHANNELS_A_MINUTE);
    expect(await round(T0, { ids: few, asked })).toHaveLength(few.length);
    expect(asked).toEqual([]);
  });
});

describe('questions about 5,000 channels', () => {
  function counting(pages: (method: string, args: Record<string, unknown>) => object) {
    const calls: Record<string, number> = {};
    const call = async (method: string, args: Record<string, unknown>) => {
      calls[method] = (calls[method] ?? 0) + 1;
      return pages(method, args);
    };
    return { calls, api: { call } as unknown as SlackApi };
  }
  /** Slack's pages, of `limit` channels each. */
  function listed(_: string, { cursor, limit }: Record<string, unknown>) {
    const at = Number(cursor ?? 0);
    const size = Number(limit);
    const channels = all
      .slice(at, at + size)
      .map((id) => ({ id, name: id, is_private: false, is_member: true, created: 1 }));
    const next = at + size < CHANNELS ? String(at + size) : '';
    return { channels, members: [], response_metadata: { next_cursor: next } };
  }

  it('the bot’s own are listed in six, also for fifty people at once', async () => {
    const { calls, api } = counting(listed);
    expect(await ownConversations(api)).toHaveLength(CHANNELS);
    expect(calls).toEqual({ 'users.conversations': 6 });
    const people = createPeople({ api, teamId: TEAM, now: () => 0 });
    await Promise.all(Array.from({ length: 50 }, () => people.publicAmong(all)));
    expect(calls).toEqual({ 'users.conversations': 12 });
  });

  it('a thousand joins by itself cost no question about who is where', async () => {
    const { calls, api } = counting(listed);
    const people = createPeople({ api, teamId: TEAM, now: () => 0 });
    await people.botChannels();
    for (let n = 0; n < 1_000; n++) {
      people.botJoinedPublic(`C9${n}`);
      expect((await people.botChannels()).get(`C9${n}`)).toBe(true);
    }
    expect(calls).toEqual({ 'users.conversations': 6 });
  });

  it('the public ones are counted in six, of the twenty that Slack allows a minute', async () => {
    const { calls, api } = counting(listed);
    const coverage = createCoverage({ api, now: () => 0 });
    expect(await coverage.count()).toMatchObject({ inside: CHANNELS, total: 0, atLeast: false });
    await Promise.all(Array.from({ length: 50 }, () => coverage.uncovered()));
    expect(calls).toEqual({ 'conversations.list': 12 });
  });

  it('the new files of all of them are one list, page by page', async () => {
    const { calls, api } = counting((_, { page, ts_from, channel }) => ({
      files:
        page === 2
          ? [{ id: 'F3', shares: { private: { G1: [] } } }, { id: 7 }]
          : [{ id: 'F1', channels: ['C1'], groups: ['G2'], ims: [] }, { id: 'F2' }],
      paging: { pages: 2 },
      ...{ ts_from, channel },
    }));
    const files: PlacedFile[] = [];
    for await (const page of filesSince(api, 5_500)) files.push(...page);
    expect(files).toEqual([
      { fileId: 'F1', channelIds: ['C1', 'G2'] },
      { fileId: 'F2', channelIds: [] },
      { fileId: 'F3', channelIds: ['G1'] },
    ]);
    expect(calls).toEqual({ 'files.list': 2 });
  });
});
