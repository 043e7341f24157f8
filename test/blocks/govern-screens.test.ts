import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auditScreen } from '../../src/blocks/audit.ts';
import { channelScreen, rulesFormView } from '../../src/blocks/channel.ts';
import { rulesMessage } from '../../src/blocks/channel-news.ts';
import { deletedSeveralScreen, deleteSeveralView } from '../../src/blocks/delete-several.ts';
import { holdSetScreen, holdsScreen } from '../../src/blocks/holds.ts';
import { purgeConfirmView, purgeOrderedScreen, trashScreen } from '../../src/blocks/trash.ts';
import type { Overrides } from '../../src/catalog/governance/rule-model.ts';
import { applyRules } from '../../src/catalog/governance/rules.ts';
import type { TrashedFile } from '../../src/catalog/governance/trash-list.ts';
import type { AuditEntry } from '../../src/catalog/model.ts';
import { runs } from '../runs.ts';
import { anyFile, anyName, anyNumber, anyTime, anyUser, orNull } from './arbitraries.ts';
import { expectMessage, expectView } from './block-kit-rules.ts';
import { couldFormat, readMrkdwn } from './mrkdwn-reader.ts';
import { audit, NOW } from './samples.ts';

const RUNS = { numRuns: runs(60) };
const channelId = 'C0GENERAL';

const anyTrashed: fc.Arbitrary<TrashedFile> = fc
  .tuple(anyFile, fc.boolean(), fc.boolean(), fc.boolean(), fc.boolean())
  .map(([file, byRetention, isHeld, isPurging, isRetained]) => ({
    ...{ ...file, byRetention, isHeld, isPurging, isRetained: isPurging && isRetained },
  }));
const anyScope = fc.record({
  personId: orNull(anyUser),
  channelId: orNull(anyName),
  fileId: orNull(anyName),
  sharedFrom: orNull(anyTime),
  sharedUntil: orNull(anyTime),
});
const anyHold = fc
  .tuple(anyScope, anyName, anyUser, anyTime, fc.nat(), fc.boolean())
  .map(([scope, reason, setBy, setAt, walked, isWalking]) => ({
    ...scope,
    ...{ holdId: 'h', teamId: 'T1', reason, setBy, setAt, liftedBy: null, liftedAt: null, walked, isWalking },
  }));
const anyType = fc.stringMatching(/^[a-z0-9_+-]{1,20}$/);
const anyOwn: fc.Arbitrary<Overrides> = fc.record({
  capture: fc.constantFrom(null, false),
  confirm: orNull(fc.constantFrom('thread', 'reaction', 'digest', 'off')),
  excludeTypes: orNull(fc.array(anyType, { maxLength: 80 })),
  maxFileBytes: orNull(fc.integer({ min: 1 })),
  retentionDays: orNull(fc.nat({ max: 36_500 })),
  onSlackDelete: orNull(fc.constantFrom('keep', 'trash')),
});
const defaults = {
  ...{ confirm: 'thread' as const, excludeTypes: new Set(['mp4']), maxFileBytes: 9e9 },
  ...{ retentionDays: 30, onSlackDelete: 'trash' as const },
};
const anyStaying = fc.array(fc.record({ name: orNull(anyName), why: fc.constant('It is on hold.') }), {
  maxLength: 10,
});
const anyTen = fc.array(anyFile, { minLength: 1, maxLength: 10 });
const anyLine = fc
  .record({
    actorId: anyUser,
    action: fc.constantFrom<AuditEntry['action']>('stored', 'link', 'hold_set', 'toString' as never),
    fileId: orNull(anyName),
    fileName: orNull(anyName),
    channelId: orNull(anyName),
    at: anyTime,
  })
  .map((given) => ({ ...audit(given), id: 1, fileName: given.fileName }));
const anyPlace = orNull(fc.record({ at: fc.nat(), id: fc.nat() }));

describe('every message', () => {
  it.each<[string, fc.Arbitrary<{ text: string; blocks: unknown[] }>]>([
    [
      'trash',
      fc
        .tuple(fc.array(anyTrashed, { maxLength: 15, size: 'max' }), fc.boolean(), fc.boolean(), fc.boolean())
        .map(([files, hasMore, paged, isAdmin]) =>
          trashScreen({
            ...{ channelId, hasMore, isAdmin },
            after: paged ? { trashedAt: NOW, fileId: 'F1' } : null,
            files: files.map((file) => ({ ...file, mayRestore: true })),
          }),
        ),
    ],
    ['purge ordered', anyTrashed.map((file) => purgeOrderedScreen(file))],
    [
      'holds',
      fc
        .tuple(
          fc.array(anyHold, { maxLength: 30, size: 'max' }),
          fc.constantFrom(true, false, 'unknown' as const),
          fc.record({ held: anyNumber, waiting: anyNumber, failing: anyNumber }),
        )
        .map(([holds, objectLock, inBucket]) =>
          holdsScreen({ holds, total: holds.length + 3, objectLock, inBucket }),
        ),
    ],
    ['hold set', anyScope.map((scope) => holdSetScreen({ scope, tooLate: 1 }))],
    [
      'channel',
      fc
        .tuple(anyOwn, orNull(anyUser), anyTime, anyNumber, fc.boolean())
        .map(([own, changedBy, changedAt, files, mayChange]) =>
          channelScreen({
            ...{ channelId, rules: applyRules(defaults, own), own, changedBy, changedAt, mayChange },
            ...{ isMember: true, since: NOW, files, bytes: files, holds: 2 },
            unkept: { notKept: [{ reason: 'external', files }], waiting: files },
          }),
        ),
    ],
    [
      'rules told',
      fc
        .array(fc.record({ actorId: orNull(anyUser), changes: anyOwn }), { minLength: 1, maxLength: 60 })
        .map((news) => rulesMessage({ news, names: new Map(), sign: 'x' })),
    ],
    [
      'audit',
      fc
        .tuple(fc.array(anyLine, { maxLength: 20, size: 'max' }), anyPlace, anyPlace, anyName)
        .map(([entries, newer, older, query]) =>
          auditScreen({ channelId, page: { entries, newer, older }, filter: { actorId: query }, query }),
        ),
    ],
    [
      'deleted several',
      fc
        .tuple(anyTen, anyStaying, anyTime)
        .map(([moved, staying, purgeAt]) => deletedSeveralScreen({ moved, staying, purgeAt })),
    ],
  ])('%s', (_, screens) => {
    fc.assert(
      fc.property(screens, (screen) => {
        expectMessage(screen);
        expectNothingForged(screen);
      }),
      RUNS,
    );
  });
});

describe('every view', () => {
  it.each<[string, fc.Arbitrary<unknown>]>([
    ['purge', anyTrashed.map((file) => purgeConfirmView({ file }))],
    [
      'several',
      fc
        .tuple(anyTen, anyStaying)
        .map(([files, staying]) => deleteSeveralView({ files, staying, channelId, trashDays: 30 })),
    ],
    ['rules', anyOwn.map((own) => rulesFormView({ channelId, own, defaults: applyRules(defaults) }))],
  ])('%s', (_, views) => {
    fc.assert(
      fc.property(views, (view) => {
        expectView(view);
        expectNothingForged(view);
      }),
      RUNS,
    );
  });
});

const OURS =
  /^(@[UW][A-Z0-9]+|#[CG][A-Z0-9]+|!date\^-?\d+\^\{date_short_pretty\}( at \{time\})?\|[\w ,:+-]+)$/;

/** Any formatting beyond that of the screens themselves is a forgery. */
function expectNothingForged(payload: unknown): void {
  JSON.stringify(payload, (_, value: unknown) => {
    const { type, text, blocks } = (value ?? {}) as Record<string, unknown>;
    if (typeof text === 'string' && (type === 'mrkdwn' || blocks !== undefined)) {
      const { controls, rest } = readMrkdwn(text);
      for (const control of controls) expect(control).toMatch(OURS);
      const withoutIcons = rest.replace(/(?<=^|\s):[a-z_]+:(?= )/gm, '');
      expect(couldFormat(withoutIcons)).toBeNull();
    }
    return value;
  });
}
