import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { channelById } from '../../src/catalog/files/channels.ts';
import { sharesOf } from '../../src/catalog/files/lookup.ts';
import {
  slackdumpChunks,
  slackdumpDatabase,
  slackdumpDump,
  slackExport,
  TEAM,
  textExport,
  withBytes,
  writeFolder,
} from './exports.ts';
import { bytesOf, CONVERSATIONS, FILES, importStage, NAMES } from './stage.ts';

const { stage, place, zip, asFolder, file, run } = importStage();

describe('the archives of slackdump', () => {
  it('of version 3.0 come in, with who could see what', async () => {
    const path = asFolder(slackdumpChunks(CONVERSATIONS));
    expect(await run(path)).toMatchObject({
      ...{ teamId: TEAM, files: FILES.length, stored: FILES.length, problems: {} },
    });
    expect(await channelById(stage.catalog, TEAM, 'C0GENERAL')).toMatchObject({
      kind: 'public',
      name: 'general',
    });
    expect(await channelById(stage.catalog, TEAM, 'G0BOARD01')).toMatchObject({ kind: 'private' });
    // The other one, and who made the archive.
    const direct = await channelById(stage.catalog, TEAM, 'D0ANNABEN');
    expect([direct?.imUserId, direct?.imOtherId].sort()).toEqual(['U0ANNA', 'U0BEN']);
  });

  it('that broke off come in up to there', async () => {
    const contents = slackdumpChunks(CONVERSATIONS);
    const lines = ['{"t":0,"id":"C0GENERAL","m":[]}\n', `{"t":0,"pad":"${'x'.repeat(9_000)}"}\n`, '{"t":'];
    const whole = contents.get('C0GENERAL.json.gz') as Buffer;
    contents.set('C0GENERAL.json.gz', Buffer.concat([whole, gzipSync(lines.join('')).subarray(0, -12)]));
    const report = await run(asFolder(contents));
    expect(report).toMatchObject({ stored: FILES.length, problems: { damaged: { count: 1 } } });
  });

  it('come in when slackdump has not ended and has its newest messages in the log beside the database', async () => {
    const made = place('archive');
    slackdumpDatabase(join(made, 'slackdump.sqlite'), CONVERSATIONS.slice(0, 1));
    const live = new DatabaseSync(join(made, 'slackdump.sqlite'));
    live.exec('pragma journal_mode = wal; pragma wal_autocheckpoint = 0');
    live.exec(`insert into MESSAGE select ID + 100, CHUNK_ID, CHANNEL_ID, TS, NUM_FILES, TXT,
      replace(DATA, 'F0BUDGET01', 'F0NEWEST01') from MESSAGE where instr(DATA, 'F0BUDGET01') > 0`);
    const path = writeFolder(place('live'), withBytes(new Map(), CONVERSATIONS.slice(0, 1), 'uploads'));
    for (const name of ['slackdump.sqlite', 'slackdump.sqlite-wal'])
      copyFileSync(join(made, name), join(path, name));
    live.close();
    expect((await run(path)).files).toBe(4);
    expect(await file('F0NEWEST01')).toBeDefined();
  });

  it('lose one bad row and nothing after it', async () => {
    const path = writeFolder(place('bad'), withBytes(new Map(), CONVERSATIONS, 'uploads'));
    slackdumpDatabase(join(path, 'slackdump.sqlite'), CONVERSATIONS);
    const db = new DatabaseSync(join(path, 'slackdump.sqlite'));
    db.exec(`update MESSAGE set DATA = '{"files":[' where instr(DATA, 'F0BUDGET01') > 0`);
    db.exec(`update CHANNEL set DATA = 'not JSON' where ID = 'G0BOARD01'`);
    db.close();
    const report = await run(path);
    expect(report).toMatchObject({ files: FILES.length - 1, problems: { no_json: { count: 2 } } });
    expect(report.problems.no_json?.examples.join()).toMatch(/message .* in C0GENERAL/);
    // Nothing says that it is public.
    expect(await channelById(stage.catalog, TEAM, 'G0BOARD01')).toMatchObject({ kind: 'private' });
  });

  it('lose a damaged part of the database, and nothing on both sides of it', async () => {
    const many = Array.from({ length: 400 }, (_, i) => ({
      ...{ at: Date.UTC(2023, 1, 1) + i * 60_000, user: 'U0ANNA' },
      files: [{ id: `F0MANY${String(i).padStart(4, '0')}`, name: `${i}.txt`, bytes: bytesOf('m') }],
    }));
    const path = writeFolder(place('torn'), new Map());
    const db = slackdumpDatabase(join(path, 'slackdump.sqlite'), [
      { id: 'C0GENERAL', list: 'channels', name: 'general', messages: many },
    ]);
    const bytes = readFileSync(db);
    const at = bytes.indexOf('F0MANY0200') & ~4_095;
    bytes.fill(0xff, at, at + 8);
    writeFileSync(db, bytes);
    const report = await run(path, { dryRun: true });
    expect(report.problems.damaged?.count).toBeGreaterThan(0);
    expect(report.files).toBeGreaterThan(380);
    expect(report.files).toBeLessThan(400);
  });

  it('come in from a dump of one thread, with what is in replies', async () => {
    const contents = slackdumpDump(CONVERSATIONS.slice(0, 1));
    const told = JSON.parse(String(contents.get('C0GENERAL.json'))) as { messages: object[] };
    const [first, second] = told.messages;
    contents.delete('C0GENERAL.json');
    const thread = {
      name: 'general',
      messages: [{ ...first, slackdump_thread_replies: [second] }],
      channel_id: 'C0GENERAL',
    };
    contents.set('C0GENERAL-1682942400.000001.json', Buffer.from(JSON.stringify(thread)));
    expect(await run(asFolder(contents), { teamId: TEAM })).toMatchObject({ files: 3, stored: 3 });
    expect(await channelById(stage.catalog, TEAM, 'C0GENERAL')).toMatchObject({ name: 'general' });
  });
});

describe('an export of one person as TXT', () => {
  it('comes in with the bytes from its folder of files', async () => {
    const report = await run(await zip(textExport(CONVERSATIONS, NAMES)));
    expect(report).toMatchObject({ teamId: TEAM, files: 5, stored: 5, notHad: {}, problems: {} });
    expect(await file('F0BUDGET01')).toMatchObject({
      ...{ name: 'Budget 2023.xlsx', uploaderId: 'U0ANNA', channelId: 'C0GENERAL', state: 'stored' },
    });
    expect(await run(await zip(textExport(CONVERSATIONS, NAMES)))).toMatchObject({ stored: 0, already: 5 });
  });

  it('asks Slack for what others shared, and gives way to what Slack tells of it', async () => {
    const contents = textExport(CONVERSATIONS.slice(0, 1), NAMES);
    for (const path of contents.keys()) if (path.includes('F0PHOTO001')) contents.delete(path);
    expect(await run(await zip(contents))).toMatchObject({ files: 3, stored: 2, waits: 1 });
    expect(await file('F0PHOTO001')).toMatchObject({ state: 'pending', uploaderId: null });
    const whole = withBytes(slackExport(CONVERSATIONS), CONVERSATIONS, 'uploads');
    expect(await run(await zip(whole))).toMatchObject({ stored: 3, already: 2 });
    // The message itself takes the place of the line without one.
    const shares = await sharesOf(stage.catalog, { teamId: TEAM, fileId: 'F0BUDGET01' });
    expect(shares.map(({ ts }) => ts)).toEqual([expect.stringMatching(/^\d+\.\d+$/)]);
  });
});

describe('the list of all canvases', () => {
  const canvas = (id: string, more: object) => ({
    ...{ id, created: 1_683_000_000, name: id, title: id, user: 'U0ANNA', mode: 'quip', filetype: 'quip' },
    url_private: `https://files.slack.com/files-pri/${TEAM}-${id}/canvas`,
    ...more,
  });

  it('adds what no channel and no message shows', async () => {
    const contents = slackExport(CONVERSATIONS);
    contents.set(
      'canvases.json',
      Buffer.from(
        JSON.stringify([
          canvas('F0CANVAS01', { channels: ['C0GENERAL'] }),
          canvas('F0CANVAS02', {}),
          canvas('F0BUDGET01', {}),
        ]),
      ),
    );
    expect((await run(await zip(contents))).files).toBe(FILES.length + 2);
    expect(await file('F0CANVAS01')).toMatchObject({ channelId: 'C0GENERAL', uploaderId: 'U0ANNA' });
    // Nobody is in the place where it is.
    expect((await file('F0CANVAS02'))?.channelId).toMatch(/^X/);
    expect(await sharesOf(stage.catalog, { teamId: TEAM, fileId: 'F0BUDGET01' })).toHaveLength(1);
  });
});
