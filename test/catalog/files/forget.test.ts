import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  claimDuePeriodicJobs,
  periodicJobDone,
  setUpPeriodicJob,
} from '../../../src/catalog/alerts/periodic-jobs.ts';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import {
  claimPurges,
  commitPurged,
  purgeNow,
  restoreFile,
  trashFile,
} from '../../../src/catalog/files/trash.ts';
import { recordAudit } from '../../../src/catalog/governance/audit.ts';
import { requestExport } from '../../../src/catalog/governance/exports.ts';
import { liftHold, setHold } from '../../../src/catalog/governance/holds.ts';
import { claimDuePosts, markPosted } from '../../../src/catalog/notices/notices.ts';
import { tellOfUpload } from '../../../src/catalog/notices/uploads.ts';
import { wantScan } from '../../../src/catalog/scan/rows.ts';
import { tellUploader, untold } from '../../../src/catalog/scan/telling.ts';
import { databases, empty } from '../databases.ts';
import { found, storeFile, T0, TEAM } from '../samples.ts';

const F2 = { teamId: TEAM, fileId: 'F2' };
const KEY = 'slack/T1/C1/2026/11/23/F2/Zwiebelfisch Q3.pdf';

describe.each(databases)('a name that is to be forgotten, on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterEach(async () => {
    await empty(catalog);
    await sql`delete from chore`.execute(catalog.db);
  });
  afterAll(() => catalog.close());

  /** Every table that holds rows, with its rows as text. What an index is made of holds no text to read. */
  const tables = async () => {
    const { rows } = await (catalog.kind === 'sqlite'
      ? sql<{ name: string }>`select name from sqlite_master where type = 'table'
          and sql not like 'create virtual%' and name not like 'sqlite_%'`
      : sql<{ name: string }>`select table_name as name from information_schema.tables
          where table_schema = current_schema() and table_type = 'BASE TABLE'`
    ).execute(catalog.db);
    const read = async (name: string) =>
      JSON.stringify((await sql`select * from ${sql.table(name)}`.execute(catalog.db)).rows);
    const names = rows.map(({ name }) => name).filter((name) => !/_(data|idx|docsize|config)$/.test(name));
    return Promise.all(names.map(async (name) => [name, await read(name)] as const));
  };
  const naming = async () =>
    (await tables()).filter(([, rows]) => /zwiebelfisch/i.test(rows)).map(([name]) => name);

  test('stands in no table any more, wherever it was written; the names of others stay', async () => {
    const secret = { name: 'Zwiebelfisch Q3.pdf', title: 'Zwiebelfischliste' };
    await recordShares(catalog, TEAM, [found('F2', 'C1', T0, secret), found('F3', 'C1', T0)], T0);
    for (const fileId of ['F2', 'F3']) await storeFile(catalog, fileId, { confirm: 'thread' });
    const changed = catalog.db.updateTable('file').set({ objectKey: KEY });
    await changed.where('fileId', '=', 'F2').execute();
    // Told to its uploader: as an upload, and as malware.
    const files = [
      { fileId: 'F2', name: secret.name },
      { fileId: 'F3', name: 'F3.pdf' },
    ];
    const upload = { files, channelId: null };
    await tellOfUpload(catalog, { teamId: TEAM, channelId: 'D1', upload, now: T0 });
    await wantScan(catalog, { ...F2, version: 1, sha256: 'x' }, { storedAt: T0, now: T0 });
    await catalog.db.updateTable('scan').set({ state: 'infected', signature: 'Eicar' }).execute();
    for (const malware of await untold(catalog, TEAM, 1))
      await tellUploader(catalog, TEAM, malware, { channelId: 'D1', now: T0 });
    // Typed: by older versions also into the log.
    const typed = { teamId: TEAM, actorId: 'U9', at: T0, fileId: null, channelId: null };
    await recordAudit(catalog, {
      ...typed,
      action: 'looked',
      detail: { what: 'audit', query: 'zwiebelfisch' },
    });
    const filter = { text: 'zwiebelfisch', fileIds: ['F2'] };
    const order = {
      teamId: TEAM,
      requestedBy: 'U9',
      channelId: 'C1',
      format: 'csv',
      filter,
      now: T0,
    } as const;
    await requestExport(catalog, { ...order, kind: 'audit' });
    const scope = { personId: null, channelId: null, fileId: 'F2', sharedFrom: null, sharedUntil: null };
    const held = { teamId: TEAM, actorId: 'U9', now: T0 };
    const { holdId } = await setHold(catalog, { ...held, scope, reason: 'zwiebelfisch lawsuit' });
    await liftHold(catalog, { ...held, holdId });
    // Where work in the bucket stands.
    await setUpPeriodicJob(catalog, 'verify', T0, T0);
    await claimDuePeriodicJobs(catalog, { owner: 'v', limit: 1, leaseMs: 9, now: T0 });
    const memo = { run: { after: KEY, asked: 1 } };
    await periodicJobDone(catalog, 'verify', 'v', { memo, dueAt: T0 });
    // Deleted, restored, and deleted again.
    const trash = { ref: F2, actorId: 'U2', channelId: 'C1', purgeAt: T0 + 9_000 };
    await trashFile(catalog, { ...trash, now: T0 });
    await restoreFile(catalog, { ref: F2, actorId: 'U2', now: T0 + 1 });
    await trashFile(catalog, { ...trash, now: T0 + 2 });
    const posts = await claimDuePosts(catalog, { owner: 'p', limit: 9, leaseMs: 9, now: T0 + 99_999 });
    for (const { id, version } of posts)
      await markPosted(catalog, id, 'p', { ts: `5.${id}`, version, now: T0 });
    const before = ['audit', 'chore', 'export_job', 'file', 'find_word', 'hold', 'notice'];
    expect(await naming()).toEqual(expect.arrayContaining(before));

    await purgeNow(catalog, { ref: F2, actorId: 'U9', now: T0 + 3, forget: true });
    await claimPurges(catalog, { owner: 'a', limit: 5, leaseMs: 500, now: T0 + 3 });
    expect(await commitPurged(catalog, F2, 'a', T0 + 3)).toBe(true);
    expect(await naming()).toEqual([]);

    const texts = Object.fromEntries(await tables());
    expect(texts.notice).toContain(JSON.stringify(JSON.stringify(files[1])).slice(1, -1));
    expect(texts.file).toContain('F3.pdf');
    expect(texts.chore).toContain('slack/T1/C1/2026/11/23/F2/');
    expect(texts.audit).toContain('looked');
    expect(JSON.parse(texts.export_job as string)).toMatchObject([{ filter: '{"fileIds":["F2"]}' }]);
    // Every message that named it is edited.
    const again = await claimDuePosts(catalog, { owner: 'p', limit: 9, leaseMs: 9, now: T0 + 999_999 });
    expect(again.map(({ kind }) => kind).sort()).toEqual(['scan', 'stored', 'trash', 'trash', 'upload']);
  });
});
