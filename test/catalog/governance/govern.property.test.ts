// @slow: random operations.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { fileById } from '../../../src/catalog/files/lookup.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import {
  claimPurges,
  commitPurged,
  purgeNow,
  restoreFile,
  trashFile,
} from '../../../src/catalog/files/trash.ts';
import {
  applyHold,
  claimDueHolds,
  type HoldScope,
  liftHold,
  setHold,
} from '../../../src/catalog/governance/holds.ts';
import { expiredFiles, expireFile } from '../../../src/catalog/governance/retention.ts';
import { NO_OVERRIDES, saveOverrides } from '../../../src/catalog/governance/rules.ts';
import { databases, empty } from '../databases.ts';
import { sampleFile, sampleShare, storeFile, T0, TEAM } from '../samples.ts';

const DAY = 24 * 60 * 60_000;
const FILES = ['F1', 'F2', 'F3', 'F4'];
const CHANNELS = ['C1', 'C2'];
const PEOPLE = ['U1', 'U2'];
const TRASH_DAYS = 3;

interface Shared {
  fileId: string;
  channelId: string;
  userId: string;
  at: number;
}

/** What the holds are compared with: everything that was shared, and the holds in force. */
interface Model {
  now: number;
  shares: Shared[];
  holds: Map<string, HoldScope>;
  rules: Map<string, number>;
}

function isHeld({ shares, holds }: Model, fileId: string): boolean {
  const own = shares.filter((share) => share.fileId === fileId);
  return [...holds.values()].some(
    (hold) =>
      (hold.fileId === null || hold.fileId === fileId) &&
      (hold.channelId === null || own.some(({ channelId }) => channelId === hold.channelId)) &&
      // U1 uploads all of them.
      (hold.personId === null ||
        hold.personId === 'U1' ||
        own.some(({ userId }) => userId === hold.personId)) &&
      ((hold.sharedFrom === null && hold.sharedUntil === null) ||
        own.some(
          ({ at }) => (hold.sharedFrom ?? at) <= at && at < (hold.sharedUntil ?? Number.MAX_SAFE_INTEGER),
        )),
  );
}

const anyFile = fc.constantFrom(...FILES);
const anyChannel = fc.constantFrom(...CHANNELS);
const orNull = <T>(it: fc.Arbitrary<T>) => fc.option(it, { nil: null });
const anyDay = fc.integer({ min: 0, max: 20 }).map((day) => T0 + day * DAY);
const anyScope: fc.Arbitrary<HoldScope> = fc.record({
  personId: orNull(fc.constantFrom(...PEOPLE)),
  channelId: orNull(anyChannel),
  fileId: orNull(anyFile),
  sharedFrom: orNull(anyDay),
  sharedUntil: orNull(anyDay),
});
const anyStep = fc.oneof(
  fc.record({
    kind: fc.constant('share' as const),
    fileId: anyFile,
    channelId: anyChannel,
    userId: fc.constantFrom(...PEOPLE),
  }),
  fc.record({ kind: fc.constantFrom('trash', 'restore', 'purge now' as const), fileId: anyFile }),
  fc.record({ kind: fc.constant('purge due' as const) }),
  fc.record({ kind: fc.constant('retain' as const) }),
  fc.record({
    kind: fc.constant('rule' as const),
    channelId: anyChannel,
    days: fc.integer({ min: 0, max: 5 }),
  }),
  fc.record({ kind: fc.constant('hold' as const), scope: anyScope }),
  fc.record({ kind: fc.constant('lift' as const), which: fc.nat({ max: 9 }) }),
  fc.record({ kind: fc.constant('walk' as const) }),
  fc.record({ kind: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 4 }) }),
);
type Step = typeof anyStep extends fc.Arbitrary<infer S> ? S : never;

describe.each(databases)('holds, the trash and retention on $name', ({ fresh, name }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterAll(() => catalog.close());

  const stateOf = async (fileId: string) =>
    (await fileById(catalog, { teamId: TEAM, fileId }))?.state ?? 'unknown';

  async function walkAll(now: number): Promise<void> {
    for (;;) {
      const [hold] = await claimDueHolds(catalog, { owner: 'w', limit: 1, leaseMs: 1_000, now });
      if (!hold) return;
      expect(await applyHold(catalog, hold, 'w', { objectLock: false, now })).toBe(true);
    }
  }

  async function purgeDue(now: number): Promise<void> {
    for (;;) {
      const [file] = await claimPurges(catalog, { owner: 'p', limit: 1, leaseMs: 1_000, now });
      if (!file) return;
      expect(await commitPurged(catalog, file, 'p', now)).toBe(true);
    }
  }

  /** Does the step for real and in the model, and expects of both the same refusals. */
  async function take(step: Step, model: Model): Promise<void> {
    // A channel has one message at each moment: two shares at the same moment would be one share.
    if (step.kind === 'share') model.now += 1;
    const { now } = model;
    const ref = { teamId: TEAM, fileId: 'fileId' in step ? step.fileId : '' };
    switch (step.kind) {
      case 'share': {
        const { fileId, channelId, userId } = step;
        const share = sampleShare(channelId, now, { userId });
        await recordShares(catalog, TEAM, [{ file: sampleFile(fileId), share }], now);
        model.shares.push({ fileId, channelId, userId, at: now });
        if ((await stateOf(fileId)) === 'pending') await storeFile(catalog, fileId, { now });
        return;
      }
      case 'trash': {
        const before = await stateOf(step.fileId);
        const purgeAt = now + TRASH_DAYS * DAY;
        const outcome = await trashFile(catalog, { ref, actorId: 'U1', channelId: 'C1', purgeAt, now });
        if (before === 'stored') expect(outcome).toBe(isHeld(model, step.fileId) ? 'held' : 'trashed');
        else expect(outcome).toBe(before === 'trashed' ? 'already_trashed' : 'not_stored');
        return;
      }
      case 'restore':
        await restoreFile(catalog, { ref, actorId: 'U1', now });
        return;
      case 'purge now': {
        const before = await stateOf(step.fileId);
        const outcome = await purgeNow(catalog, { ref, actorId: 'U1', now });
        const may = isHeld(model, step.fileId) ? 'held' : 'ordered';
        expect(outcome).toBe(before === 'trashed' ? may : 'not_trashed');
        return;
      }
      case 'purge due':
        return purgeDue(now);
      case 'rule':
        await saveOverrides(catalog, {
          ...{ teamId: TEAM, channelId: step.channelId, actorId: 'U1', now },
          own: { ...NO_OVERRIDES, retentionDays: step.days },
        });
        model.rules.set(step.channelId, step.days);
        return;
      case 'retain':
        return retain(model);
      case 'hold': {
        const { holdId, tooLate } = await setHold(catalog, {
          ...{ teamId: TEAM, scope: step.scope, reason: 'r', actorId: 'U1', now },
        });
        expect(tooLate).toBe(0);
        model.holds.set(holdId, step.scope);
        return;
      }
      case 'lift': {
        const holdId = [...model.holds.keys()][step.which];
        if (holdId === undefined) return;
        expect(await liftHold(catalog, { teamId: TEAM, holdId, actorId: 'U1', now })).toBe(true);
        expect(await liftHold(catalog, { teamId: TEAM, holdId, actorId: 'U1', now })).toBe(false);
        model.holds.delete(holdId);
        return;
      }
      case 'walk':
        return walkAll(now);
      case 'wait':
        model.now += step.days * DAY;
    }
  }

  async function retain(model: Model): Promise<void> {
    const { now } = model;
    const before = new Map(await Promise.all(FILES.map(async (id) => [id, await stateOf(id)] as const)));
    for (const channelId of CHANNELS) {
      const days = model.rules.get(channelId) ?? 0;
      const found = await expiredFiles(catalog, {
        teamId: TEAM,
        channelId,
        days,
        defaultDays: 0,
        after: null,
        now,
      });
      for (const fileId of found.fileIds) {
        const purgeAt = now + TRASH_DAYS * DAY;
        const ref = { teamId: TEAM, fileId };
        expect(await expireFile(catalog, { ref, channelId, defaultDays: 0, purgeAt, now })).toBe(true);
      }
    }
    for (const fileId of FILES) {
      const own = model.shares.filter((share) => share.fileId === fileId);
      const isOver = own.every(({ channelId }) => {
        const last = Math.max(...own.filter((other) => other.channelId === channelId).map(({ at }) => at));
        const days = model.rules.get(channelId) ?? 0;
        return days > 0 && last <= now - days * DAY;
      });
      const goes = before.get(fileId) === 'stored' && own.length > 0 && isOver && !isHeld(model, fileId);
      expect([fileId, await stateOf(fileId)]).toEqual([fileId, goes ? 'trashed' : before.get(fileId)]);
    }
  }

  test('nothing on hold is ever trashed, purged or let go, whatever happens and in any order', async () => {
    const runs = name === 'SQLite' ? 60 : 25;
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 8, maxLength: 40 }), async (steps) => {
        const model: Model = { now: T0, shares: [], holds: new Map(), rules: new Map() };
        try {
          for (const fileId of FILES)
            await take({ kind: 'share', fileId, channelId: 'C1', userId: 'U1' }, model);
          for (const step of steps) {
            const held = FILES.filter((fileId) => isHeld(model, fileId));
            const before = await Promise.all(held.map(stateOf));
            await take(step, model);
            for (const [index, fileId] of held.entries()) {
              const after = await stateOf(fileId);
              if (after === 'trashed') expect([fileId, before[index]]).toEqual([fileId, 'trashed']);
              if (after === 'purged') expect([fileId, before[index]]).toEqual([fileId, 'purged']);
            }
          }
          // At the end all holds are lifted and all walks are over. Then what waited in the trash goes.
          for (const holdId of model.holds.keys())
            await liftHold(catalog, { teamId: TEAM, holdId, actorId: 'U1', now: model.now });
          await walkAll(model.now);
          await purgeDue(model.now + TRASH_DAYS * DAY);
          for (const fileId of FILES) expect(await stateOf(fileId)).not.toBe('trashed');
        } finally {
          await empty(catalog);
        }
      }),
      { numRuns: runs },
    );
  }, 180_000);
});
