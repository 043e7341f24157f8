// @slow: random walks through a channel.
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { backfill } from '../../src/capture/backfill.ts';
import { type SweepOptions, startRound, sweep } from '../../src/capture/sweep.ts';
import { asTs, UnreadableError, type WalkSource } from '../../src/capture/walk.ts';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { channelById } from '../../src/catalog/files/channels.ts';
import { recordShares } from '../../src/catalog/files/shares.ts';
import type { Sighting } from '../../src/catalog/model.ts';
import { claimDueBackfills, type DueBackfill, startBackfill } from '../../src/catalog/sweep/backfills.ts';
import {
  claimDueSweeps,
  meetChannel,
  nextSweepDueAt,
  wantRound,
  wantSweep,
} from '../../src/catalog/sweep/sweeps.ts';
import { RetryableError } from '../../src/errors.ts';
import { databases, empty } from '../catalog/databases.ts';
import { sampleFile, TEAM } from '../catalog/samples.ts';
import { sweepStates } from '../helpers/sweep-states.ts';

const C = 'C1';
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const START_AT = Date.UTC(2026, 10, 23);

const log = { info() {}, warn() {}, error() {}, debug() {} } as never;

/** A message of the model: a reply when `parent` is given. Only `listed` files show in the list of files. */
interface Message {
  at: number;
  parent?: number;
  files: string[];
}

const found = (message: Message): Sighting[] =>
  message.files.map((fileId) => ({
    file: sampleFile(fileId, { createdAt: message.at }),
    share: {
      ...{ channelId: C, channelKind: null, ts: asTs(message.at), userId: 'U1', sharedAt: message.at },
      threadTs: message.parent === undefined ? null : asTs(message.parent),
    },
  }));

/** Slack as far as a walk sees it, over a list of messages that may grow. `size` is how many fit on a page. */
function slackOf(messages: Message[], size: number): WalkSource & { calls: number } {
  const source = {
    calls: 0,
    async history(_: string, { oldest, before }: { oldest: number; before: string | null }) {
      source.calls += 1;
      const shown = messages
        .filter(
          ({ at, parent }) => parent === undefined && at > oldest && (before === null || asTs(at) < before),
        )
        .sort((a, b) => b.at - a.at);
      const page = shown.slice(0, size);
      const lastReply = (parent: number) =>
        Math.max(0, ...messages.filter((one) => one.parent === parent).map(({ at }) => at));
      return {
        found: page.flatMap(found),
        threads: page.filter(({ at }) => lastReply(at) > oldest).map(({ at }) => asTs(at)),
        last: page.length === 0 ? null : asTs((page.at(-1) as Message).at),
        newest: page.length === 0 ? null : Math.max(...page.flatMap(({ at }) => [at, lastReply(at)])),
        messages: page.length,
        more: shown.length > size,
      };
    },
    async replies(_: string, thread: string, after: string) {
      source.calls += 1;
      const shown = messages
        .filter(({ at, parent }) => parent !== undefined && asTs(parent) === thread && asTs(at) > after)
        .sort((a, b) => a.at - b.at);
      const page = shown.slice(0, size);
      const last = page.at(-1);
      // Slack puts the parent first on every page (docs.slack.dev/reference/methods/conversations.replies).
      const parents = messages.filter(({ at }) => asTs(at) === thread);
      return {
        ...{ found: [...parents, ...page].flatMap(found), messages: page.length, more: shown.length > size },
        last: last === undefined ? null : asTs(last.at),
      };
    },
    async files(_: string, { from, to, page }: { from: number; to: number | null; page: number }) {
      source.calls += 1;
      const shown = messages
        .filter(
          ({ at, files }) => files.length > 0 && at >= from && (to === null || Math.floor(at / 1_000) <= to),
        )
        .sort((a, b) => b.at - a.at);
      const cut = shown.slice((page - 1) * size, page * size);
      const last = cut.at(-1);
      return {
        found: cut.flatMap(found),
        last: last === undefined ? null : Math.floor(last.at / 1_000),
        more: shown.length > page * size,
      };
    },
    async canvases() {
      source.calls += 1;
      return { found: [] };
    },
  };
  return source;
}

const anyPast = fc
  .array(
    fc.record({
      gap: fc.integer({ min: 1, max: 5_000 }),
      parent: fc.option(fc.nat({ max: 5 }), { nil: undefined }),
      files: fc.nat({ max: 2 }),
    }),
    { maxLength: 25, size: 'max' },
  )
  .map((list) => {
    const messages: Message[] = [];
    let at = START_AT;
    for (const [i, { gap, parent, files }] of list.entries()) {
      at += gap;
      const parents = messages.filter((one) => one.parent === undefined);
      const thread = parent === undefined ? undefined : parents.at(-1 - parent)?.at;
      messages.push({
        at,
        ...(thread === undefined ? {} : { parent: thread }),
        files: Array.from({ length: files }, (_, n) => `F${i}X${n}`),
      });
    }
    return messages;
  });

describe.each(databases)('walks on $name', ({ name, fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  beforeEach(() => empty(catalog));
  afterAll(() => catalog.close());

  const options = (source: WalkSource, now: () => number): SweepOptions => ({
    ...{ catalog, owner: 'w', source, botUserId: 'UBOT', log, now },
    policy: { maxFileBytes: 1e9, excludeTypes: new Set() },
  });
  const claim = (now: number, limit = 1) => ({ owner: 'w', limit, leaseMs: 1_000, now });
  const known = async () =>
    await catalog.db.selectFrom('file').select(['fileId', 'quiet', 'backfillId']).orderBy('fileId').execute();
  const shares = async () => catalog.db.selectFrom('share').select(['fileId', 'ts']).execute();

  /** Works on the channel until nothing is due; `kill` says which steps die before their end is written down. */
  async function runSweeps(source: WalkSource, at: number, kill: (step: number) => boolean = () => false) {
    let now = at;
    for (let step = 0; ; step++) {
      const [row] = await claimDueSweeps(catalog, claim(now));
      if (row === undefined) return now;
      if (kill(step)) {
        // It dies after it received the page, or before: the lease runs out.
        await sweep({ ...options(source, () => now), owner: 'a ghost' }, row);
        now += 2_000;
      } else {
        await sweep(
          options(source, () => now),
          row,
        );
      }
      now += 1;
      if (step > 2_000) throw new Error('the walk does not end');
    }
  }

  const runs = { numRuns: name === 'SQLite' ? 40 : 8 };

  it('find every file once, whatever the pages and wherever it is killed', async () => {
    const anyKills = fc.infiniteStream(fc.boolean());
    await fc.assert(
      fc.asyncProperty(anyPast, fc.integer({ min: 1, max: 7 }), anyKills, async (past, size, kills) => {
        await empty(catalog);
        const end = (past.at(-1)?.at ?? START_AT) + 1_000;
        const source = slackOf(past, size);
        await wantSweep(catalog, { teamId: TEAM, channelId: C, since: START_AT, now: end });
        await runSweeps(source, end, (step) => step < 60 && (kills.next().value ?? false));
        const files = past.flatMap((one) => one.files).sort();
        expect((await known()).map(({ fileId }) => fileId)).toEqual(files);
        expect(await shares()).toHaveLength(files.length);
      }),
      runs,
    );
  });

  it('miss nothing that is shared between one sweep and the next, or while one goes on', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyPast,
        fc.integer({ min: 1, max: 4 }),
        fc.nat({ max: 24 }),
        async (all, size, cut) => {
          await empty(catalog);
          const messages = all.slice(0, cut);
          const source = slackOf(messages, size);
          const end = (all.at(-1)?.at ?? START_AT) + 1_000;
          await wantSweep(catalog, { teamId: TEAM, channelId: C, since: START_AT, now: end });
          const [row] = await claimDueSweeps(catalog, claim(end));
          if (row !== undefined)
            await sweep(
              options(source, () => end),
              row,
            );
          // The rest comes while the first walk is under way.
          messages.push(...all.slice(cut));
          const now = await runSweeps(source, end + 1);
          await wantSweep(catalog, { teamId: TEAM, channelId: C, since: 0, now });
          await runSweeps(source, now);
          expect((await known()).map(({ fileId }) => fileId)).toEqual(all.flatMap((one) => one.files).sort());
        },
      ),
      runs,
    );
  });

  it('know what they know: a sweep with nothing new reads three pages at most and writes no file', async () => {
    const past = Array.from({ length: 30 }, (_, i) => ({ at: START_AT + i * DAY, files: [`F${i}`] }));
    const source = slackOf(past, 100);
    const now = START_AT + 31 * DAY;
    await wantSweep(catalog, { teamId: TEAM, channelId: C, since: START_AT, now });
    await runSweeps(source, now);
    source.calls = 0;
    await wantSweep(catalog, { teamId: TEAM, channelId: C, since: START_AT, now: now + MINUTE });
    await runSweeps(source, now + MINUTE);
    expect(source.calls).toBe(3);
    expect(await known()).toHaveLength(30);
    expect((await sweepStates(catalog, TEAM))[0]).toMatchObject({ isUnderWay: false, errorCode: null });
  });

  it('confirm what was just missed, and are quiet about what is old or was there before the vault', async () => {
    const now = START_AT + 10 * DAY;
    await meetChannel(catalog, { teamId: TEAM, channelId: C, joinedAt: START_AT, now: START_AT });
    const past = [
      { at: START_AT - MINUTE, files: ['FBEFORE'] },
      { at: now - 2 * DAY, files: ['FOLD'] },
      { at: now - MINUTE, files: ['FNEW'] },
    ];
    await runSweeps(slackOf(past, 10), now);
    expect(await known()).toMatchObject([
      { fileId: 'FBEFORE', quiet: 1 },
      { fileId: 'FNEW', quiet: 0 },
      { fileId: 'FOLD', quiet: 1 },
    ]);
  });

  it('take turns: of many channels none waits for the end of another', async () => {
    const order: string[] = [];
    const source = slackOf(
      Array.from({ length: 6 }, (_, i) => ({ at: START_AT + i, files: [] })),
      2,
    );
    const watched = {
      ...source,
      history: (id: string, bounds: { oldest: number; before: string | null }) => {
        order.push(id);
        return source.history(id, bounds);
      },
    };
    const now = START_AT + DAY;
    for (const channelId of ['C1', 'C2', 'C3']) {
      await wantSweep(catalog, { teamId: TEAM, channelId, since: START_AT - DAY, now });
    }
    await runSweeps(watched, now + 1);
    expect(order.slice(0, 3).sort()).toEqual(['C1', 'C2', 'C3']);
    expect(order.slice(3, 6).sort()).toEqual(['C1', 'C2', 'C3']);
  });

  it('end with a reason where Slack shows nothing, and hold on where it is only busy', async () => {
    const now = START_AT + DAY;
    const lost = slackOf([], 1);
    lost.history = async () => {
      throw new UnreadableError('not_in_channel', true, null);
    };
    await wantSweep(catalog, { teamId: TEAM, channelId: C, since: START_AT, now });
    await runSweeps(lost, now);
    expect(await sweepStates(catalog, TEAM)).toMatchObject([{ channelId: C, errorCode: 'not_in_channel' }]);
    expect(await channelById(catalog, TEAM, C)).toMatchObject({ isMember: false });
    expect(await nextSweepDueAt(catalog)).toBeNull();

    const busy = slackOf([{ at: now, files: ['F1'] }], 1);
    const history = busy.history;
    let refusals = 2;
    busy.history = async (id, bounds) => {
      if (refusals-- > 0) throw new RetryableError('ratelimited', 'busy', { retryAfterMs: 30_000 });
      return history(id, bounds);
    };
    await wantSweep(catalog, { teamId: TEAM, channelId: C, since: START_AT, now });
    await runSweeps(busy, now);
    const dueAt = (await nextSweepDueAt(catalog)) ?? 0;
    expect(dueAt).toBeGreaterThanOrEqual(now + 30_000);
    await runSweeps(busy, dueAt);
    await runSweeps(busy, dueAt + 60_000);
    expect(await known()).toHaveLength(1);
  });

  it('go in rounds: each refreshes the channels and comes again; 0 minutes means only when called for', async () => {
    const now = START_AT;
    const conversation = { kind: 'public' as const, isArchived: false, imUserId: null };
    const round = async (ids: string[], everyMs: number | null, at: number) => {
      await wantRound(catalog, { teamId: TEAM, now: at });
      const rows = await claimDueSweeps(catalog, claim(at, 10));
      const row = rows.find(({ isRound }) => isRound);
      if (row === undefined) throw new Error('no round is due');
      const conversations = async () =>
        ids.map((channelId) => ({ ...conversation, channelId, name: channelId }));
      await startRound({ catalog, owner: 'w', conversations, everyMs, log, now: () => at }, row);
    };
    await round(['C1', 'C2'], null, now);
    expect((await sweepStates(catalog, TEAM)).map(({ channelId }) => channelId)).toEqual(['C1', 'C2']);
    await runSweeps(slackOf([], 1), now);
    expect(await nextSweepDueAt(catalog)).toBeNull();
    await round(['C1'], 60 * MINUTE, now + MINUTE);
    expect(await channelById(catalog, TEAM, 'C2')).toMatchObject({ isMember: false });
    await runSweeps(slackOf([], 1), now + MINUTE);
    expect(await nextSweepDueAt(catalog)).toBe(now + 61 * MINUTE);
    // Events were dropped, and more may be: another round comes early.
    await wantRound(catalog, { teamId: TEAM, now: now + 2 * MINUTE, againAt: now + 4 * MINUTE });
    await round(['C1'], 60 * MINUTE, now + 2 * MINUTE);
    await runSweeps(slackOf([], 1), now + 2 * MINUTE);
    expect(await nextSweepDueAt(catalog)).toBe(now + 4 * MINUTE);
  });

  it('of a backfill keep the whole past, quietly and once, wherever it is killed', async () => {
    const anyKills = fc.infiniteStream(fc.boolean());
    await fc.assert(
      fc.asyncProperty(anyPast, fc.integer({ min: 1, max: 7 }), anyKills, async (past, size, kills) => {
        await empty(catalog);
        let now = START_AT + 400 * DAY;
        const source = slackOf(past, size);
        const start = { teamId: TEAM, channelId: C, requestedBy: 'U1', channelCreatedAt: START_AT, now };
        const { backfill: started } = await startBackfill(catalog, start);
        expect((await startBackfill(catalog, start)).isNew).toBe(false);
        for (let step = 0; ; step++) {
          await catalog.db.updateTable('file').set({ state: 'stored', dueAt: null }).execute();
          now += 2_000;
          const [row] = await claimDueBackfills(catalog, claim(now));
          if (row === undefined) break;
          const dies = step < 60 && (kills.next().value ?? false);
          await backfill({ ...options(source, () => now), ...(dies ? { owner: 'a ghost' } : {}) }, row);
          if (step > 2_000) throw new Error('the walk does not end');
        }
        const files = past.flatMap((one) => one.files).sort();
        const kept = await known();
        expect(kept.map(({ fileId }) => fileId)).toEqual(files);
        expect(kept.every(({ quiet, backfillId }) => quiet === 1 && backfillId === started.id)).toBe(true);
        const rows = await catalog.db.selectFrom('backfill').select(['state', 'known', 'messages']).execute();
        expect(rows).toEqual([{ state: 'done', known: 0, messages: past.length }]);
      }),
      runs,
    );
  });

  it('a backfill counts each file once that was saved before, however many pages its thread has', async () => {
    await empty(catalog);
    const at = START_AT + MINUTE;
    const replies = [1, 2, 3].map((n) => ({ at: at + n, parent: at, files: [`F0REPLY${n}`] }));
    const past: Message[] = [{ at, files: ['F0PARENT'] }, ...replies];
    await recordShares(catalog, TEAM, past.flatMap(found), at);
    await catalog.db.updateTable('file').set({ state: 'stored', dueAt: null }).execute();
    let now = START_AT + DAY;
    await startBackfill(catalog, {
      ...{ teamId: TEAM, channelId: C, requestedBy: 'U1', channelCreatedAt: START_AT, now },
    });
    for (let row: DueBackfill | undefined; ; ) {
      now += 2_000;
      [row] = await claimDueBackfills(catalog, claim(now));
      if (row === undefined) break;
      await backfill(
        options(slackOf(past, 1), () => now),
        row,
      );
    }
    const rows = await catalog.db.selectFrom('backfill').select(['state', 'known']).execute();
    expect(rows).toEqual([{ state: 'done', known: 4 }]);
  });
});
