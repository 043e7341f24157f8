import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCatalogToRead } from '../../src/catalog/db/open.ts';
import { fileById, partsOf } from '../../src/catalog/files/lookup.ts';
import type { FileRow } from '../../src/catalog/model.ts';
import { BUCKET, startVault, type TestVault, until } from '../helpers/vault.ts';

const MP4 = Buffer.concat([
  Buffer.from('00000020667479706d703432000000006d70343269736f6d', 'hex'),
  Buffer.alloc(90_000),
]);

let vault: TestVault;
let teamId: string;
beforeAll(async () => {
  vault = await startVault();
  teamId = vault.slack.workspace.teamId;
  await vault.startBot();
});
afterAll(() => vault?.close());

/** A file as it is in the bot's catalog, once it no longer changes. */
async function settled(fileId: string): Promise<FileRow> {
  return until(`the end of ${fileId}`, async () => {
    const catalog = await openCatalogToRead({ dataDir: vault.dataDir });
    try {
      const file = await fileById(catalog, { teamId, fileId });
      return file && ['stored', 'skipped'].includes(file.state) ? file : undefined;
    } finally {
      await catalog.close();
    }
  });
}
async function parts(fileId: string): Promise<string[]> {
  const catalog = await openCatalogToRead({ dataDir: vault.dataDir });
  try {
    return await partsOf(catalog, { teamId, fileId });
  } finally {
    await catalog.close();
  }
}
const bytesOf = async ({ objectKey }: FileRow) =>
  (await vault.s3.read(BUCKET, objectKey as string)).toString('latin1');
const endOf = ({ objectKey }: FileRow) => objectKey?.slice(objectKey.lastIndexOf('/') + 1);

describe('what Slack calls a file is kept', () => {
  it('a voice message, as the transcode that there is', async () => {
    const { files } = vault.slack
      .as('anna')
      .clip('general', { kind: 'audio', recordedBytes: 309_514, transcode: MP4, transcript: 'Hello all' });
    const file = await settled(files[0] as string);
    expect(file).toMatchObject({ state: 'stored', storedBytes: MP4.length, size: null });
    expect(file.facts).toMatchObject({ transcode: true, transcript: 'Hello all' });
    expect(endOf(file)).toMatch(/^audio_message\.(mp4|m4a)$/);
  });

  it('an e-mail with what was attached to it, also when the mail is looked up', async () => {
    const attachments = [
      { filename: 'contract.pdf', mimetype: 'application/pdf', content: '%PDF-1.4 contract' },
      { filename: 'logo.png', mimetype: 'image/png', content: 'logo', inline: true },
      { filename: 'logo.png', mimetype: 'image/png', content: 'ogol', inline: true },
    ];
    const { fileId } = vault.slack.mail('general', {
      subject: 'Re: Contract',
      html: '<p>See <a href="https://slack.com/signin">it</a></p>',
      attachments,
    });
    expect(await settled(fileId)).toMatchObject({ state: 'stored', facts: { mailBody: 'page' } });
    const ids = await parts(fileId);
    expect(ids).toHaveLength(3);
    const kept = await Promise.all(ids.map(settled));
    expect((await Promise.all(kept.map(bytesOf))).sort()).toEqual(['%PDF-1.4 contract', 'logo', 'ogol']);
    expect(kept.map(endOf).sort()).toEqual(['contract.pdf', 'logo.png', 'logo.png']);
    // Slack knows them by their mail alone.
    const asked = vault.slack.calls.list.filter(({ method }) => method === 'files.info');
    expect(asked.every(({ args }) => !String(args.file).includes('-'))).toBe(true);
  });

  it.each(['sign_in', 'web_page'] as const)(
    'an e-mail whose address gives a %s, by its text',
    async (body) => {
      const { fileId } = vault.slack.mail('general', {
        subject: `Offer ${body}`,
        html: '<p>Our offer</p>',
        body,
      });
      const file = await settled(fileId);
      expect(file).toMatchObject({
        state: 'stored',
        facts: { mailBody: expect.stringMatching(/html|plain/) },
      });
      expect(await bytesOf(file)).toContain('Our offer');
    },
  );

  it('a canvas under the name that people see', async () => {
    const { fileId } = vault.slack
      .as('anna')
      .canvas('general', { title: ':tada: R&D <plan>', html: '<p>Text</p>' });
    const file = await settled(fileId);
    expect(file).toMatchObject({ state: 'stored', name: '🎉 R&D <plan>', facts: { blank: false } });
    expect(endOf(file)).toBe('🎉 R&D _plan_.html');
    const empty = vault.slack.as('anna').canvas('general', { title: 'Empty' });
    expect((await settled(empty.fileId)).facts.blank).toBe(true);
  });

  it('a list, with all its rows or its default view', async () => {
    const { fileId } = vault.slack
      .as('anna')
      .list('general', { title: 'Board', columns: ['Title'], rows: [['One']] });
    const file = await settled(fileId);
    expect(file).toMatchObject({ state: 'stored', name: 'Board' });
    expect(file.facts.listRows).toBe('all');
    expect(endOf(file)).toBe('Board.json');
    expect(await bytesOf(file)).toContain('One');

    // The installer of the app may leave out `lists:read`.
    const { scopes } = vault.slack.app.manifest.oauth_config ?? {};
    const optional = scopes?.bot_optional ?? [];
    if (scopes) scopes.bot_optional = [];
    const other = vault.slack
      .as('anna')
      .list('general', { title: 'Plan', columns: ['Title'], rows: [['Two']] });
    const shown = await settled(other.fileId);
    if (scopes) scopes.bot_optional = optional;
    expect(shown).toMatchObject({
      storedType: expect.stringMatching(/csv/),
      facts: { listRows: 'default_view' },
    });
    expect(endOf(shown)).toBe('Plan.csv');
  });

  it('an e-mail with attachments of every odd shape, seen anew, edited and forwarded', async () => {
    const { slack } = vault;
    const [channel, other] = ['general', 'random'].map((name) => slack.workspace.channels[name] as string);
    slack.addRoute('/files-email-priv/', (request, response) => {
      const n = Number(/\/a(\d+)/.exec(request.url ?? '')?.[1] ?? 0);
      response.writeHead(200, { 'content-length': n }).end('x'.repeat(n));
    });
    const at = (n: number) => `${slack.url}/files-email-priv/${teamId}-F0ODD1-${n}/a${n}`;
    const many = Array.from({ length: 60 }, (_, i) => ({ filename: 'same.txt', size: 5, url: at(5), i }));
    const mail = {
      ...{ id: 'F0ODD1', mode: 'email', filetype: 'email', mimetype: 'text/html', title: 'Odd', name: 'Odd' },
      ...{
        size: 9,
        user: 'USLACKBOT',
        url_private: `${slack.url}/files-pri/nowhere`,
        plain_text: 'Odd text',
      },
      attachments: [
        ...[null, 'text', [], { filename: '', size: 3, mimetype: 'application/pdf', url: at(3) }],
        ...[
          { filename: '../../...', size: 4, url: at(4) },
          { filename: 'empty.txt', size: 0, url: at(0) },
        ],
        ...[{ filename: 'nowhere.bin', size: 1, url: null }],
        ...many,
      ],
    };
    const ts = `${Math.floor(Date.now() / 1_000)}.000100`;
    const plain = { type: 'message', user: 'USLACKBOT', channel, channel_type: 'channel', ts, event_ts: ts };
    const whole = { ...plain, text: '', files: [mail] };
    slack.event('general', whole);
    slack.event('general', whole);
    const edit = { type: 'message', subtype: 'message_changed', channel, channel_type: 'channel', ts };
    slack.event('general', { ...edit, event_ts: ts, message: whole, previous_message: whole });
    slack.event('random', {
      ...plain,
      channel: other,
      text: '',
      attachments: [{ is_share: true, files: [mail] }],
    });
    const ids = await until('its attachments', async () => {
      const known = await parts('F0ODD1');
      return known.length >= 64 ? known : undefined;
    });
    expect(ids).toHaveLength(64);
    const files: FileRow[] = [];
    for (const id of ids) files.push(await settled(id));
    // One of them has no address.
    expect(files.filter(({ name }) => name === 'nowhere.bin')).toHaveLength(1);
    for (const file of files)
      expect(file).toMatchObject(
        file.name === 'nowhere.bin'
          ? { state: 'skipped', reason: 'no_content', parentId: 'F0ODD1' }
          : { state: 'stored', parentId: 'F0ODD1' },
      );
  }, 90_000);

  it('the transcript of a huddle is refused at once, without a question', async () => {
    const { notes, transcript } = vault.slack.huddle('general', { html: '<p>Notes</p>' });
    expect(await settled(notes)).toMatchObject({ state: 'stored' });
    // No event tells of it; the notes name it.
    const refused = { state: 'skipped', reason: 'access_denied', errorCode: 'refused_to_bots' };
    expect(await settled(transcript)).toMatchObject(refused);
    expect(vault.slack.calls.list.filter((call) => call.args.file === transcript)).toEqual([]);
  });
});
