import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fileById } from '../../../src/catalog/files/lookup.ts';
import { auditOf } from '../../../src/catalog/governance/audit.ts';
import type { FileRow } from '../../../src/catalog/model.ts';
import type { ScanMode } from '../../../src/catalog/scan/model.ts';
import { claimScans, type ScanOutcome, scanDone, wantScan } from '../../../src/catalog/scan/rows.ts';
import type { Scanner } from '../../../src/scan/scanner.ts';
import { fileDetails } from '../../../src/vault/files/details.ts';
import { getFile } from '../../../src/vault/files/get.ts';
import { makeLink } from '../../../src/vault/files/link.ts';
import { filesPage } from '../../../src/vault/files/page.ts';
import { shareFile } from '../../../src/vault/files/share.ts';
import { scanHealth } from '../../../src/vault/scan/facts.ts';
import { WAITED_MS } from '../../../src/vault/scan/gate.ts';
import { checkAgain, releasableFile, releaseFile, sightOf } from '../../../src/vault/scan/release.ts';
import { TEAM } from '../../catalog/samples.ts';
import { ADMIN, ANNA, AUDITOR, BEN, openWorld, type World } from '../world.ts';

let world: World;
const scanner = {
  facts: () => ({ version: null, awaySince: null, tellsLimits: true, tellsLocked: true }),
} as unknown as Scanner;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.clear();
  await world.catalog.db.deleteFrom('scan').execute();
  world.vault.scan = { scanner, unscanned: 'block' };
  await world.channel('G1', [ANNA, BEN]);
  await world.channel('G2', [ANNA, BEN, ADMIN]);
  await world.share('F1', 'G1', { name: 'photo.png', type: 'image/png' });
  await world.share('F2', 'G2');
  world.answers.set('chat.postMessage', { ts: '1.2' });
});

/** The scanner comes, and says this of every file that waits. */
async function scanAll(outcome: ScanOutcome, versions = 2): Promise<void> {
  const now = world.vault.now();
  for (const fileId of ['F1', 'F2']) await link(ANNA, fileId).catch(() => {});
  const rows = await claimScans(world.catalog, 'scan', { owner: 'a', limit: 9, leaseMs: 1, now });
  expect(rows).toHaveLength(versions);
  for (const row of rows)
    await scanDone(world.catalog, row, 'a', { outcome, scannedWith: 'V', dueAt: now, now });
}

const link = (userId: string, fileId: string) => makeLink(world.vault, { userId, channelId: null, fileId });
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'given',
    (error: { code: string }) => error.code,
  );
const fileOf = async (fileId: string) => (await fileById(world.catalog, { teamId: TEAM, fileId })) as FileRow;
const INFECTED = { state: 'infected', signature: 'Evil.Worm' } as const;

/** Every way in which bytes leave the vault, or people are pointed to them. */
const WAYS: Array<[string, (userId: string, fileId: string) => Promise<string>]> = [
  ['Download', (userId, fileId) => codeOf(link(userId, fileId))],
  [
    '/vault get',
    async (userId, query) => {
      const got = await getFile(world.vault, { userId, channelId: 'G1', query, limit: 5 });
      return got.kind === 'closed' ? got.why.code : codeOf(Promise.resolve(got));
    },
  ],
  [
    'Details, by its picture',
    async (userId, fileId) => {
      const { previewUrl } = await fileDetails(world.vault, { userId, channelId: null, fileId });
      return previewUrl === null ? 'no picture' : 'given';
    },
  ],
  [
    'Share here',
    (userId, fileId) =>
      codeOf(
        shareFile(world.vault, { userId, fileId, channelId: 'G1', draw: () => ({ text: '', blocks: [] }) }),
      ),
  ],
];

describe.each(WAYS)('%s', (name, way) => {
  const isPicture = name.startsWith('Details');
  it('gives a file only when it is clean', async () => {
    const before = await way(BEN, 'F1');
    expect(before).toBe(isPicture ? 'no picture' : name === 'Share here' ? 'given' : 'being_checked');
    await scanAll(INFECTED);
    for (const who of [BEN, ANNA])
      expect(await way(who, 'F1')).toBe(isPicture ? 'no picture' : 'malware_found');
    await world.catalog.db.updateTable('scan').set({ state: 'clean', signature: null }).execute();
    expect(await way(BEN, 'F1')).toBe('given');
  });

  it('asks nothing where nothing is scanned', async () => {
    delete world.vault.scan;
    expect(await way(BEN, 'F1')).toBe('given');
    expect(await world.catalog.db.selectFrom('scan').selectAll().execute()).toEqual([]);
  });
});

it('a file that nobody has marked is marked and goes first', async () => {
  expect(await codeOf(link(BEN, 'F1'))).toBe('being_checked');
  expect(await world.catalog.db.selectFrom('scan').select(['fileId', 'state', 'dueAt']).execute()).toEqual([
    { fileId: 'F1', state: 'waiting', dueAt: 0 },
  ]);
  expect(world.woken).toContain('scan');
});

it('an admin gets no infected file either, and reads the same', async () => {
  await scanAll(INFECTED);
  expect(await codeOf(link(ADMIN, 'F2'))).toBe('malware_found');
});

it('who may not see the file does not learn what is in it', async () => {
  await scanAll(INFECTED);
  expect(await codeOf(link(ADMIN, 'F1'))).toBe('no_such_file');
  expect(await codeOf(releasableFile(world.vault, { userId: ADMIN, fileId: 'F1' }))).toBe('no_such_file');
  const health = await scanHealth(world.vault, ADMIN);
  expect(health?.found.map(({ fileId }) => fileId)).toEqual(['F2']);
  expect(health?.hidden).toBe(1);
});

describe('what could not be checked', () => {
  it.each(['too_large', 'limits', 'encrypted', 'refused', 'broke', 'archived', 'unreadable'] as const)(
    '(%s) is given only where that is allowed',
    async (reason) => {
      await scanAll({ state: 'unscanned', reason });
      expect(await codeOf(link(BEN, 'F1'))).toBe('not_checked');
      world.vault.scan = { scanner, unscanned: 'allow' };
      expect((await link(BEN, 'F1')).check).toMatchObject({ state: 'unscanned', reason, isGiven: true });
    },
  );

  it('includes what has waited for long, until the scanner comes to it', async () => {
    await codeOf(link(BEN, 'F1'));
    await world.catalog.db
      .updateTable('scan')
      .set({ since: world.vault.now() - WAITED_MS })
      .execute();
    expect(await codeOf(link(BEN, 'F1'))).toBe('not_checked');
    world.vault.scan = { scanner, unscanned: 'allow' };
    expect((await link(BEN, 'F1')).check).toMatchObject({ reason: 'waited' });
    expect(await world.catalog.db.selectFrom('scan').select('state').execute()).toEqual([
      { state: 'waiting' },
    ]);
  });

  it('never includes malware', async () => {
    world.vault.scan = { scanner, unscanned: 'allow' };
    await scanAll(INFECTED);
    expect(await codeOf(link(BEN, 'F1'))).toBe('malware_found');
  });
});

it('without VAULT_SCAN what was found before stays closed, and nothing else is asked', async () => {
  await scanAll(INFECTED);
  await world.share('F3', 'G2');
  world.vault.scan = { scanner: null, unscanned: 'allow' };
  expect(await codeOf(link(BEN, 'F2'))).toBe('malware_found');
  expect(await codeOf(link(BEN, 'F3'))).toBe('given');
  // Nobody is told for ever that a file is being checked.
  const { checks } = await filesPage(world.vault, { userId: BEN, channelId: 'G2', query: '', limit: 5 });
  expect([...checks.keys()]).toEqual(['F2']);
  expect((await link(BEN, 'F3')).check).toBe(null);
  const { scan } = await fileDetails(world.vault, { userId: BEN, channelId: null, fileId: 'F3' });
  expect(scan?.newest).toBe(null);
});

describe('bots with different settings', () => {
  it('without VAULT_SCAN, a bot gives out no more than one that has it', async () => {
    let others: ScanMode[] = ['block'];
    world.vault.scan = { scanner: null, unscanned: 'allow', others: () => others };
    // Nobody has scanned it: the other bot is asked to, at once.
    expect(await codeOf(link(BEN, 'F2'))).toBe('being_checked');
    const waiting = world.catalog.db.selectFrom('scan').select(['state', 'dueAt']).where('fileId', '=', 'F2');
    expect(await waiting.execute()).toEqual([{ state: 'waiting', dueAt: 0 }]);
    await scanAll({ state: 'unscanned', reason: 'encrypted' });
    expect(await codeOf(link(BEN, 'F2'))).toBe('not_checked');
    others = ['allow'];
    expect(await codeOf(link(BEN, 'F2'))).toBe('given');
    expect(await scanHealth(world.vault, ADMIN)).toMatchObject({ isOn: false, mixed: 'others' });
  });

  it('of two policies, the stricter one counts for both', async () => {
    await scanAll({ state: 'unscanned', reason: 'limits' });
    world.vault.scan = { scanner, unscanned: 'allow', others: () => ['block'] };
    expect(await codeOf(link(BEN, 'F2'))).toBe('not_checked');
    expect(await scanHealth(world.vault, ADMIN)).toMatchObject({ mixed: 'yes', unscannedPolicy: 'block' });
    world.vault.scan = { scanner, unscanned: 'allow', others: () => ['allow'] };
    expect(await codeOf(link(BEN, 'F2'))).toBe('given');
    expect(await scanHealth(world.vault, ADMIN)).toMatchObject({ mixed: 'no', unscannedPolicy: 'allow' });
  });
});

describe('a release', () => {
  const seenBy = async (userId: string, fileId: string) => {
    const { file, check } = await releasableFile(world.vault, { userId, fileId });
    return sightOf(file, check);
  };
  const release = async (userId: string, fileId = 'F2', reason = 'a false alarm') => {
    const seen = await seenBy(userId, fileId).catch(() => '');
    return codeOf(releaseFile(world.vault, { userId, fileId, seen, reason }));
  };

  it('is about what the admin saw, not about what came meanwhile', async () => {
    await scanAll({ state: 'unscanned', reason: 'encrypted' });
    const seen = await seenBy(ADMIN, 'F2');
    const late = () =>
      codeOf(releaseFile(world.vault, { userId: ADMIN, fileId: 'F2', seen, reason: 'locked by ourselves' }));
    await world.catalog.db
      .updateTable('scan')
      .set({ ...INFECTED, reason: null })
      .execute();
    expect(await late()).toBe('scan_changed');
    await world.catalog.db
      .updateTable('scan')
      .set({ state: 'unscanned', reason: 'encrypted', signature: null, number: 2 })
      .execute();
    await world.catalog.db.updateTable('file').set({ version: 2 }).where('fileId', '=', 'F2').execute();
    expect(await late()).toBe('scan_changed');
    expect(await codeOf(link(BEN, 'F2'))).toBe('not_checked');
    expect(await release(ADMIN)).toBe('given');
  });

  it('is for admins who may know of the file, with a reason', async () => {
    await scanAll(INFECTED);
    expect(await release(BEN)).toBe('admins_only');
    // The uploader and the auditor are no admins.
    expect(await release(ANNA)).toBe('admins_only');
    expect(await release(AUDITOR)).toBe('admins_only');
    expect(await release(ADMIN, 'F2', '  ')).toBe('release_reason');
    expect(await release(ADMIN, 'F1')).toBe('no_such_file');
    expect(await release(ADMIN)).toBe('given');
    expect(await release(ADMIN)).toBe('nothing_to_release');
    const { check } = await link(BEN, 'F2');
    expect(check).toMatchObject({
      state: 'infected',
      isGiven: true,
      release: { by: ADMIN, reason: 'a false alarm' },
    });
    const log = await auditOf(world.catalog, { teamId: TEAM, fileId: 'F2' }, 9);
    expect(log.find(({ action }) => action === 'released')).toMatchObject({
      actorId: ADMIN,
      detail: { reason: 'a false alarm', found: 'Evil.Worm' },
    });
  });

  it('is only for what is held back', async () => {
    expect(await release(ADMIN)).toBe('nothing_to_release');
    await scanAll({ state: 'clean' });
    expect(await release(ADMIN)).toBe('nothing_to_release');
  });

  it('is there for an older version, too, and about that one alone', async () => {
    const { db } = world.catalog;
    const storedAt = world.vault.now();
    const bytes = { objectKey: 'old', storedBytes: 5, sha256: 'd'.repeat(64), crc32: '', etag: null };
    const rest = { versionId: null, proof: 'crc32' as const, storedType: null, lostAt: null, holdApplied: 0 };
    const due = { dueAt: null, leaseOwner: null, attempts: 0 };
    await db.updateTable('file').set({ version: 2, olderVersions: 1 }).where('fileId', '=', 'F2').execute();
    await db
      .insertInto('fileVersion')
      .values({ teamId: TEAM, fileId: 'F2', number: 1, storedAt, ...bytes, ...rest, ...due })
      .execute();
    const ask = { teamId: TEAM, fileId: 'F2', version: 1, sha256: bytes.sha256 };
    await wantScan(world.catalog, ask, { storedAt, now: world.vault.now() });
    await scanAll(INFECTED, 3);
    const old = (userId: string) =>
      codeOf(makeLink(world.vault, { userId, channelId: null, fileId: 'F2', version: 1 }));
    expect(await old(BEN)).toBe('malware_found');

    const facts = async (userId: string) =>
      (await fileDetails(world.vault, { userId, channelId: null, fileId: 'F2' })).scan;
    expect([...((await facts(ADMIN))?.releasable ?? [])]).toEqual([1]);
    expect([...((await facts(BEN))?.releasable ?? [])]).toEqual([]);

    const asked = { userId: ADMIN, fileId: 'F2', version: 1 };
    const { file, check } = await releasableFile(world.vault, asked);
    const of = { ...asked, seen: sightOf(file, check), reason: 'a false alarm' };
    // What was seen of one version says nothing of another one, nor of one that is not there.
    expect(await codeOf(releaseFile(world.vault, { ...of, version: 2 }))).toBe('scan_changed');
    expect(await codeOf(releaseFile(world.vault, { ...of, version: 7 }))).toBe('no_such_version');
    expect(await codeOf(releaseFile(world.vault, { ...of, userId: BEN }))).toBe('admins_only');
    expect(await codeOf(releaseFile(world.vault, of))).toBe('given');
    expect([...((await facts(ADMIN))?.releasable ?? [])]).toEqual([]);
    expect(await old(BEN)).toBe('given');
    expect(await codeOf(link(BEN, 'F2'))).toBe('malware_found');
    const log = await auditOf(world.catalog, { teamId: TEAM, fileId: 'F2' }, 9);
    expect(log.find(({ action }) => action === 'released')?.detail).toMatchObject({ version: 1 });
  });

  it('says nothing of other bytes', async () => {
    await scanAll(INFECTED);
    await release(ADMIN);
    await world.catalog.db
      .updateTable('file')
      .set({ sha256: 'c'.repeat(64) })
      .where('fileId', '=', 'F2')
      .execute();
    expect(await codeOf(link(BEN, 'F2'))).toBe('being_checked');
  });

  it('has a sister: an admin has the file checked again', async () => {
    await scanAll({ state: 'unscanned', reason: 'too_large' });
    expect(await codeOf(checkAgain(world.vault, { userId: BEN, fileId: 'F2' }))).toBe('admins_only');
    expect((await checkAgain(world.vault, { userId: ADMIN, fileId: 'F2' })).fileId).toBe('F2');
    const due = { owner: 'b', limit: 9, leaseMs: 1, now: world.vault.now() };
    expect((await claimScans(world.catalog, 'rescan', due)).map(({ fileId }) => fileId)).toContain('F2');
  });
});

it('Details and lists say how the check stands', async () => {
  await scanAll(INFECTED);
  const details = async (userId: string) =>
    (await fileDetails(world.vault, { userId, channelId: null, fileId: 'F2' })).scan;
  expect(await details(BEN)).toMatchObject({
    newest: { state: 'infected', signature: 'Evil.Worm' },
    mayRelease: false,
  });
  expect(await details(ADMIN)).toMatchObject({ mayRelease: true });
  const page = await filesPage(world.vault, { userId: BEN, channelId: 'G2', query: '', limit: 5 });
  expect(page.checks.get('F2')).toMatchObject({ state: 'infected', isGiven: false });
  expect((await fileOf('F2')).state).toBe('stored');
});
