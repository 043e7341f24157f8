import { describe, expect, it } from 'vitest';
import { retryingScreen } from '../../src/blocks/retrying.ts';
import { statusScreen } from '../../src/blocks/status.ts';
import { noFindings } from '../../src/catalog/alerts/findings.ts';
import type { SkipReason } from '../../src/catalog/model.ts';
import { adminStatus, file, NOW, notStored } from './samples.ts';
import { expectScreen, wordsOf } from './snapshot.ts';

const nothing = { files: [], total: 0 };
const storing = file({ ...notStored, fileId: 'F0MOV', name: 'keynote.mov', state: 'storing' });
const failed = file({
  ...notStored,
  fileId: 'F0BAD',
  name: 'notes.txt',
  state: 'failed',
  errorCode: 'bucket_credentials',
  errorText: 'check AWS_ACCESS_KEY_ID',
  dueAt: NOW + 60_000,
});

describe('/vault status', () => {
  it('says that all is well', async () => {
    await expectScreen(
      'status-quiet',
      statusScreen({ now: NOW, onTheWay: nothing, failures: nothing, admin: null }),
    );
  });

  it('shows a person what waits and what failed, with Retry', async () => {
    const screen = statusScreen({
      now: NOW,
      onTheWay: { files: [storing], total: 7 },
      failures: { files: [failed], total: 1 },
      admin: null,
    });
    await expectScreen('status-person', screen);
    expect(JSON.stringify(screen)).toContain('"action_id":"retry_file"');
    // Settings are for those who run the vault.
    expect(wordsOf(screen)).not.toContain('AWS_');
    expect(JSON.stringify(screen)).not.toContain('retry_all');
  });

  const left = (fileId: string, reason: SkipReason, name: string) =>
    file({ ...notStored, fileId, name, state: 'skipped', reason });
  const leftOut = {
    notKept: {
      files: [left('F0BIG', 'too_large', 'huge.mov'), left('F0NO', 'access_denied', 'secret.pdf')],
      total: 12,
    },
    links: { total: 8 },
  };

  it('shows what is not kept and why, without Retry, and only counts links', async () => {
    const input = { now: NOW, onTheWay: nothing, failures: nothing, ...leftOut };
    const screen = statusScreen({ ...input, admin: null });
    await expectScreen('status-not-kept', screen);
    expect(JSON.stringify(screen)).not.toContain('retry_file');
    // Not everything is in the vault, so it does not say that it is.
    expect(wordsOf(screen)).not.toContain('Everything shared');
    expect(wordsOf(screen)).toContain('8 files live outside Slack');
    const forAdmin = statusScreen({ ...input, admin: adminStatus });
    await expectScreen('status-not-kept-admin', forAdmin);
    expect(wordsOf(forAdmin)).toContain('VAULT_MAX_FILE_BYTES');
    expect(wordsOf(screen)).not.toContain('VAULT_');
    const links = statusScreen({ ...input, notKept: nothing, admin: null });
    expect(wordsOf(links)).not.toContain('Everything shared');
  });

  it('never says that everything is kept where a channel is switched off', () => {
    const quiet = { now: NOW, onTheWay: nothing, failures: nothing, isWhole: false, admin: null };
    expect(wordsOf(statusScreen(quiet))).not.toMatch(/Everything shared|up to date/);
    expect(wordsOf(statusScreen(quiet))).toContain('Nothing is waiting');
  });

  it('tells people that an admin has been told, and admins which scope is missing', () => {
    const denied = file({
      ...failed,
      errorCode: 'missing_scope',
      errorText: "Slack's files.info failed: missing_scope (needs the scope files:read)",
      attempts: 9,
    });
    const input = { now: NOW, onTheWay: nothing, failures: { files: [denied], total: 1 } };
    const person = wordsOf(statusScreen({ ...input, admin: null }));
    expect(person).toContain('An admin has been told.');
    expect(person).not.toContain('files:read');
    expect(wordsOf(statusScreen({ ...input, admin: adminStatus }))).toContain(
      'The scope `files:read` is missing.',
    );
    const first = { files: [{ ...denied, attempts: 1 }], total: 1 };
    expect(wordsOf(statusScreen({ ...input, failures: first, admin: null }))).toContain('an admin is told');
  });

  it('shows admins the whole vault, with Retry all', async () => {
    await expectScreen(
      'status-admin',
      statusScreen({ now: NOW, onTheWay: nothing, failures: nothing, admin: adminStatus }),
    );
  });

  it('shows admins a vault that is well, offering no Retry', async () => {
    const admin = {
      ...adminStatus,
      queue: { pending: 0, storing: 0, failed: 0 },
      reasons: [],
      sweep: { lastAt: null, unreadable: ['C0PRIVATE'] },
      verified: adminStatus.verified && { ...adminStatus.verified, counts: noFindings() },
      channels: { saved: 12, total: 12, atLeast: false, notSaved: [], joinable: 0, mayJoin: false },
      left: [],
      alerts: [],
    };
    const screen = statusScreen({ now: NOW, onTheWay: nothing, failures: nothing, admin });
    await expectScreen('status-admin-well', screen);
    expect(JSON.stringify(screen)).not.toContain('retry_all');
  });

  it('says so when Slack does not list channels and nothing was compared', () => {
    const admin = { ...adminStatus, channels: null, verified: null };
    const words = wordsOf(statusScreen({ now: NOW, onTheWay: nothing, failures: nothing, admin }));
    expect(words).toContain('have not been compared yet');
    expect(words).toContain('Slack does not say');
  });

  it('tells admins when the database lacks pg_trgm, and when bots of different versions share it', () => {
    const input = { now: NOW, onTheWay: nothing, failures: nothing };
    const words = (
      admin: Partial<typeof adminStatus> & { slowSearch?: boolean; schemas?: (string | null)[] },
    ) => wordsOf(statusScreen({ ...input, admin: { ...adminStatus, ...admin } }));
    expect(words({ schemas: ['0018_workspace'] })).not.toMatch(/different versions|pg_trgm/);
    expect(words({ slowSearch: true })).toContain('create extension pg_trgm');
    const mixed = words({ schemas: [null, '0018_workspace'] });
    expect(mixed).toContain('0018_workspace');
    expect(mixed).toContain('npm run recount');
  });

  it('tells admins how far it is with reading what is in files', () => {
    const input = { now: NOW, onTheWay: nothing, failures: nothing };
    const words = (
      reading: { waiting: number; older?: number; unread: { reason: string; files: number }[] } | null,
    ) => wordsOf(statusScreen({ ...input, admin: { ...adminStatus, reading } }));
    for (const none of [null, { waiting: 0, unread: [] }])
      expect(words(none)).not.toMatch(/for search|searched/);
    const told = words({ waiting: 1_204, unread: [{ reason: 'password_protected', files: 2 }] });
    expect(told).toContain('1,204 files still to be read for search.');
    expect(words({ waiting: 12, older: 11, unread: [] })).toContain(
      '12 files still to be read for search, 11 of them older.',
    );
    expect(told).toContain(
      'The text of 2 files is not searched, or not all of it: it is locked with a password.',
    );
  });

  it('tells admins why files, or pictures, are not read here, and what to do', () => {
    const lacks = [
      { kind: 'ocr_memory', memoryMb: 800, neededMb: 1024 },
      { kind: 'start', reason: 'EAGAIN' },
    ] as const;
    const reading = { waiting: 0, unread: [], lacks: [...lacks] };
    const words = wordsOf(
      statusScreen({
        ...{ now: NOW, onTheWay: nothing, failures: nothing, admin: { ...adminStatus, reading } },
      }),
    );
    expect(words).toMatch(/Pictures and scans are not read.* 800 MB .*take VAULT_OCR out/);
    expect(words).toContain('cannot be started (EAGAIN)');
  });

  it('keeps to the blocks of a message where much is wrong at once', () => {
    const found = Array.from({ length: 10 }, (_, at) => file({ fileId: `F0INF${at}` }));
    const alerts = Array.from({ length: 10 }, (_, at) => ({
      kind: 'renewed',
      from: `C${at}`,
      to: `C1${at}`,
      name: null,
    }));
    const scan = {
      ...{ isOn: true, engine: null, signatures: null, signaturesAt: null, awaySince: null },
      found,
    };
    const { blocks } = statusScreen({
      ...{
        now: NOW,
        onTheWay: nothing,
        failures: { files: found.map((one) => ({ ...failed, fileId: one.fileId })), total: 90 },
      },
      admin: { ...adminStatus, alerts, scan: { ...scan, unscannedPolicy: 'block', hidden: 7 } } as never,
    });
    expect(blocks.length).toBeLessThanOrEqual(50);
    expect(JSON.stringify(blocks)).toContain('more');
  });

  it('Retry all says how many', async () => {
    await expectScreen('retrying', retryingScreen({ files: 1_204 }));
    expect(retryingScreen({ files: 0 }).text).toContain('nothing');
  });
});
