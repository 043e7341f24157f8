import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileById } from '../../src/catalog/capture.ts';
import type { FileRow } from '../../src/catalog/model.ts';
import { openCatalogToRead } from '../../src/catalog/open.ts';
import { partsOf } from '../../src/catalog/parts.ts';
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

/** A file as the bot's catalog has it, once it stands still. */
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
      .list('general', { title: 'Board', columns: ['Title'], rows: [['One']] } as never);
    const file = await settled(fileId);
    expect(file).toMatchObject({ state: 'stored', name: 'Board' });
    expect(['all', 'default_view']).toContain(file.facts.listRows);
    expect(await bytesOf(file)).toContain('One');
  });

  it('the transcript of a huddle is refused at once, without a question', async () => {
    const before = vault.slack.calls.count('files.info');
    const { notes, transcript } = vault.slack.huddle('general', { html: '<p>Notes</p>' });
    expect(await settled(notes)).toMatchObject({ state: 'stored' });
    const known = await settled(transcript).catch(() => null);
    if (known !== null) expect(known).toMatchObject({ state: 'skipped', reason: 'access_denied' });
    expect(vault.slack.calls.count('files.info') - before).toBeLessThanOrEqual(1);
  });
});
