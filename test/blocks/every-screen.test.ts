// @slow: random data for every screen.
/** With any data, every screen keeps Slack's limits, and no name makes a mention, a link or formatting. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertMessage } from '../../src/blocks/alert.ts';
import { backfillProgress } from '../../src/blocks/backfill-progress.ts';
import { digestMessage, storedMessage, trashedMessage } from '../../src/blocks/confirmation.ts';
import { deleteChooser } from '../../src/blocks/delete-chooser.ts';
import { deleteConfirmView } from '../../src/blocks/delete-confirm.ts';
import { deletedScreen } from '../../src/blocks/deleted.ts';
import { detailsView } from '../../src/blocks/details.ts';
import { downloadView } from '../../src/blocks/download.ts';
import { fileCard, unkeptCard } from '../../src/blocks/file-card.ts';
import { helpScreen, helpTopic } from '../../src/blocks/help.ts';
import { homeView } from '../../src/blocks/home.ts';
import { listScreen } from '../../src/blocks/list.ts';
import { modalMessage } from '../../src/blocks/modal-message.ts';
import { nearScreen, offeredScreen, withNear } from '../../src/blocks/near-command.ts';
import { problemScreen } from '../../src/blocks/problem.ts';
import { queryNote } from '../../src/blocks/query-note.ts';
import { restoredScreen } from '../../src/blocks/restored.ts';
import {
  giftMessage,
  givenScreen,
  postedCard,
  sharedScreen,
  shareView,
  takenBackScreen,
} from '../../src/blocks/share.ts';
import { staleScreen } from '../../src/blocks/stale.ts';
import { statsScreen } from '../../src/blocks/stats.ts';
import { statusScreen } from '../../src/blocks/status.ts';
import { reasons } from '../../src/blocks/text/wording-unkept.ts';
import type { AuditEntry, BackfillState } from '../../src/catalog/model.ts';
import type { FileNotice } from '../../src/catalog/notices/model.ts';
import {
  anyAlert,
  anyFile,
  anyFiles,
  anyName,
  anyNumber,
  anyReason,
  anyTime,
  anyUser,
  orNull,
} from './arbitraries.ts';
import { expectMessage, expectView } from './block-kit-rules.ts';
import { couldFormat, readMrkdwn } from './mrkdwn-reader.ts';
import { admin, adminStatus, audit, backfill, backfillFiles, NOW, notice, post, share } from './samples.ts';

const channelId = 'C0GENERAL';
const RUNS = { numRuns: 60 };

const anyFilter = fc.record(
  {
    userId: anyUser,
    types: fc.array(anyName, { maxLength: 30 }),
    before: anyTime,
    after: anyTime,
    text: anyName,
    channelId: fc.constantFrom('C0GENERAL', 'D0DIRECT', 'nonsense'),
    minBytes: anyNumber,
    maxBytes: anyNumber,
    sha256: fc.stringMatching(/^[0-9a-f]{8,64}$/),
  },
  { requiredKeys: [] },
);
const anyCursor = orNull(
  fc.record({
    direction: fc.constantFrom('older' as const, 'newer' as const),
    sharedAt: anyTime,
    fileId: fc.constant('F1'),
  }),
);
const anyNotice = fc
  .record({
    id: fc.nat(),
    kind: fc.constantFrom<FileNotice['kind']>('stored', 'trashed', 'restored'),
    fileId: fc.stringMatching(/^F[A-Z0-9]{1,3}$/),
    actorId: orNull(anyUser),
    name: orNull(anyName),
    bytes: orNull(anyNumber),
    at: anyTime,
  })
  .map(notice);
const anyCommand = fc.record({
  name: anyName,
  usage: anyName,
  // A summary is ours and may format: only its length is random.
  summary: fc.nat({ max: 500 }).map((n) => 'So it is. '.repeat(n)),
  examples: fc.array(fc.record({ type: anyName, means: anyName }), { maxLength: 30 }),
  aliases: fc.array(anyName, { maxLength: 9 }),
  only: fc.constantFrom(undefined, 'admins'),
});
const anyCommands = fc.array(anyCommand, { maxLength: 60, size: 'max' });
const anyNear = fc.record({
  typed: anyName,
  name: fc.constantFrom('list', 'find'),
  text: anyName,
  // Ours, like a summary.
  button: fc.constantFrom('Help', 'List files '.repeat(20)),
});
const anyUnknown = fc.record({
  what: fc.constantFrom('filter' as const, 'person' as const, 'date' as const, 'exclusion' as const),
  typed: anyName,
  nearest: orNull(anyName),
  instead: orNull(anyName),
  searched: fc.boolean(),
});
const anyDays = fc.record({
  typed: anyName,
  read: fc.constant('2026-03-04'),
  other: fc.constant('2026-04-03'),
  instead: anyName,
});
const anyNotes = fc.record({
  notes: fc.record({
    notUnderstood: fc.array(anyUnknown, { maxLength: 60 }),
    twoDays: fc.array(anyDays, { maxLength: 60 }),
    bare: fc.array(anyName, { maxLength: 9 }),
    without: fc.array(anyName, { maxLength: 60 }),
    named: fc.array(anyName, { maxLength: 60 }),
  }),
  channelId: fc.constantFrom(channelId, ''),
  isEmpty: fc.boolean(),
});
const anyTotal = fc.record({ files: anyNumber, bytes: anyNumber });
const anyParts = fc.array(fc.record({ name: anyName, files: anyNumber, bytes: anyNumber }), { maxLength: 5 });
const anyStats = fc.record({
  whole: fc.boolean(),
  total: anyTotal,
  unkept: fc.record({
    notKept: fc.array(fc.record({ reason: fc.constantFrom(...Object.keys(reasons), ''), files: anyNumber })),
    waiting: anyNumber,
  }),
  trash: fc.option(anyTotal),
  own: anyTotal,
  growth: fc.array(fc.record({ month: fc.constant('2026-11'), before: anyNumber, added: anyTotal }), {
    minLength: 2,
    maxLength: 12,
  }),
  types: anyParts,
  channels: anyParts,
  people: anyParts,
  cost: fc.option(
    fc.record({
      bytes: anyNumber,
      newFiles: anyNumber,
      perGb: fc.double({ min: 0, max: 100, noNaN: true }),
      perThousandRequests: fc.constant(0.005),
      isListPrice: fc.boolean(),
    }),
  ),
  picture: fc.option(fc.constant('https://bucket.example/chart.png')),
});
const counted = fc.record({ files: anyFiles, total: anyNumber });
const anyActions = fc.array(
  fc.constantFrom<AuditEntry['action']>('stored', 'link', 'failed', 'deleted_in_slack'),
  { maxLength: 40, size: 'max' },
);

describe('every message', () => {
  it.each<[string, fc.Arbitrary<{ text: string; blocks: unknown[] }>]>([
    [
      'list',
      fc
        .record({
          files: anyFiles,
          newer: anyCursor,
          older: anyCursor,
          filter: anyFilter,
          query: anyName,
          now: anyTime,
          may: fc.boolean(),
          channelId: fc.constantFrom(channelId, ''),
          rank: fc.nat({ max: 3 }),
        })
        .map(({ files, newer, older, may, rank, ...given }) => {
          const ranked = files.map((file, index) => ({ ...file, rank: index < 3 ? 2 : rank }));
          return listScreen({ ...given, page: { files: ranked, newer, older }, mayDelete: () => may });
        }),
    ],
    [
      'card of what is not kept',
      anyFile.map((file) =>
        unkeptCard({ file: { ...file, state: 'skipped' }, now: NOW, maxBytes: 1_000_000 }),
      ),
    ],
    ['file card', anyFile.map((file) => fileCard({ file, url: 'https://s3.example/a', minutes: 5 }))],
    [
      'posted card',
      fc
        .record({
          file: anyFile,
          userId: anyUser,
          right: fc.constantFrom('open' as const, 'back', 'none'),
          name: anyName,
        })
        .map(({ userId, name, ...given }) =>
          postedCard({ ...given, userId, names: new Map([[userId, name ?? '']]) }),
        ),
    ],
    [
      'gift',
      fc
        .record({
          file: anyFile,
          userId: anyUser,
          right: fc.constantFrom('open' as const, 'back', 'none'),
          name: anyName,
        })
        .map(({ userId, name, ...given }) =>
          giftMessage({ ...given, userId, names: new Map([[userId, name ?? '']]) }),
        ),
    ],
    [
      'shared',
      fc
        .record({ file: anyFile, isOpened: fc.boolean() })
        .map((given) => sharedScreen({ ...given, place: { channelId, ts: '1.2' } })),
    ],
    ['given', fc.record({ file: anyFile, isNew: fc.boolean(), personId: anyUser }).map(givenScreen)],
    ['taken back', anyFile.map((file) => takenBackScreen({ file, place: { channelId, ts: null } }))],
    [
      'delete chooser',
      fc
        .record({ files: anyFiles, query: anyName, suggestion: orNull(anyName), trashDays: anyNumber })
        .map((given) => deleteChooser({ channelId, ...given })),
    ],
    ['deleted', anyFile.map((file) => deletedScreen({ file }))],
    ['restored', anyFile.map((file) => restoredScreen({ file }))],
    [
      'stored',
      fc
        .array(anyNotice, { maxLength: 80, size: 'max' })
        .map((notices) => storedMessage({ post: post(notices) })),
    ],
    [
      'digest',
      fc
        .array(anyNotice, { maxLength: 80, size: 'max' })
        .map((notices) => digestMessage({ post: post(notices) })),
    ],
    [
      'trashed',
      fc.tuple(fc.array(anyNotice, { maxLength: 80, size: 'max' }), orNull(anyName)).map(([notices, name]) =>
        trashedMessage({
          post: post(notices),
          names: new Map(notices.map((it) => [it.actorId ?? '', name ?? ''] as const)),
        }),
      ),
    ],
    ['help', anyCommands.map((commands) => helpScreen({ commands }))],
    ['help topic', anyCommand.map(helpTopic)],
    ['near command', anyNear.map((near) => withNear(offeredScreen(near), near))],
    ['near command alone', anyNear.map(nearScreen)],
    [
      'note on the words',
      anyNotes.map((given) => ({ text: 'x', blocks: [...queryNote(given), { type: 'divider' }] })),
    ],
    [
      'backfill',
      fc
        .record({
          state: fc.constantFrom<BackfillState>('walking', 'storing', 'done', 'stopped', 'failed'),
          requestedBy: anyUser,
          stoppedBy: orNull(anyUser),
          reachedAt: orNull(anyTime),
          channelCreatedAt: orNull(anyTime),
          known: anyNumber,
          errorCode: orNull(anyName),
          skipped: fc.dictionary(fc.constantFrom(...Object.keys(reasons)), anyNumber),
        })
        .map(({ skipped, ...given }) =>
          backfillProgress({ backfill: backfill(given), files: backfillFiles({ skipped }), now: NOW }),
        ),
    ],
    ['stale', anyName.map((command) => staleScreen({ command }))],
    [
      'status',
      fc
        .record({
          onTheWay: counted,
          failures: counted,
          reasons: fc.array(anyReason, { maxLength: 30, size: 'max' }),
          alerts: fc.array(anyAlert, { maxLength: 30, size: 'max' }),
          channels: fc.array(fc.stringMatching(/^C[A-Z0-9]{8}$/), { maxLength: 40, size: 'max' }),
          total: anyNumber,
          bucket: anyName,
        })
        .map(({ onTheWay, failures, reasons, alerts, channels, total, bucket }) =>
          statusScreen({
            now: NOW,
            onTheWay,
            failures,
            admin: {
              ...adminStatus,
              bucket,
              reasons,
              alerts,
              left: channels,
              sweep: { lastAt: NOW, unreadable: channels },
              channels: {
                ...{ saved: 0, total, atLeast: true, joinable: total, mayJoin: true },
                notSaved: channels.map((channelId) => ({ channelId, bar: 'shared' as const })),
              },
            },
          }),
        ),
    ],
    ['stats', anyStats.map(statsScreen)],
    [
      'alert',
      fc
        .array(fc.record({ alert: anyAlert, clearedAt: orNull(anyTime) }), { maxLength: 40, size: 'max' })
        .map((given) => alertMessage({ alerts: given.map((one, id) => ({ ...one, id, raisedAt: NOW })) })),
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

  // An error's sentence is ours and may format; only its limits and mentions are checked.
  it('problem', () => {
    fc.assert(
      fc.property(anyName, anyName, (message, code) => {
        const screen = problemScreen({ message, code });
        expectMessage(screen);
        expect(controlsOf(screen)).toEqual([]);
        expectView(modalMessage({ kind: 'error', message, code }));
      }),
      RUNS,
    );
  });
});

describe('every view', () => {
  it.each<[string, fc.Arbitrary<unknown>]>([
    [
      'delete dialog',
      fc
        .record({
          file: anyFile,
          trashDays: anyNumber,
          channels: fc.array(fc.stringMatching(/^C[A-Z0-9]{8}$/), { maxLength: 40 }),
        })
        .map(({ file, trashDays, channels }) =>
          deleteConfirmView({
            file,
            channelId,
            trashDays,
            shares: channels.map((id) => share({ channelId: id })),
          }),
        ),
    ],
    ['download', anyFile.map((file) => downloadView({ file, url: 'https://s3.example/a', minutes: 5 }))],
    [
      'details',
      fc
        .record({
          file: anyFile,
          users: fc.array(orNull(anyUser), { maxLength: 40, size: 'max' }),
          acts: anyActions,
          mayDelete: fc.boolean(),
        })
        .map(({ file, users, acts, mayDelete }) =>
          detailsView({
            file,
            mayDelete,
            shares: users.map((userId) => share({ userId })),
            history: acts.map((action) => audit({ action })),
          }),
        ),
    ],
    [
      'home',
      fc
        .record({
          stored: anyTotal,
          own: anyTotal,
          isGuest: fc.boolean(),
          notSaved: fc.array(fc.stringMatching(/^C[A-Z0-9]{8}$/), { maxLength: 40, size: 'max' }),
          onTheWay: counted,
          failures: counted,
          recent: anyFiles,
          alerts: fc.array(anyAlert, { maxLength: 20 }),
        })
        .map(({ alerts, ...given }) =>
          homeView({ ...given, now: NOW, mayDelete: () => true, admin: { ...admin, alerts } }),
        ),
    ],
    [
      'share window',
      fc
        .record({ file: anyFile, isOwn: fc.boolean(), opened: fc.array(anyUser, { maxLength: 30 }) })
        .map(({ opened, ...given }) =>
          shareView({
            ...given,
            channelId,
            opened: opened.map((one) => ({ channelId: one ?? '', ts: null })),
          }),
        ),
    ],
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
  /^(https?:\/\/[^\s|<>]+\|Open(?: in Slack)?|@[UW][A-Z0-9]+|#[CG][A-Z0-9]+|!date\^-?\d+\^\{date_short_pretty\}( at \{time\})?\|[\w ,:+-]+)$/;

/** Emoji and formatting that the screens themselves use; any other formatting is a forgery. */
function expectNothingForged(payload: unknown): void {
  for (const text of mrkdwnOf(payload)) {
    const { controls, bold, rest } = readMrkdwn(text);
    for (const control of controls) expect(control).toMatch(OURS);
    const withoutIcons = rest.replace(/(?<=^|\s):[a-z_]+:(?= )/gm, '');
    expect(couldFormat(withoutIcons)).toBeNull();
    for (const run of bold) expect(couldFormat(run.replace(/[<>]/g, ''))).toBeNull();
  }
}

function controlsOf(payload: unknown): string[] {
  return mrkdwnOf(payload).flatMap((text) => readMrkdwn(text).controls);
}

/** Every mrkdwn text object, and the message's own `text`, which Slack reads as mrkdwn too. */
function mrkdwnOf(payload: unknown): string[] {
  const found: string[] = [];
  JSON.stringify(payload, (_, value: unknown) => {
    const { type, text, blocks } = (value ?? {}) as Record<string, unknown>;
    if (typeof text === 'string' && (type === 'mrkdwn' || blocks !== undefined)) found.push(text);
    return value;
  });
  return found;
}
