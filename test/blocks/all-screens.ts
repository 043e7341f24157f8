/**
 * Every function of src/blocks that makes a screen, or blocks or buttons of one, with the longest names: one line each,
 * by `file.function`. A new one without its line here fails `longest.test.ts`.
 */
import { adminCard } from '../../src/blocks/admin-card.ts';
import * as alert from '../../src/blocks/alert.ts';
import { auditScreen } from '../../src/blocks/audit.ts';
import * as everything from '../../src/blocks/backfill-all.ts';
import * as backfills from '../../src/blocks/backfill-progress.ts';
import * as channel from '../../src/blocks/channel.ts';
import * as news from '../../src/blocks/channel-news.ts';
import { choicesScreen } from '../../src/blocks/choices.ts';
import { runButton } from '../../src/blocks/command-button.ts';
import * as confirmation from '../../src/blocks/confirmation.ts';
import * as coverage from '../../src/blocks/coverage.ts';
import { deleteChooser } from '../../src/blocks/delete-chooser.ts';
import { deleteConfirmView } from '../../src/blocks/delete-confirm.ts';
import * as several from '../../src/blocks/delete-several.ts';
import * as deleted from '../../src/blocks/deleted.ts';
import { detailsView } from '../../src/blocks/details.ts';
import { moreBlocks } from '../../src/blocks/details-more.ts';
import * as download from '../../src/blocks/download.ts';
import { examinedScreen } from '../../src/blocks/examined.ts';
import * as exported from '../../src/blocks/export.ts';
import * as card from '../../src/blocks/file-card.ts';
import { fileFacts } from '../../src/blocks/file-facts.ts';
import { fileMenu } from '../../src/blocks/file-menu.ts';
import * as row from '../../src/blocks/file-row.ts';
import * as filters from '../../src/blocks/find-filters.ts';
import * as health from '../../src/blocks/health.ts';
import * as help from '../../src/blocks/help.ts';
import * as holds from '../../src/blocks/holds.ts';
import * as home from '../../src/blocks/home.ts';
import { joinedMessage } from '../../src/blocks/joined.ts';
import { section } from '../../src/blocks/kit/elements.ts';
import * as leaving from '../../src/blocks/leaving.ts';
import { listScreen } from '../../src/blocks/list.ts';
import { modalMessage } from '../../src/blocks/modal-message.ts';
import { momentScreen } from '../../src/blocks/moment.ts';
import * as near from '../../src/blocks/near-command.ts';
import { notSavedHere } from '../../src/blocks/not-here.ts';
import { notKeptGroup } from '../../src/blocks/not-kept.ts';
import { objectKeyView } from '../../src/blocks/object-key.ts';
import { problemScreen } from '../../src/blocks/problem.ts';
import { queryNote } from '../../src/blocks/query-note.ts';
import * as restored from '../../src/blocks/restored.ts';
import { retryingScreen } from '../../src/blocks/retrying.ts';
import { saidBlocks } from '../../src/blocks/said.ts';
import { sameChannelScreen } from '../../src/blocks/same-channel.ts';
import { savedScreen } from '../../src/blocks/saved.ts';
import * as scan from '../../src/blocks/scan.ts';
import { besideLink } from '../../src/blocks/scan-note.ts';
import { screenModal } from '../../src/blocks/screen-modal.ts';
import { settingsScreen } from '../../src/blocks/settings.ts';
import * as share from '../../src/blocks/share.ts';
import { staleScreen } from '../../src/blocks/stale.ts';
import { statsScreen } from '../../src/blocks/stats.ts';
import { statusScreen } from '../../src/blocks/status.ts';
import * as trash from '../../src/blocks/trash.ts';
import { trashedRow } from '../../src/blocks/trashed-row.ts';
import * as upload from '../../src/blocks/upload.ts';
import { versionBlocks } from '../../src/blocks/versions.ts';
import type { Alert } from '../../src/catalog/alerts/alerts.ts';
import { FINDING_KINDS } from '../../src/catalog/alerts/findings.ts';
import type { ExportJob } from '../../src/catalog/governance/exports.ts';
import { applyRules, NO_OVERRIDES } from '../../src/catalog/governance/rules.ts';
import { CONFIRM_MODES, type FileState, type FileVersion, type SkipReason } from '../../src/catalog/model.ts';
import type { Checked } from '../../src/catalog/scan/model.ts';
import type { ReadingLack } from '../../src/text/reading-lacks.ts';
import { CHANNEL_NAME, FILE_NAME, longest, PERSON_NAME } from './longest.ts';
import * as sample from './samples.ts';

const { NOW, DAY } = sample;
const MANY = 1_234_567_890;
const [channelId, userId] = ['C0ABCDEFGHIJKLMN', 'U0ABCDEFGHIJKLMN'];
const many = <T>(n: number, make: (at: number) => T): T[] => Array.from({ length: n }, (_, at) => make(at));
const channelIds = many(60, (at) => `C0ABCDEFGH${at}`);
const people = new Map([[userId, PERSON_NAME]]);
const names = { people, channels: new Map([channelId, ...channelIds].map((id) => [id, CHANNEL_NAME])) };

const named = {
  name: FILE_NAME,
  title: FILE_NAME,
  filetype: FILE_NAME,
  mimetype: FILE_NAME,
  uploaderId: userId,
};
const reasons: SkipReason[] = ['external', 'too_large', 'excluded_type', 'access_denied', 'hidden_by_limit'];
const states: FileState[] = ['stored', 'skipped', 'failed', 'pending', 'trashed', 'purged', 'storing'];
const link = `https://drive.example/${'d'.repeat(1_900)}`;
/** A file in each state, again and again. */
const fileAt = (at: number) =>
  sample.listed({
    ...named,
    ...{ fileId: `F0ABCDEFGHIJ${at}`, state: states[at % states.length] ?? 'stored' },
    ...{
      reason: reasons[at % reasons.length] ?? null,
      externalUrl: at % 2 === 0 ? link : null,
      dueAt: NOW + DAY,
    },
    ...{ errorText: longest(900), errorCode: at % 2 === 0 ? 'something_else' : 'bucket_untrusted' },
    ...{ trashedAt: NOW, trashedBy: userId, purgeAt: NOW + DAY, storedBytes: MANY, listedBy: userId },
  });
const file = sample.listed(named);
const files = many(40, fileAt);
const stored = many(10, (at) => sample.listed({ ...named, fileId: `F0STOREDFILE${at}` }));
const skipped = many(10, (at) => ({
  ...fileAt(at),
  state: 'skipped' as const,
  reason: reasons[at % reasons.length] ?? null,
}));
const check: Checked = {
  ...{
    state: 'infected',
    since: NOW,
    reason: null,
    signature: longest(300),
    scannedWith: `${longest(200)}/27812/x`,
  },
  ...{ scannedAt: NOW, isGiven: true, release: { by: userId, at: NOW, reason: longest(300) } },
};
const counts = Object.fromEntries(FINDING_KINDS.map((kind) => [kind, MANY])) as never;
const alerts: Alert[] = [
  { kind: 'failing', code: 'something_else', text: longest(900), files: MANY },
  { kind: 'scope', scope: longest(80) },
  { kind: 'removed', channelId },
  { kind: 'unsaved', channelId, mayJoin: true },
  { kind: 'renewed', from: channelId, to: 'C0BCDEFGHIJKLMNO', name: CHANNEL_NAME },
  { kind: 'verify', counts },
  { kind: 'infected', signature: longest(300), day: '2026-11-29', files: MANY },
  { kind: 'scanner', problem: 'limits', since: NOW },
];
const coverageInput = {
  ...{ saved: MANY, total: MANY * 2, atLeast: true, joinable: MANY, onTheirWay: MANY, mayJoin: true },
  notSaved: channelIds.map((id) => ({ channelId: id, bar: 'shared' as const })),
};
const wholePast = {
  backfill: { ...sample.backfill({ state: 'storing', stoppedBy: userId }), isOfAll: true as const },
  sums: {
    ...{ channels: MANY, done: MANY, failed: MANY, failedIds: channelIds.slice(0, 5), running: MANY },
    ...{ pages: MANY, messages: MANY, known: MANY, found: MANY, stored: MANY, skipped: 0 },
  },
  names: people,
};
const everyAlert = many(30, (at) => alerts[at % alerts.length] as Alert);
const summary = {
  ...sample.admin,
  alerts: everyAlert,
  waiting: MANY,
  failed: MANY,
  trash: { files: MANY, bytes: MANY },
};
const counted = { files, total: MANY };
const notKept = { files: skipped, total: MANY };
const scanner = {
  ...{ isOn: true, engine: longest(80), signatures: longest(80), signaturesAt: NOW, awaySince: NOW },
  ...{
    tellsLimits: false,
    tellsLocked: false,
    unscannedPolicy: 'block' as const,
    waiting: MANY,
    infected: MANY,
  },
  ...{ released: MANY, unscanned: MANY, most: MANY, found: files.slice(0, 10), hidden: MANY },
};
const total = { files: MANY, bytes: MANY };
const homeInput = sample.homeInput({
  ...{ stored: total, own: total, onTheWay: counted, failures: counted, notKept, links: { total: MANY } },
  ...{ recent: many(12, (at) => ({ ...fileAt(at), listedAt: NOW - at * DAY })), notSaved: channelIds },
  ...{ bucketAwaySince: NOW, mayDelete: () => true, check: () => check, admin: summary },
});
const types = many(100, (at) => `t${at}-${'x'.repeat(14)}`);
const own = {
  ...{
    capture: false,
    confirm: 'reaction' as const,
    excludeTypes: types,
    maxFileBytes: MANY,
    retentionDays: 36_500,
  },
  ...{ onSlackDelete: 'trash' as const, tellExcluded: false, bookmark: true, mayKeep: true },
};
const defaults = {
  ...{ confirm: 'thread' as const, excludeTypes: new Set(types), maxFileBytes: MANY, retentionDays: 36_500 },
  onSlackDelete: 'trash' as const,
};
const rules = applyRules(defaults, own);
const channelInput: channel.ChannelInput = {
  ...{
    channelId,
    rules,
    own,
    changedBy: userId,
    changedAt: NOW,
    isMember: true,
    since: NOW,
    ...total,
    holds: MANY,
  },
  ...{
    unkept: { notKept: reasons.map((reason) => ({ reason, files: MANY })), waiting: MANY },
    mayChange: true,
  },
};
const commands = many(30, (at) => ({
  ...{
    name: `command${at}`,
    usage: longest(200),
    summary: longest(200),
    examples: many(30, () => ({ type: longest(100), means: longest(200) })),
    aliases: many(10, () => longest(30)),
    ...(at % 2 === 0 ? {} : { only: 'admins' as const }),
  },
}));
const notices = sample.notices(80, { name: FILE_NAME, actorId: userId });
const post = (kind: 'stored' | 'trashed') =>
  sample.post(
    notices.map((one) => ({ ...one, kind })),
    { kind: kind === 'stored' ? 'stored' : 'trash' },
  );
const about = () => ({ maxFileBytes: MANY });
const staying = many(10, () => ({ name: FILE_NAME, why: longest(200) }));
const versions: FileVersion[] = many(300, (at) => ({
  ...{
    teamId: 'T1',
    fileId: file.fileId,
    number: at + 1,
    objectKey: 'k',
    storedBytes: MANY,
    sha256: 'a'.repeat(64),
  },
  ...{
    crc32: '',
    etag: null,
    versionId: null,
    proof: 'crc32' as const,
    storedType: null,
    storedAt: NOW,
    lostAt: null,
  },
}));
const mail = { name: FILE_NAME, title: FILE_NAME, permalink: link };
const facts = {
  ...{ attachmentsMissing: 9, transcode: true, mailBody: 'text', listRows: 'view', blank: true },
  transcript: longest(9_000),
} as unknown as typeof file.facts;
const job: ExportJob = {
  ...{ id: 1, teamId: 'T1', exportId: '0c9f', kind: 'manifest', format: 'csv', channelId, filter: {} },
  ...{ requestedBy: userId, requestedAt: NOW, state: 'made', objectKey: 'k', rowCount: MANY, bytes: MANY },
  ...{ madeAt: NOW, attempts: 0 },
};
const scope = { personId: userId, channelId, fileId: file.fileId, sharedFrom: NOW, sharedUntil: NOW };
const hold = {
  ...{ ...scope, holdId: 'h'.repeat(36), teamId: 'T1', reason: longest(1_000), setBy: userId, setAt: NOW },
  ...{ liftedBy: null, liftedAt: null, walked: MANY, isWalking: true },
};
const details = {
  ...{
    file: { ...file, facts },
    shares: many(40, (at) => sample.share({ channelId: channelIds[at] ?? channelId })),
  },
  ...{
    history: many(60, () => sample.audit({ actorId: userId, action: 'deleted_in_slack' })),
    mayDelete: true,
  },
  ...{ versions: versions.slice(0, 20), mail, previewUrl: link, shareIn: { channelId, discloses: true } },
  ...{ names, userId, mayHold: true, more: true, kept: { by: userId, at: NOW }, holds: many(9, () => hold) },
  ...{ permalink: () => link, maxBytes: MANY, oversight: true, mayKnowKey: true },
  scan: { newest: check, older: new Map([[1, check]]), mayRelease: true },
};
const query = longest(300);
const filter = {
  ...{ userId, types: many(30, (at) => `type${at}`), before: NOW, after: NOW, text: longest(200), channelId },
  ...{ minBytes: 1, maxBytes: MANY, sha256: 'a'.repeat(64) },
};
const cursor = { direction: 'older' as const, sharedAt: NOW, fileId: file.fileId };
const listInput = {
  ...{ channelId: '', page: { files, newer: cursor, older: cursor, stopped: true as const }, filter, query },
  ...{ now: NOW, mayDelete: () => true, maxBytes: () => MANY, check: () => check, note: longest(300) },
  ...{ names, mayHold: true, mayShare: true, messageUrl: () => link, typed: longest(200), time: longest(90) },
  ...{ total: { files: MANY, more: true, bytes: MANY }, before: MANY, sortedOf: MANY, cursor },
};
const line = {
  ...sample.audit({ actorId: userId, action: 'deleted_in_slack', channelId }),
  id: 1,
  fileName: FILE_NAME,
};
const place = { at: NOW, id: 7 };
const auditInput = {
  ...{ channelId, page: { entries: many(20, () => line), newer: place, older: place }, query },
  ...{ holds: many(9, () => hold), details: file.fileId },
  ...{ filter: { actorId: userId, action: 'link' as const, fileId: file.fileId, after: NOW, before: NOW } },
};
const trashed = {
  ...{
    ...file,
    state: 'trashed' as const,
    trashedAt: NOW,
    trashedBy: userId,
    purgeAt: NOW,
    byRetention: false,
  },
  ...{ isHeld: true, isPurging: false, isRetained: false, mayRestore: true },
};
const after = { trashedAt: NOW, fileId: file.fileId };
const trashInput = { channelId, hasMore: true, after, isAdmin: true, files: many(10, () => trashed), names };
const backfill = { backfill: sample.backfill({ requestedBy: userId, errorCode: longest(90) }), now: NOW };
const reached = {
  ...backfill,
  files: sample.backfillFiles({ skipped: Object.fromEntries(reasons.map((it) => [it, MANY])) }),
};
const stats = {
  ...{ ...sample.statsInput, whole: true, total, trash: total, own: total, unkept: channelInput.unkept },
  ...{
    types: many(5, () => ({ name: FILE_NAME, ...total })),
    channels: channelIds.slice(0, 5).map((name) => ({ name, ...total })),
  },
  people: many(5, () => ({ name: userId, ...total })),
};
const status = {
  ...{
    now: NOW,
    onTheWay: counted,
    failures: counted,
    notKept,
    links: { total: MANY },
    bucketAwaySince: NOW,
  },
  admin: {
    ...{ ...sample.adminStatus, bucket: longest(200), alerts: everyAlert, left: channelIds, scan: scanner },
    ...{ reasons: many(30, () => ({ code: 'something_else', text: longest(900), files: MANY, long: MANY })) },
    ...{
      sweep: { lastAt: NOW, unreadable: channelIds },
      schemas: many(5, () => longest(60)),
      slowSearch: true,
    },
    reading: {
      ...{ waiting: MANY, unread: many(8, () => ({ reason: longest(60), files: MANY })) },
      lacks: [
        { kind: 'ocr_memory', memoryMb: MANY, neededMb: MANY },
        { kind: 'start', reason: longest(90) },
      ] satisfies ReadingLack[],
    },
    channels: coverageInput,
  },
};
const url = `https://s3.example/${'x'.repeat(1_900)}`;
const saidOf = (kind: 'loading' | 'error' | 'done') =>
  modalMessage({ kind, message: longest(900), code: longest(90) });
const rows = everyAlert.map((one, id) => ({
  id,
  alert: one,
  raisedAt: NOW,
  clearedAt: id % 2 === 0 ? NOW : null,
}));

const both = [true, false];
const rightsOfCards = ['open', 'back', 'none'] as const;
const shareCard = { file, userId, right: 'open' as const, names: people };
const fileIds = [file.fileId];
const rowOptions = {
  ...{ now: NOW, mayDelete: true, mayHold: true, mayShare: true, check, messageUrl: link, names },
  ...{ showChannel: true, maxBytes: MANY, blockId: longest(200) },
  snippet: { text: longest(900), page: MANY, older: { number: MANY, at: NOW } },
};
const leavingFile = { ...file, bytes: MANY, channelId, mayKeep: true };
const leavingDay = { day: 20_000, total: MANY, files: many(90, () => leavingFile) };
const nearest = { typed: FILE_NAME, name: 'find', text: query, button: FILE_NAME };
const notes = {
  notUnderstood: (['filter', 'person', 'date', 'exclusion'] as const).map((what, at) => ({
    ...{ what, typed: FILE_NAME, nearest: at % 2 === 0 ? FILE_NAME : null, instead: query, searched: at > 1 },
  })),
  twoDays: many(9, () => ({ typed: FILE_NAME, read: '2026-03-04', other: '2026-04-03', instead: query })),
  ...{ bare: [FILE_NAME], without: many(60, () => FILE_NAME), named: many(60, () => FILE_NAME) },
};
const uploadEnds = many(10, (at) => ({
  ...{ name: FILE_NAME, end: (['saved', 'not_saved', null] as const)[at % 3] ?? null, bytes: MANY },
  why: at % 2 === 0 ? longest(900) : null,
}));

/** Each makes one or more of what its function can make. */
export const SCREENS: Readonly<Record<string, () => unknown[]>> = {
  'admin-card.adminCard': () => [adminCard(summary, { besides: 2 })],
  'alert.alertMessage': () => [alert.alertMessage({ alerts: rows })],
  'alert.sameChannel': () => everyAlert.map(alert.sameChannel),
  'audit.auditScreen': () => [
    auditScreen(auditInput),
    auditScreen({ ...auditInput, page: { entries: [], newer: null, older: null } }),
  ],
  'backfill-all.backfillOfAllBegun': () => [
    everything.backfillOfAllBegun({ isNew: true, channels: MANY }),
    everything.backfillOfAllBegun({ isNew: false, ...wholePast }),
  ],
  'backfill-all.backfillOfAllProgress': () => [everything.backfillOfAllProgress(wholePast)],
  'backfill-progress.backfillBegun': () => [
    backfills.backfillBegun({ isNew: true, channelId }),
    backfills.backfillBegun({ isNew: false, ...reached }),
  ],
  'backfill-progress.backfillProgress': () => [backfills.backfillProgress(reached)],
  'backfill-progress.backfillStarted': () => [backfills.backfillStarted({ channelId })],
  'coverage.coverageScreen': () => [
    coverage.coverageScreen({ ...coverageInput, note: coverage.joiningNote(MANY) }),
    coverage.coverageScreen({ ...coverageInput, mayJoin: false }),
  ],
  'coverage.notSavedBlocks': () => [coverage.notSavedBlocks(coverageInput, 5, 'list')],
  'channel.channelScreen': () => [
    channel.channelScreen(channelInput),
    channel.channelScreen({ ...channelInput, isMember: false }),
  ],
  'channel-news.expiryMessage': () => [news.expiryMessage({ files: MANY })],
  'channel.rulesFormView': () =>
    [own, NO_OVERRIDES].map((it) =>
      channel.rulesFormView({ channelId, own: it, defaults: applyRules(defaults) }),
    ),
  'channel-news.rulesMessage': () =>
    [people, new Map()].map((known) =>
      news.rulesMessage({
        ...{ news: many(40, (at) => ({ actorId: `U${at % 7}`, changes: own })), sign: longest(100) },
        names: known,
      }),
    ),
  'choices.choicesScreen': () => [true, false].map((isChannel) => choicesScreen({ isChannel })),
  'command-button.runButton': () => [[runButton({ name: 'find', text: query, button: FILE_NAME })]],
  'channel.rulesSavedScreen': () =>
    (['scope', 'full', 'denied', 'later'] as const).map((problem) =>
      channel.rulesSavedScreen({ changed: true, problem }),
    ),
  'channel.rulesSureView': () => [
    channel.rulesSureView({ channelId, own, days: 36_500, files: MANY, atLeast: true }),
  ],
  'confirmation.digestMessage': () => [confirmation.digestMessage({ post: post('stored'), about })],
  'confirmation.lessButton': () => [confirmation.lessButton()],
  'confirmation.lessScreen': () => [confirmation.lessScreen({ sign: longest(100) })],
  'confirmation.signMessage': () => [confirmation.signMessage({ sign: longest(100) })],
  'confirmation.storedMessage': () => [
    confirmation.storedMessage({ post: post('stored'), about, explains: longest(100) }),
  ],
  'confirmation.trashedMessage': () => [
    confirmation.trashedMessage({ post: post('trashed'), names: people }),
  ],
  'delete-chooser.deleteChooser': () => [
    deleteChooser({ channelId, files: stored, hasMore: true, query, trashDays: 30 }),
    deleteChooser({ channelId, files: [], query, suggestion: FILE_NAME }),
  ],
  'delete-confirm.deleteConfirmView': () => [
    deleteConfirmView({ file, channelId, trashDays: 36_500, shares: details.shares }),
  ],
  'delete-several.deleteSeveralView': () => [
    several.deleteSeveralView({ files: stored, staying, channelId, trashDays: 36_500, names }),
  ],
  'delete-several.deletedSeveralScreen': () => [
    several.deletedSeveralScreen({ moved: stored, staying, purgeAt: NOW }),
  ],
  'deleted.deletedScreen': () => [
    deleted.deletedScreen({ file, purgeAt: NOW }),
    deleted.deletedScreen({ file }),
  ],
  'deleted.undoSeveral': () => [[deleted.undoSeveral(stored)]],
  'details-more.moreBlocks': () => files.slice(0, 7).map((one) => moreBlocks({ ...details, file: one })),
  'details.detailsView': () =>
    files.slice(0, 7).map((one) => detailsView({ ...details, file: { ...one, facts } })),
  'download.downloadScreen': () => [download.downloadScreen({ file, url, minutes: MANY, check })],
  'download.downloadView': () => [download.downloadView({ file, url, minutes: MANY, check })],
  'examined.examinedScreen': () => [
    examinedScreen({
      lines: many(40, (at) => ({
        id: `slack.part${at}`,
        state: 'fail',
        says: longest(400),
        remedy: longest(400),
      })),
    }),
  ],
  'export.exportNotMade': () => [
    exported.exportNotMade({ why: 'failed' }),
    exported.exportNotMade({ why: 'refused' }),
  ],
  'export.exportReady': () => [
    exported.exportReady({ ...job, goneAt: NOW }),
    exported.exportReady({ ...job, goneAt: NOW, link: { url, minutes: MANY } }),
  ],
  'export.exportStarted': () => [
    exported.exportStarted(job),
    exported.exportStarted({ ...job, kind: 'audit' }),
  ],
  'file-card.closedCard': () => [card.closedCard({ file, message: longest(400) })],
  'file-card.fileCard': () => [card.fileCard({ file, url, minutes: MANY, check, names })],
  'file-card.openButtons': () => files.slice(0, 7).map(card.openButtons),
  'file-card.unkeptCard': () =>
    skipped.map((one) => card.unkeptCard({ file: one, now: NOW, maxBytes: MANY, names })),
  'file-facts.fileFacts': () => [fileFacts({ ...file, facts }, mail)],
  'file-menu.fileMenu': () =>
    [rowOptions, { mayDelete: true, check, withDownload: true }].map((may) =>
      section(longest(100), fileMenu(file, may)),
    ),
  'file-row.downloadButton': () => [[row.downloadButton(file)]],
  'file-row.fileRow': () => files.slice(0, 7).map((one) => row.fileRow(one, rowOptions)),
  'find-filters.filterRow': () =>
    [true, false].map((open) =>
      filters.filterRow({ sought: { channelId: '', query: longest(90) }, filter, time: longest(90), open }),
    ),
  'find-filters.wordsInput': () => [filters.wordsInput({ channelId: '', query: longest(90) }, longest(90))],
  'help.helpScreen': () => [help.helpScreen({ commands })],
  'help.helpTopic': () => commands.map(help.helpTopic),
  'holds.holdFilesView': () => [
    holds.holdFilesView({ fileIds, name: FILE_NAME, files: 1, bytes: MANY, inTrash: MANY }),
  ],
  'holds.holdFormView': () => [holds.holdFormView()],
  'holds.holdSetScreen': () => [holds.holdSetScreen({ scope, tooLate: MANY })],
  'holds.holdsScreen': () =>
    ([true, false, 'unknown'] as const).map((objectLock) =>
      holds.holdsScreen({
        holds: many(30, () => hold),
        total: MANY,
        objectLock,
        inBucket: { held: MANY, waiting: MANY, failing: 7 },
      }),
    ),
  'holds.onHoldBlocks': () => [holds.onHoldBlocks(many(9, () => hold))],
  'home.failedFile': () => files.map((one) => home.failedFile(one, { now: NOW, forAdmin: true })),
  'health.uncoveredBlocks': () => [
    health.uncoveredBlocks({ ...sample.adminStatus, channels: coverageInput }),
  ],
  'home.homeView': () => [
    home.homeView(homeInput),
    home.homeView({ ...homeInput, isGuest: true, admin: null }),
    home.homeView(sample.homeInput()),
    home.homeView(sample.homeInput({ saved: channelIds })),
  ],
  'joined.joinedMessage': () =>
    (['all', 'some', 'nothing'] as const).map((saves) => joinedMessage({ saves })),
  'leaving.keepEndedScreen': () => [leaving.keepEndedScreen(file)],
  'leaving.keptBlocks': () => [leaving.keptBlocks({ by: userId, at: NOW }, file)],
  'leaving.keptScreen': () => [leaving.keptScreen(file)],
  'leaving.leavingList': () => [screenModal(leaving.leavingList(leavingDay))],
  'leaving.leavingMessage': () => [
    leaving.leavingMessage({ days: many(9, () => leavingDay), trashDays: MANY }),
    leaving.leavingMessage({ days: [{ day: 20_000, total: 0, files: [] }], trashDays: 1 }),
  ],
  'list.listScreen': () => [
    listScreen(listInput),
    listScreen({ ...listInput, inModal: true, open: true, trashed: [trashed, trashed, trashed] }),
    listScreen({ ...listInput, channelId, page: { files: [], newer: null, older: null } }),
    listScreen({ ...listInput, trashed: many(10, () => trashed), trashFirst: true, trashMore: true }),
    listScreen({ ...listInput, trashFirst: true }),
  ],
  'modal-message.modalMessage': () => (['loading', 'error', 'done'] as const).map(saidOf),
  'moment.momentScreen': () => [momentScreen()],
  'near-command.nearScreen': () => [near.nearScreen(nearest)],
  'near-command.offeredScreen': () => [near.offeredScreen(nearest)],
  'near-command.searchedScreen': () =>
    (['command', 'topic'] as const).map((kind) =>
      near.searchedScreen(listScreen(listInput), { kind, typed: FILE_NAME }),
    ),
  'near-command.withNear': () => [near.withNear(listScreen(listInput), nearest)],
  'not-here.notSavedHere': () => [notSavedHere(channelId, listScreen({ ...listInput, channelId }))],
  'not-kept.notKeptGroup': () => [
    notKeptGroup({ notKept, links: { total: MANY, atLeast: true }, forAdmin: true }),
  ],
  'object-key.objectKeyView': () => [
    objectKeyView({ file: { ...file, objectKey: `T1/${'k'.repeat(1_000)}` }, bucket: longest(63) }),
  ],
  'problem.problemScreen': () => [problemScreen({ message: longest(2_000), code: longest(90) })],
  'query-note.queryNote': () => [true, false].map((isEmpty) => queryNote({ notes, channelId: '', isEmpty })),
  'restored.restoredScreen': () => [restored.restoredScreen({ file })],
  'restored.restoredSeveralScreen': () => [restored.restoredSeveralScreen({ files: MANY })],
  'retrying.retryingScreen': () => [retryingScreen({ files: MANY }), retryingScreen({ files: 0 })],
  'same-channel.sameChannelScreen': () => [sameChannelScreen({ channelId })],
  'said.saidBlocks': () => [
    saidBlocks(
      (['message', 'thread', 'file'] as const).map((of) => ({
        ...{ text: longest(900), of, author: PERSON_NAME, at: NOW },
      })),
    ),
  ],
  'saved.savedScreen': () => [savedScreen({ onTheWay: MANY, already: MANY, notKept: MANY })],
  'scan-note.besideLink': () => [besideLink(check)],
  'scan.checkingAgainScreen': () => [scan.checkingAgainScreen(file)],
  'scan.foundInYoursMessage': () => [scan.foundInYoursMessage({ notices })],
  'scan.releaseView': () => [scan.releaseView({ file, check, seen: longest(90) })],
  'scan.releasedScreen': () => [scan.releasedScreen(file)],
  'scan.scanButtons': () => [scan.scanButtons(file)],
  'scan.scanHealthBlocks': () => [scan.scanHealthBlocks(scanner)],
  'screen-modal.screenModal': () => [
    screenModal(listScreen({ ...listInput, inModal: true })),
    screenModal(momentScreen()),
  ],
  'settings.settingsScreen': () =>
    CONFIRM_MODES.map((confirm) =>
      settingsScreen({ rules: { ...rules, confirm }, others: channelIds, proof: 'size' }),
    ),
  'share.cardScreen': () => both.map((isGift) => share.cardScreen({ ...shareCard, isGift })),
  'share.giftMessage': () => rightsOfCards.map((right) => share.giftMessage({ ...shareCard, right })),
  'share.givenScreen': () => both.map((isNew) => share.givenScreen({ file, personId: userId, isNew })),
  'share.notToldScreen': () => both.map((isGift) => share.notToldScreen({ file, isGift, channelId })),
  'share.postedCard': () => rightsOfCards.map((right) => share.postedCard({ ...shareCard, right })),
  'share.shareView': () =>
    both.map((isOwn) =>
      share.shareView({
        file,
        isOwn,
        channelId,
        opened: channelIds.map((id) => ({ channelId: id, ts: '1.2' })),
        hidden: MANY,
      }),
    ),
  'share.sharedScreen': () =>
    both.map((isOpened) =>
      share.sharedScreen({ file, isOpened, isPosted: false, place: { channelId, ts: '1.2' } }),
    ),
  'share.takenBackScreen': () => [share.takenBackScreen({ file, place: { channelId, ts: null } })],
  'stale.staleScreen': () => [staleScreen({ command: longest(200) }), staleScreen()],
  'stats.statsScreen': () => [statsScreen(stats), statsScreen({ ...stats, picture: null })],
  'status.statusScreen': () => [statusScreen(status), statusScreen({ ...status, admin: null })],
  'trash.purgeConfirmView': () => [trash.purgeConfirmView({ file: trashed, names })],
  'trash.purgeOrderedScreen': () => [trash.purgeOrderedScreen(trashed)],
  'trash.trashScreen': () => [
    trash.trashScreen({ ...trashInput, hasOwn: true }),
    trash.trashScreen({ ...trashInput, isOwn: true }),
    ...both.map((isOwn) => trash.trashScreen({ ...trashInput, files: [], isOwn })),
  ],
  'trashed-row.trashedRow': () => [trashedRow(trashed, { names, blockId: longest(200) })],
  'upload.uploadMessage': () =>
    [channelId, null].map((id) => upload.uploadMessage({ files: uploadEnds, channelId: id })),
  'upload.uploadOffer': () => [upload.uploadOffer()],
  'upload.uploadView': () => [upload.uploadView({ channelId })],
  'upload.uploadedScreen': () => [
    upload.uploadedScreen({ names: many(10, () => FILE_NAME), channelId }),
    upload.uploadedScreen({ names: many(10, () => FILE_NAME), channelId: null }),
  ],
  'versions.versionBlocks': () => [versionBlocks(file, versions.slice(0, 20), new Map([[1, check]]))],
};
