import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { describe, expect, it, vi } from 'vitest';
import { takeToImport } from '../../src/catalog/files/imported.ts';
import type { ArchiveEntry } from '../../src/import/archive.ts';
import { indexEntries } from '../../src/import/entry-index.ts';
import { ImportError } from '../../src/import/errors.ts';
import { isOwnAddress } from '../../src/import/link.ts';
import { nowhere } from '../../src/import/source.ts';
import { storeFile } from '../../src/import/store.ts';
import { openZip } from '../../src/import/zip-archive.ts';
import { createLog } from '../../src/log.ts';
import type { SlackApi } from '../../src/slack/api.ts';
import { personNamed } from '../../src/slack/person-named.ts';
import { slackExport, TEAM, withBytes } from './exports.ts';
import { AT, bytesOf, CONVERSATIONS, FILES, importStage } from './stage.ts';

const { stage, zip, asFolder, file, run } = importStage();

describe('an address in an archive', () => {
  const host = 'https://files.slack.com';
  it.each([
    `${host}/files-pri/T0A-F0MINE01/download/a.pdf?t=xoxe-1`,
    `${host}/files-tmb/T0A-F0MINE01-0f5c6bb30c/a_480.mp4`,
    `${host}/files-email-priv/T0A-F0MINE01/a.pdf`,
    'https://acme.slack.com/files/U0A/F0MINE01/a',
    'https://acme.slack.com/docs/T0A/F0MINE01',
    'https://slack-files.com/T0A-F0MINE01-0f5c6bb30c',
  ])('is taken when Slack gives it for this file: %s', (address) => {
    expect(isOwnAddress(address, 'F0MINE01', [])).toBe(true);
    expect(isOwnAddress(address, 'F0YOURS1', [])).toBe(false);
  });

  it.each([
    `${host}/files-pri/T0A-F0YOURS1/download/F0MINE01`,
    `${host}/files-pri/T0A-F0YOURS1/T0A-F0MINE01/a.pdf`,
    `${host}/files-pri/T0A-%460YOURS1/T0A-F0MINE01/a.pdf`,
    `${host}/files-pri/T0A-F0MINE01/../T0A-F0YOURS1/a.pdf`,
    `${host}/files-pri/T0A-F0MINE012/a.pdf`,
    `${host}/api/files.info?file=F0MINE01`,
    `${host}/a.pdf?F0MINE01`,
    'https://evil.example/files-pri/T0A-F0MINE01/a.pdf',
    'https://files.slack.com.evil.example/files-pri/T0A-F0MINE01/a.pdf',
    'https://files.slack.com@evil.example/files-pri/T0A-F0MINE01/a.pdf',
    'http://files.slack.com/files-pri/T0A-F0MINE01/a.pdf',
    'file:///files-pri/T0A-F0MINE01/a.pdf',
    'no address',
  ])('is not taken otherwise: %s', (address) => {
    expect(isOwnAddress(address, 'F0MINE01', [])).toBe(false);
  });

  it('of an e-mail’s attachment stands at its mail', () => {
    const address = `${host}/files-email-priv/T0A-F0MAIL01/a.pdf`;
    expect(isOwnAddress(address, 'F0MAIL01-0A1B2C3D', [])).toBe(true);
    expect(isOwnAddress(address, 'F0MAIL02-0A1B2C3D', [])).toBe(false);
  });

  it('that is not its own is told and forgotten, and the bot asks Slack for the file', async () => {
    const address = `https://files.slack.com/files-pri/${TEAM}-F0SECRET01/download/a?t=xoxe-1-2-3`;
    const contents = slackExport(CONVERSATIONS, { token: null });
    const day = 'general/2023-05-01.json';
    const told = JSON.parse(String(contents.get(day))) as Array<{ files: object[] }>;
    Object.assign(told[0]?.files[0] as object, { url_private: address, url_private_download: address });
    contents.set(day, Buffer.from(JSON.stringify(told)));
    const report = await run(await zip(contents));
    expect(report).toMatchObject({
      ...{ files: FILES.length, stored: 0, waits: FILES.length },
      problems: { foreign_address: { count: 1, examples: ['F0BUDGET01'] } },
    });
    expect(await file('F0BUDGET01')).toMatchObject({ state: 'pending', url: null });
  });
});

describe('a name in a table', () => {
  const members = [
    { id: 'U0ANNA', name: 'anna', profile: { display_name: 'Chef', email: 'anna@example.com' } },
    { id: 'U0EVIL', name: 'mallory', profile: { display_name: 'anna', real_name: 'Anna Boss' } },
    { id: 'U0TWIN1', name: 'twin', profile: {} },
    { id: 'U0TWIN2', name: 'Twin', profile: {} },
  ];
  const api: SlackApi = {
    call: async <T>() => ({ members }) as T,
    async close() {},
  };

  it.each([
    ['anna', 'U0ANNA'],
    ['ANNA@example.com', 'U0ANNA'],
    ['Anna Boss', null],
    ['Chef', null],
    ['twin', null],
  ])('is a user name or an e-mail address, and never what people call themselves: %s', async (name, id) => {
    expect(await personNamed(api)(name)).toBe(id);
  });

  it('that nobody has is told with its line, and the file comes in', async () => {
    const lines = [
      'file,channel,person,time',
      'a.txt,C0GENERAL,Nobody,2021-03-04',
      'a.txt,#sale,anna,2021-03-05',
    ];
    const path = asFolder(
      new Map([
        ['files.csv', Buffer.from(lines.join('\n'))],
        ['a.txt', bytesOf('a')],
      ]),
    );
    const { files, stored, problems } = await run(path, { teamId: TEAM });
    expect({ files, stored }).toEqual({ files: 2, stored: 2 });
    expect(problems.unknown_person?.examples[0]).toMatch(/line 2: nobody .* Nobody/);
    expect(problems.unknown_channel?.examples[0]).toMatch(/line 3: .* sale/);
  });
});

describe('an import that cannot go on as it wants', () => {
  it('leaves a file to who took its lease, and imports the rest', async () => {
    const contents = withBytes(slackExport(CONVERSATIONS, { token: null }), CONVERSATIONS, 'uploads');
    await run(await zip(slackExport(CONVERSATIONS, { token: null })));
    const ref = { teamId: TEAM, fileId: 'F0BUDGET01' };
    await takeToImport(stage.catalog, ref, { owner: 'a bot', leaseMs: 1_000, now: AT + 1e9 });
    let moment = AT + 1e9;
    // The other one never ends; its lease does.
    const now = () => (moment += 200);
    const report = await run(await zip(contents), { now });
    expect(report).toMatchObject({ stored: FILES.length, waits: 0 });
  });

  it('leaves a file to who takes its lease in the middle of it', async () => {
    const [budget] = FILES as [(typeof FILES)[number]];
    await run(await zip(slackExport(CONVERSATIONS, { token: null })));
    const packed = await openZip(await zip(new Map([[`__uploads/${budget.id}/a`, budget.bytes]])));
    const index = await indexEntries(packed, () => {});
    // While its bytes are copied, another process takes the file; and the rest of them never comes.
    let opened = 0;
    const open = async (entry: ArchiveEntry) => {
      opened += 1;
      if (opened === 1) return packed.open(entry);
      await sql`update file set lease_owner = 'a bot', due_at = ${AT + 2e9}`.execute(stage.catalog.db);
      vi.advanceTimersByTime(60_000);
      const body = new Readable({ read() {} });
      body.push(budget.bytes.subarray(0, 100));
      return body;
    };
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const stored = await storeFile(
        {
          ...{ catalog: stage.catalog, bucket: stage.target.bucket, teamId: TEAM, owner: 'import', index },
          ...{ archive: { ...packed, open }, from: '', allowedHosts: [], log: createLog('error') },
          ...{ policy: { maxFileBytes: 1e9, excludeTypes: new Set<string>() }, now: () => AT + 1e9 },
        },
        {
          ...{ fileId: budget.id, isNew: false, state: 'pending', reason: null, bytes: null, kind: 'file' },
          ...{ conversation: nowhere('x'), link: null, path: null, isPacked: true, isForeign: false },
        },
        new AbortController().signal,
      );
      expect(stored).toEqual({ what: 'busy', until: AT + 2e9 });
    } finally {
      vi.useRealTimers();
      index.close();
      await packed.close();
    }
  });

  it('says that it was stopped while it waited for somebody else’s file', async () => {
    const contents = withBytes(slackExport(CONVERSATIONS, { token: null }), CONVERSATIONS, 'uploads');
    await run(await zip(slackExport(CONVERSATIONS, { token: null })));
    const ref = { teamId: TEAM, fileId: 'F0BUDGET01' };
    await takeToImport(stage.catalog, ref, { owner: 'a bot', leaseMs: 600_000, now: AT + 1e9 });
    const stop = new AbortController();
    const ended = run(await zip(contents), { signal: stop.signal });
    const failed = expect(ended).rejects.toMatchObject({ code: 'stopped', message: 'Stopped.' });
    const all = async () => expect(await stage.target.keys()).toHaveLength(FILES.length - 1);
    await vi.waitFor(all, { timeout: 20_000 });
    await sleep(5);
    stop.abort(new ImportError('stopped', 'Stopped.'));
    await failed;
  });
});

describe('a report', () => {
  it('counts channels that are called like parts of every object', async () => {
    const [general] = CONVERSATIONS;
    const named = ['constructor', '__proto__', 'toString'].map((name, i) => ({
      ...{ ...(general as (typeof CONVERSATIONS)[number]), id: `C0NAMED0${i}`, name },
      messages: [
        { at: AT, user: 'U0ANNA', files: [{ id: `F0NAMED00${i}`, name: 'a.txt', bytes: bytesOf('a') }] },
      ],
    }));
    const { byChannel } = await run(await zip(slackExport(named, { token: null })), { dryRun: true });
    expect(Object.entries(byChannel).sort()).toEqual([
      ['__proto__', 1],
      ['constructor', 1],
      ['toString', 1],
    ]);
    expect(JSON.parse(JSON.stringify(byChannel))).toHaveProperty('constructor', 1);
  });
});
