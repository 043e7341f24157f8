import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { claimDueFiles } from '../../../src/catalog/files/capture.ts';
import { fileById } from '../../../src/catalog/files/lookup.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { threadsOf } from '../../../src/catalog/files/threads.ts';
import {
  claimPurges,
  commitPurged,
  deferPurge,
  nextPurgeDueAt,
  purgeNow,
  restoreFile,
  trashFile,
} from '../../../src/catalog/files/trash.ts';
import { auditOf, recordAudit } from '../../../src/catalog/governance/audit.ts';
import { claimDuePosts, markPosted } from '../../../src/catalog/notices/notices.ts';
import { isOfFile } from '../../../src/catalog/notices/rows.ts';
import { wantScan } from '../../../src/catalog/scan/rows.ts';
import { tellUploader, untold } from '../../../src/catalog/scan/telling.ts';
import { databases, empty } from '../databases.ts';
import { found, listChannel, sampleFile, sampleShare, storeFile, T0, TEAM } from '../samples.ts';

const F1 = { teamId: TEAM, fileId: 'F1' };

describe.each(databases)('the trash on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  beforeEach(async () => {
    await recordShares(catalog, TEAM, [found('F1', 'C1', T0)], T0);
    await storeFile(catalog, 'F1');
  });
  afterEach(() => empty(catalog));
  afterAll(() => catalog.close());

  const trash = (now = T0) =>
    trashFile(catalog, { ref: F1, actorId: 'U2', channelId: 'C7', purgeAt: T0 + 1_000, now });
  const restore = (now = T0) => restoreFile(catalog, { ref: F1, actorId: 'U3', now });
  const claim = (now: number, owner = 'a') => claimPurges(catalog, { owner, limit: 5, leaseMs: 500, now });
  const listed = async () =>
    (await listChannel(catalog, { teamId: TEAM, channelId: 'C1', filter: {}, limit: 5 })).files.length;
  const actions = async () =>
    (await auditOf(catalog, F1, 9)).map((entry) => `${entry.actorId} ${entry.action}`).reverse();

  test('trashed files leave the lists and come back when restored, each told and audited', async () => {
    expect(await trash()).toBe('trashed');
    expect(await trash()).toBe('already_trashed');
    expect(await listed()).toBe(0);
    const trashed = { state: 'trashed', trashedAt: T0, trashedBy: 'U2', purgeAt: T0 + 1_000 };
    expect(await fileById(catalog, F1)).toMatchObject(trashed);
    expect(await restore()).toBe('restored');
    expect(await restore()).toBe('not_trashed');
    expect(await listed()).toBe(1);
    const restored = { state: 'stored', trashedAt: null, trashedBy: null, purgeAt: null, dueAt: null };
    expect(await fileById(catalog, F1)).toMatchObject(restored);
    expect(await actions()).toEqual(['vault stored', 'U2 trashed', 'U3 restored']);
    expect(await claim(T0 + 9_999)).toEqual([]);
  });

  test('the restoring edits the message of its trashing, however long after; the next trashing has its own', async () => {
    const posts = (now: number) => claimDuePosts(catalog, { owner: 'p', limit: 9, leaseMs: 9, now });
    await trash();
    const [post] = await posts(T0 + 1_000);
    expect(post).toMatchObject({ channelId: 'C7', threadTs: null, kind: 'trash', manner: 'message' });
    expect(post?.notices).toMatchObject([{ kind: 'trashed', actorId: 'U2', name: 'F1.pdf', bytes: 1_000 }]);
    await markPosted(catalog, post?.id ?? 0, 'p', { ts: '5.5', version: 1, now: T0 + 1_001 });
    const later = T0 + 20 * 86_400_000;
    await restore(later);
    await trash(later + 5);
    const [edited, next] = await posts(later + 2_000);
    expect(edited).toMatchObject({ id: post?.id, ts: '5.5' });
    expect(edited?.notices.map((notice) => notice.kind)).toEqual(['trashed', 'restored']);
    expect(next?.notices.map((notice) => notice.kind)).toEqual(['trashed']);
  });

  test('each channel is told in the thread of the file’s own message there; a batch is told once', async () => {
    const posts = (now: number) => claimDuePosts(catalog, { owner: 'p', limit: 9, leaseMs: 9, now });
    const share = (fileId: string, channelId: string, ts: string, threadTs: string | null = null) =>
      recordShares(
        catalog,
        TEAM,
        [{ file: sampleFile(fileId), share: sampleShare(channelId, T0, { ts, threadTs }) }],
        T0,
      );
    await share('F2', 'C1', '20.1');
    await share('F2', 'C2', '30.2', '30.1');
    await share('F3', 'C1', '20.1');
    await share('F4', 'C1', '40.1');
    for (const fileId of ['F2', 'F3', 'F4']) await storeFile(catalog, fileId);
    const ref = (fileId: string) => ({ teamId: TEAM, fileId });
    const by = { actorId: 'U2', channelId: 'C1', tellIn: ['C1', 'C2'], purgeAt: T0 + 1_000 };
    await trashFile(catalog, { ...by, ref: ref('F2'), now: T0 });
    expect(
      (await posts(T0 + 1_000)).map(({ channelId, threadTs }) => `${channelId} ${threadTs}`).sort(),
    ).toEqual(['C1 20.1', 'C2 30.1']);
    const one = await threadsOf(catalog, TEAM, ['F2', 'F3']);
    expect(Object.fromEntries(one)).toEqual({ C1: '20.1', C2: '30.1' });
    const threads = await threadsOf(catalog, TEAM, ['F2', 'F3', 'F4']);
    expect(Object.fromEntries(threads)).toEqual({ C1: null, C2: '30.1' });
    for (const fileId of ['F3', 'F4'])
      await trashFile(catalog, { ...by, tellIn: ['C1'], ref: ref(fileId), threads, now: T0 + 9 });
    const told = (await posts(T0 + 2_000)).filter(({ notices }) => notices.length > 1);
    expect(told).toMatchObject([{ channelId: 'C1', threadTs: null }]);
  });

  test('a file of two channels is told in both, and restoring it edits both messages, once', async () => {
    const both = { ref: F1, actorId: 'U2', channelId: 'C1', tellIn: ['C2', 'C1', 'C2'] };
    await trashFile(catalog, { ...both, purgeAt: T0 + 1_000, now: T0 });
    const posts = (now: number) => claimDuePosts(catalog, { owner: 'p', limit: 9, leaseMs: 9, now });
    const told = await posts(T0 + 1_000);
    expect(told.map(({ channelId }) => channelId).sort()).toEqual(['C1', 'C2']);
    for (const { id } of told) await markPosted(catalog, id, 'p', { ts: `5.${id}`, version: 1, now: T0 });
    expect([await restore(T0 + 5), await restore(T0 + 6)]).toEqual(['restored', 'not_trashed']);
    const edited = await posts(T0 + 5_000);
    expect(edited.map(({ notices }) => notices.map(({ kind }) => kind))).toEqual([
      ['trashed', 'restored'],
      ['trashed', 'restored'],
    ]);
  });

  test('removed for good with its name forgotten: nothing shows the name, and nothing brings it back', async () => {
    const SECRET = /payroll|gehalt/i;
    const secret = { name: 'Payroll 2026.pdf', title: 'Gehaltsliste' };
    const F2 = { teamId: TEAM, fileId: 'F2' };
    await recordShares(catalog, TEAM, [found('F2', 'C1', T0, secret)], T0);
    await storeFile(catalog, 'F2', { confirm: 'thread' });
    await catalog.db
      .updateTable('file')
      .set({ objectKey: 'T1/C1/F2/Payroll 2026.pdf' })
      .where('fileId', '=', 'F2')
      .execute();
    await wantScan(catalog, { ...F2, version: 1, sha256: 'x' }, { storedAt: T0, now: T0 });
    await catalog.db.updateTable('scan').set({ state: 'infected', signature: 'Eicar' }).execute();
    const [malware] = await untold(catalog, TEAM, 1);
    if (malware !== undefined) await tellUploader(catalog, TEAM, malware, { channelId: 'D1', now: T0 });
    const release = {
      teamId: TEAM,
      fileId: 'F2',
      channelId: 'C1',
      actorId: 'U9',
      action: 'released',
    } as const;
    await recordAudit(catalog, {
      ...release,
      at: T0,
      detail: { found: 'Eicar', reason: 'the payroll, no virus' },
    });
    const deleted = { ref: F2, actorId: 'U2', channelId: 'C1', purgeAt: T0 + 9_000, now: T0 };
    await trashFile(catalog, deleted);
    expect(await purgeNow(catalog, { ref: F2, actorId: 'U9', now: T0, forget: true })).toBe('ordered');
    await claim(T0);
    expect(await commitPurged(catalog, F2, 'a', T0)).toBe(true);
    // Slack still shows it.
    await recordShares(catalog, TEAM, [found('F2', 'C1', T0 + 5, secret)], T0);
    const read = async (table: string) =>
      JSON.stringify((await sql`select * from ${sql.table(table)}`.execute(catalog.db)).rows);
    for (const table of ['file', 'notice', 'audit', 'find_word', 'file_version'])
      expect(await read(table), table).not.toMatch(SECRET);
    expect(await fileById(catalog, F2)).toMatchObject({ state: 'purged', name: null, storedBytes: 1_000 });
    const said = (await auditOf(catalog, F2, 9)).map(({ action, detail }) => [action, detail]);
    expect(said.slice(0, 2)).toEqual([
      ['purged', { bytes: 1_000 }],
      ['purge_ordered', { forget: true }],
    ]);
    expect(said).toContainEqual(['released', { found: 'Eicar' }]);
    expect(await read('scan')).toBe('[]');
    const posts = await claimDuePosts(catalog, { owner: 'p', limit: 9, leaseMs: 9, now: T0 + 9_999 });
    expect(posts.flatMap(({ notices }) => notices.filter(isOfFile).map(({ name }) => name))).toEqual([
      null,
      null,
      null,
    ]);
    expect(await catalog.db.selectFrom('journal').select('walk').executeTakeFirst()).toEqual({
      walk: 'file',
    });
  });

  test('a file that was restored keeps its name at the next removal', async () => {
    await trash();
    await purgeNow(catalog, { ref: F1, actorId: 'U9', now: T0, forget: true });
    expect(await restore()).toBe('restored');
    await trash();
    await claim(T0 + 1_000);
    await commitPurged(catalog, F1, 'a', T0 + 1_000);
    expect(await fileById(catalog, F1)).toMatchObject({ name: 'F1.pdf' });
  });

  test('only what is stored can be trashed', async () => {
    await recordShares(catalog, TEAM, [found('F2', 'C1', T0)], T0);
    for (const fileId of ['F2', 'F404']) {
      const ref = { teamId: TEAM, fileId };
      expect(await trashFile(catalog, { ref, actorId: 'U2', channelId: 'C1', purgeAt: T0, now: T0 })).toBe(
        'not_stored',
      );
      expect(await restoreFile(catalog, { ref, actorId: 'U2', now: T0 })).toBe('not_trashed');
    }
  });

  test('a file whose time in the trash is over is purged once', async () => {
    await trash();
    expect(await nextPurgeDueAt(catalog)).toBe(T0 + 1_000);
    expect(await claim(T0 + 999)).toEqual([]);
    expect(await claim(T0 + 1_000)).toMatchObject([
      { fileId: 'F1', state: 'trashed', objectKey: 'vault/F1' },
    ]);
    expect(await claim(T0 + 1_000, 'b')).toEqual([]);
    expect(await commitPurged(catalog, F1, 'b', T0 + 1_100)).toBe(false);
    expect(await commitPurged(catalog, F1, 'a', T0 + 1_100)).toBe(true);
    expect(await fileById(catalog, F1)).toMatchObject({ state: 'purged', dueAt: null });
    expect(await restore()).toBe('purged');
    expect(await trash()).toBe('not_stored');
    await recordShares(catalog, TEAM, [found('F1', 'C1', T0 + 5)], T0);
    expect(await fileById(catalog, F1)).toMatchObject({ state: 'purged' });
    expect(await listed()).toBe(0);
    expect((await actions()).at(-1)).toBe('vault purged');
  });

  test('a purge that has begun cannot be undone, and is tried again', async () => {
    await trash();
    await claim(T0 + 1_000);
    expect(await restore()).toBe('purged');
    expect(await deferPurge(catalog, F1, 'a', T0 + 5_000)).toBe(true);
    expect(await restore()).toBe('purged');
    expect(await claim(T0 + 4_999, 'b')).toEqual([]);
    expect(await claim(T0 + 5_000, 'b')).toMatchObject([{ fileId: 'F1', attempts: 2 }]);
    expect(await claimDueFiles(catalog, { owner: 'a', limit: 9, leaseMs: 9, now: T0 + 9_999 })).toEqual([]);
  });
});
