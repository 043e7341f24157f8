import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { channelById } from '../../src/catalog/files/channels.ts';
import { fileById } from '../../src/catalog/files/lookup.ts';
import { importArchive } from '../../src/import/run.ts';
import { createLog } from '../../src/log.ts';
import { removeObject } from '../../src/storage/remove.ts';
import { databases, empty } from '../catalog/databases.ts';
import { openTarget, type Target } from '../storage/target.ts';
import {
  type Contents,
  type ExportedConversation,
  slackdumpDatabase,
  slackdumpDump,
  slackExport,
  TEAM,
  withBytes,
  writeFolder,
  writeZip,
} from './exports.ts';

const AT = Date.UTC(2023, 4, 1, 12);
const bytesOf = (text: string) => Buffer.from(text.repeat(100));

const CONVERSATIONS: ExportedConversation[] = [
  {
    ...{ id: 'C0GENERAL', list: 'channels', name: 'general', members: ['U0ANNA', 'U0BEN'] },
    messages: [
      {
        at: AT,
        user: 'U0ANNA',
        files: [{ id: 'F0BUDGET1', name: 'Budget 2023.xlsx', bytes: bytesOf('budget') }],
      },
      {
        ...{ at: AT + 86_400_000, user: 'U0BEN' },
        files: [
          { id: 'F0PHOTO01', name: 'Übersicht.png', bytes: bytesOf('photo') },
          { id: 'F0EMPTY01', name: 'empty.txt', bytes: Buffer.alloc(0) },
        ],
      },
    ],
  },
  {
    ...{ id: 'D0ANNABEN', list: 'dms', members: ['U0ANNA', 'U0BEN'] },
    messages: [
      { at: AT, user: 'U0BEN', files: [{ id: 'F0SECRET1', name: 'secret.txt', bytes: bytesOf('s') }] },
    ],
  },
  {
    ...{ id: 'G0BOARD01', list: 'groups', name: 'board', members: ['U0CLEO'] },
    messages: [
      { at: AT, user: 'U0CLEO', files: [{ id: 'F0BOARD01', name: 'board.pdf', bytes: bytesOf('b') }] },
    ],
  },
];
const FILES = CONVERSATIONS.flatMap(({ messages }) => messages.flatMap(({ files }) => files));

describe('importing an export of Slack', () => {
  let catalog: Catalog;
  let target: Target;
  let folder: string;
  let count = 0;
  beforeAll(async () => {
    const { fresh } = databases[0] as (typeof databases)[number];
    folder = mkdtempSync(join(tmpdir(), 'ria-vault-import-'));
    [catalog, target] = await Promise.all([fresh(), openTarget({ sandboxOnly: true })]);
  });
  afterAll(async () => {
    await catalog?.close();
    await target?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    await empty(catalog);
    for (const key of await target.keys()) await removeObject(target.bucket, key);
  });

  const zip = (contents: Contents) => writeZip(join(folder, `export-${++count}.zip`), contents);
  const run = (path: string, o: { dryRun?: boolean; teamId?: string; ours?: string } = {}) =>
    importArchive({
      ...{ path, catalog, bucket: target.bucket, dryRun: false, ...o, concurrency: 4, owner: 'import' },
      policy: { maxFileBytes: 1e9, excludeTypes: new Set() },
      ...{ allowedHosts: [], log: createLog('error'), now: () => AT + 1e9, onProgress: () => {} },
      signal: new AbortController().signal,
      personNamed: async (name) => (name === 'Anna' ? 'U0ANNA' : null),
      channelNamed: async () => null,
    });
  const file = (fileId: string) => fileById(catalog, { teamId: TEAM, fileId });

  it.each([
    ['uploads', 'zip'],
    ['attachments', 'zip'],
    ['uploads', 'folder'],
    ['attachments', 'folder'],
  ] as const)('takes the bytes from %s in a %s', async (way, form) => {
    const contents = withBytes(slackExport(CONVERSATIONS), CONVERSATIONS, way);
    const path =
      form === 'zip' ? await zip(contents) : writeFolder(join(folder, `folder-${++count}`), contents);
    const report = await run(path);
    expect(report).toMatchObject({
      teamId: TEAM,
      files: FILES.length,
      stored: FILES.length,
      notHad: {},
      problems: {},
    });
    for (const { id, bytes } of FILES)
      expect(await file(id), id).toMatchObject({
        ...{
          state: 'stored',
          storedBytes: bytes.length,
          facts: { importedFrom: 'the export of 2023-05-02' },
        },
        sha256: createHash('sha256').update(bytes).digest('hex'),
      });
    expect(await target.keys()).toHaveLength(FILES.length);
    expect(await channelById(catalog, TEAM, 'D0ANNABEN')).toMatchObject({
      ...{ kind: 'im', imUserId: 'U0ANNA', imOtherId: 'U0BEN' },
    });
  });

  it('takes an archive of slackdump', async () => {
    const path = join(folder, `archive-${++count}`);
    slackdumpDatabase(join(path, 'slackdump.sqlite'), CONVERSATIONS);
    writeFolder(path, withBytes(new Map(), CONVERSATIONS, 'uploads'));
    const report = await run(path);
    expect(report).toMatchObject({
      teamId: TEAM,
      files: FILES.length,
      stored: FILES.length,
      notHad: {},
      problems: {},
    });
    expect(await file('F0BUDGET1')).toMatchObject({
      channelId: 'C0GENERAL',
      uploaderId: 'U0ANNA',
      state: 'stored',
    });
  });

  it('takes what slackdump dumped', async () => {
    const path = writeFolder(join(folder, `dump-${++count}`), slackdumpDump(CONVERSATIONS));
    await expect(run(path)).rejects.toMatchObject({ code: 'unknown_workspace' });
    expect(await run(path, { teamId: TEAM })).toMatchObject({ files: FILES.length, stored: FILES.length });
    expect(await channelById(catalog, TEAM, 'C0GENERAL')).toMatchObject({ kind: 'private', name: 'general' });
  });

  it('takes a folder with a table', async () => {
    const lines = [
      'time,Channel,person,file',
      '2021-03-04T10:00:00+01:00,#general,Anna,"plans/one, two.pdf"',
      '1614848400.000200,C0GENERAL,U0BEN,notes.txt',
      '2021-03-04,old-project,somebody,gone.txt',
    ];
    const contents = new Map([
      ['files.csv', Buffer.from(`\ufeff${lines.join('\r\n')}\r\n`)],
      ['plans/one, two.pdf', bytesOf('plan')],
      ['notes.txt', bytesOf('note')],
    ]);
    const path = writeFolder(join(folder, `table-${++count}`), contents);
    const report = await run(path, { teamId: TEAM });
    expect(report).toMatchObject({ files: 3, stored: 2, notHad: { not_found: 1 } });
    expect(await run(path, { teamId: TEAM })).toMatchObject({ stored: 0, already: 2 });
    const keys = (await target.keys()).sort();
    expect(keys.map((key) => key.split('/').at(-1)).sort()).toEqual(['notes.txt', 'one, two.pdf']);
    expect(keys.some((key) => key.includes('/2021/03/04/'))).toBe(true);
    const { rows } = await sql<{ fileId: string }>`select file_id from file where mode = 'hosted'`.execute(
      catalog.db,
    );
    // Ids of channels and people have an X, those of files an F: searches and forms know a file by it.
    for (const { fileId } of rows) expect(fileId).toMatch(/^F[A-Z0-9]{1,30}$/);
    expect(rows.filter(({ fileId }) => fileId.startsWith('FX'))).toHaveLength(3);
  });

  it('names what is wrong in a table, with everything before it imported', async () => {
    const line = '2021-03-04,C0GENERAL,U0BEN,notes.txt';
    for (const bad of ['2021-03-04,C0GENERAL,U0BEN,"not closed', 'soon,C0GENERAL,U0BEN,notes.txt']) {
      const table = ['time,channel,person,file', line, bad].join('\n');
      const contents = new Map([
        ['files.csv', Buffer.from(table)],
        ['notes.txt', bytesOf('note')],
      ]);
      const report = await run(writeFolder(join(folder, `bad-${++count}`), contents), { teamId: TEAM });
      expect(report.problems.bad_table?.examples[0]).toMatch(/line 3|Quote Not Closed/);
      expect(report.files).toBe(1);
    }
  });

  it('changes nothing of what Slack itself told whole: not the name, and never the uploader', async () => {
    const path = await zip(withBytes(slackExport(CONVERSATIONS), CONVERSATIONS, 'uploads'));
    await run(path);
    const forged = CONVERSATIONS.map((one) => ({
      ...one,
      messages: one.messages.map((message) => ({
        ...message,
        files: message.files.map((each) => ({ ...each, object: { user: 'U0EVIL', name: 'old name.txt' } })),
      })),
    }));
    await run(await zip(slackExport(forged, { token: null })));
    expect(await file('F0BUDGET1')).toMatchObject({ uploaderId: 'U0ANNA', name: 'Budget 2023.xlsx' });
  });

  it('brings in only what is of the vault’s own workspace', async () => {
    const [general, direct] = CONVERSATIONS as [ExportedConversation, ExportedConversation];
    const other = slackExport([direct], { team: 'T0OTHER99' });
    const contents: Contents = new Map();
    for (const [path, bytes] of slackExport([general])) contents.set(`teams/example/${path}`, bytes);
    for (const [path, bytes] of other) contents.set(`teams/another/${path}`, bytes);
    withBytes(contents, CONVERSATIONS, 'uploads');
    const report = await run(await zip(contents), { ours: TEAM });
    expect(report).toMatchObject({ files: 3, stored: 3, problems: { other_workspace: { count: 1 } } });
    await expect(run(await zip(other), { ours: TEAM })).rejects.toMatchObject({ code: 'other_workspace' });
  });

  it('takes an organisation’s export, each workspace by itself', async () => {
    const contents: Contents = new Map();
    const [general, direct] = CONVERSATIONS as [ExportedConversation, ExportedConversation];
    for (const [path, bytes] of slackExport([direct]))
      contents.set(path.replace(/^users/, 'org_users'), bytes);
    for (const [path, bytes] of slackExport([general])) contents.set(`teams/example/${path}`, bytes);
    withBytes(contents, CONVERSATIONS, 'uploads');
    const report = await run(await zip(contents), { ours: TEAM });
    expect(report).toMatchObject({ files: 4, stored: 4, conversations: 2 });
  });

  it('does not take Slack’s sign-in page, or another length, for a file', async () => {
    const contents = withBytes(slackExport(CONVERSATIONS), CONVERSATIONS, 'uploads');
    const page = Buffer.from('<!DOCTYPE html><html><head><title>Sign in | Slack</title></head></html>');
    contents.set('__uploads/F0BUDGET1/Budget 2023.xlsx', page);
    expect(await run(await zip(contents))).toMatchObject({
      ...{ stored: FILES.length - 1, waits: 1 },
      problems: { damaged: { count: 1, examples: ['F0BUDGET1'] } },
    });
    expect((await file('F0BUDGET1'))?.state).toBe('pending');
  });

  it('imports the rest when a day is damaged', async () => {
    const contents = withBytes(slackExport(CONVERSATIONS), CONVERSATIONS, 'uploads');
    contents.set('general/2023-05-01.json', Buffer.from('[{"ts": "1682942400.000001", "files": [{"id": "F0'));
    const report = await run(await zip(contents));
    expect(report.problems).toEqual({ no_json: { count: 1, examples: ['general/2023-05-01.json'] } });
    expect(report.stored).toBe(FILES.length - 1);
  });

  it('says what an unknown archive has', async () => {
    const path = await zip(
      new Map([
        ['photos/a.jpg', bytesOf('a')],
        ['readme.txt', bytesOf('r')],
      ]),
    );
    await expect(run(path)).rejects.toMatchObject({
      code: 'unknown_layout',
      message: expect.stringContaining('photos/, readme.txt'),
    });
  });

  it('does nothing twice', async () => {
    const path = await zip(withBytes(slackExport(CONVERSATIONS), CONVERSATIONS, 'uploads'));
    await run(path);
    const again = await run(path);
    expect(again).toMatchObject({ stored: 0, already: FILES.length, recorded: 0 });
    expect(await target.keys()).toHaveLength(FILES.length);
  });

  it('takes over what an import stored that was killed, though an earlier message was met since', async () => {
    const [general] = CONVERSATIONS as [ExportedConversation];
    const later = { ...general, id: 'C0LATER01', name: 'later' };
    later.messages = [{ ...(general.messages[0] as ExportedConversation['messages'][0]), at: AT + 1e9 }];
    await run(await zip(withBytes(slackExport([later]), [later], 'uploads')));
    const dead = { state: 'storing', leaseOwner: 'dead', dueAt: 0, attempts: 1 } as const;
    await catalog.db
      .updateTable('file')
      .set({ ...dead, objectKey: null, storedAt: null })
      .execute();
    const both = [general, later];
    expect(await run(await zip(withBytes(slackExport(both), both, 'uploads')))).toMatchObject({ stored: 3 });
    const keys = await target.keys();
    expect(keys.filter((key) => key.includes('F0BUDGET1'))).toHaveLength(1);
    expect(await file('F0BUDGET1')).toMatchObject({ channelId: 'C0GENERAL', state: 'stored' });
  });

  it('says in a dry run what would come, and changes nothing', async () => {
    const path = await zip(withBytes(slackExport(CONVERSATIONS), CONVERSATIONS, 'uploads'));
    const report = await run(path, { dryRun: true });
    const sum = FILES.reduce((all, { bytes }) => all + bytes.length, 0);
    expect(report).toMatchObject({
      files: FILES.length,
      recorded: FILES.length,
      bytesToCome: sum,
      stored: 0,
    });
    expect(await file('F0BUDGET1')).toBeUndefined();
    expect(await target.keys()).toEqual([]);
  });

  it('never keeps the token of a link', async () => {
    await run(await zip(slackExport(CONVERSATIONS)));
    expect((await file('F0BUDGET1'))?.url).toBe(
      `https://files.slack.com/files-pri/${TEAM}-F0BUDGET1/download/Budget%202023.xlsx`,
    );
  });

  it('takes what came whole of a zip file that is cut off', async () => {
    const path = await zip(withBytes(slackExport(CONVERSATIONS), CONVERSATIONS, 'uploads'));
    truncateSync(path, statSync(path).size - 200);
    const report = await run(path);
    expect(report).toMatchObject({ stored: FILES.length, problems: { cut_off: { count: 1 } } });
  });
});
