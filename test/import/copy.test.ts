import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openCopy, removeLeftCopies } from '../../src/import/database-copy.ts';
import { indexEntries } from '../../src/import/entry-index.ts';
import { openFolder } from '../../src/import/folder-archive.ts';
import { slackdumpDatabase } from './exports.ts';
import { CONVERSATIONS } from './stage.ts';

const folder = mkdtempSync(join(tmpdir(), 'ria-vault-copy-'));
const temporary = join(folder, 'tmp');
beforeAll(() => {
  mkdirSync(temporary);
  vi.stubEnv('TMPDIR', temporary);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

async function open(change: (db: DatabaseSync) => void) {
  const own = mkdtempSync(join(folder, 'archive-'));
  const path = slackdumpDatabase(join(own, 'slackdump.sqlite'), CONVERSATIONS);
  const db = new DatabaseSync(path);
  change(db);
  db.close();
  const archive = await openFolder(own);
  const index = await indexEntries(archive, () => {});
  return openCopy(archive, index, index.at('slackdump.sqlite') as NonNullable<ReturnType<typeof index.at>>);
}

it('leaves nothing of a database in the temporary folder while it is read', async () => {
  const db = await open(() => {});
  expect(readdirSync(temporary)).toEqual([]);
  expect([...db.each((order) => `select rowid, TS from MESSAGE order by rowid ${order}`)]).toHaveLength(8);
});

it.each([
  ['a view', 'alter table MESSAGE rename to OTHER; create view message as select rowid, * from OTHER'],
  ['no table', 'drop table MESSAGE'],
  ['a view beside it', 'drop table CHANNEL; create view CHANNEL as select 1 as ID, 1 as CHUNK_ID'],
])('takes no database in which the messages are %s', async (_, sql) => {
  await expect(open((db) => db.exec(sql))).rejects.toMatchObject({ code: 'damaged_entry' });
  expect(readdirSync(temporary)).toEqual([]);
});

it('removes what a killed import left, and nothing else', () => {
  // No system gives a process a number as high as this.
  const pid = 999_999_999;
  const [dead, alive, others] = [`${pid}-aBc123`, `${process.pid}-aBc123`, 'aBc123'].map((end) =>
    join(folder, `ria-vault-import-${end}`),
  ) as [string, string, string];
  for (const one of [dead, alive, others]) mkdirSync(one);
  removeLeftCopies(folder);
  expect([dead, alive, others].map((one) => existsSync(one))).toEqual([false, true, true]);
});
