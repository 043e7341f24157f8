/** Where the names are known, screens show them: no chips, which are loud, and in a message notify people. */
import { expect, it } from 'vitest';
import { auditScreen } from '../../src/blocks/audit.ts';
import { channelScreen } from '../../src/blocks/channel.ts';
import { deleteChooser } from '../../src/blocks/delete-chooser.ts';
import { deleteConfirmView } from '../../src/blocks/delete-confirm.ts';
import { deleteSeveralView } from '../../src/blocks/delete-several.ts';
import { detailsView } from '../../src/blocks/details.ts';
import { holdSetScreen, holdsScreen } from '../../src/blocks/holds.ts';
import { homeView } from '../../src/blocks/home.ts';
import { leavingList, leavingMessage } from '../../src/blocks/leaving.ts';
import { listScreen } from '../../src/blocks/list.ts';
import { statsScreen } from '../../src/blocks/stats.ts';
import { statusScreen } from '../../src/blocks/status.ts';
import { purgeConfirmView, trashScreen } from '../../src/blocks/trash.ts';
import { applyRules, NO_OVERRIDES } from '../../src/catalog/governance/rules.ts';
import { admin, audit, DAY, file, homeInput, listed, NOW, notStored, share, statsInput } from './samples.ts';

const names = {
  people: new Map([
    ['U0ANN', 'Anna'],
    ['U0BEN', 'Ben'],
  ]),
  channels: new Map([['C0GENERAL', 'general']]),
};
const channelId = 'C0GENERAL';
const [failed, storing] = (['failed', 'storing'] as const).map((state, at) =>
  file({ ...notStored, fileId: `F0${at}`, state, dueAt: NOW + DAY, errorCode: 'bucket_busy' }),
) as [ReturnType<typeof file>, ReturnType<typeof file>];
const skipped = file({ ...notStored, fileId: 'F0S', state: 'skipped', reason: 'too_large' });
const trashed = {
  ...file({ state: 'trashed', trashedAt: NOW, trashedBy: 'U0BEN', purgeAt: NOW + DAY }),
  ...{ byRetention: false, isHeld: false, isPurging: false, isRetained: false, mayRestore: true },
};
const hold = {
  ...{ personId: 'U0ANN', channelId, fileId: null, sharedFrom: null, sharedUntil: null },
  ...{ holdId: 'h', teamId: 'T1', reason: 'Case 4711', setBy: 'U0BEN', setAt: NOW },
  ...{ liftedBy: null, liftedAt: null, walked: 1, isWalking: false },
};
const line = (given: Parameters<typeof audit>[0]) => ({
  ...audit({ actorId: 'U0ANN', ...given }),
  ...{ id: 1, fileName: 'a.pdf' },
});
const leaving = {
  ...{ day: 20_000, total: 1, names },
  files: [{ ...file(), bytes: 1, channelId, mayKeep: true }],
};
const queues = {
  ...{ onTheWay: { files: [storing], total: 1 }, failures: { files: [failed], total: 1 } },
  notKept: { files: [skipped], total: 1 },
};
const part = (name: string) => [{ name, files: 1, bytes: 1 }];
// Channels to go to, and to join, are links: that is what a chip is for.
const inAll = { ...admin, channels: { ...admin.channels, others: [] } };
const rules = applyRules({
  ...{ confirm: 'thread', excludeTypes: new Set<string>(), maxFileBytes: 1, retentionDays: 0 },
  onSlackDelete: 'keep',
});

it.each<[string, object]>([
  ['App Home', homeView(homeInput({ ...queues, recent: [listed()], names, admin: inAll }))],
  ['the status', statusScreen({ now: NOW, ...queues, names, admin: null })],
  [
    'a list',
    listScreen({
      ...{ channelId: '', page: { files: [listed()], newer: null, older: null }, query: '', now: NOW, names },
      ...{ filter: { userId: 'U0ANN', notUserIds: ['U0BEN'], notChannelIds: [channelId] } },
      ...{ mayDelete: () => true, trashed: [trashed] },
    }),
  ],
  ['files to delete', deleteChooser({ channelId, files: [file(), file({ fileId: 'F2' })], names })],
  ['the question', deleteConfirmView({ file: file(), channelId, trashDays: 1, shares: [share()], names })],
  ['several', deleteSeveralView({ files: [file()], staying: [], channelId, trashDays: 1, names })],
  [
    'the trash',
    trashScreen({
      ...{ channelId, files: [trashed], hasMore: false, after: null, isAdmin: true, names },
    }),
  ],
  ['delete forever', purgeConfirmView({ file: trashed, names })],
  [
    'Details',
    detailsView({
      ...{
        file: file(),
        shares: [share()],
        history: [audit({ actorId: 'U0BEN' })],
        mayDelete: true,
        more: true,
      },
      ...{ holds: [hold], kept: { by: 'U0ANN', at: NOW }, names, userId: 'U0ANN' },
    }),
  ],
  [
    'the audit log',
    auditScreen({
      ...{ channelId, query: '', names, holds: [hold], filter: { actorId: 'U0BEN', channelId } },
      page: {
        entries: [
          line({ action: 'trashed' }),
          line({ action: 'given', detail: { personId: 'U0BEN' } }),
          line({ action: 'hold_set', detail: { personId: 'U0BEN', reason: 'x' } }),
        ],
        ...{ newer: null, older: null },
      },
    }),
  ],
  [
    'holds',
    holdsScreen({
      ...{ holds: [hold], total: 1, objectLock: false, names },
      inBucket: { held: 0, waiting: 0, failing: 0 },
    }),
  ],
  ['a new hold', holdSetScreen({ scope: hold, tooLate: 0, names })],
  ['the numbers', statsScreen({ ...statsInput, channels: part(channelId), people: part('U0ANN'), names })],
  ['files that leave', leavingMessage({ days: [leaving], trashDays: 1 })],
  ['all files that leave', leavingList(leaving)],
  [
    'the settings of a channel',
    channelScreen({
      ...{ channelId, rules, own: { ...NO_OVERRIDES, retentionDays: 9 }, changedBy: 'U0BEN', changedAt: NOW },
      ...{ isMember: true, since: NOW, files: 1, bytes: 1, unkept: { notKept: [], waiting: 0 }, holds: 0 },
      ...{ mayChange: true, sign: 'file_cabinet', names },
    }),
  ],
])('%s', (_, screen) => {
  const chips = JSON.stringify(screen).match(/<[@#][A-Z0-9]+/g) ?? [];
  expect(chips).toEqual([]);
  expect(JSON.stringify(screen)).toMatch(/Anna|Ben|#general/);
});
