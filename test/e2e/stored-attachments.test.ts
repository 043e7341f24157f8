import { HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bot, BUCKET, startVault, type TestVault, until } from '../helpers/vault.ts';

const PAGE = '<!doctype html><script>alert(document.domain)</script>';
const MIB = 1024 * 1024;

/** No store renders what people uploaded: whatever the bot writes says of itself that it is an attachment. */
describe('objects in the bucket', () => {
  let vault: TestVault;
  let bot: Bot;
  let s3: S3Client;
  beforeAll(async () => {
    vault = await startVault();
    bot = await vault.startBot();
    s3 = new S3Client({
      ...{ endpoint: vault.s3.endpoint, region: 'us-east-1', forcePathStyle: true },
      credentials: { accessKeyId: 'TESTKEY', secretAccessKey: 'test-secret' },
    });
  });
  afterAll(async () => {
    s3?.destroy();
    await vault?.close();
  });

  const keys = async () => [
    ...(await vault.s3.list(BUCKET)).map(({ key }) => key),
    ...(await vault.journal()),
  ];
  const written = (what: string, pattern: RegExp, many = 1) =>
    until(what, async () => (await keys()).filter((key) => pattern.test(key)).length >= many);

  it('are attachments of their own, each of them', { timeout: 120_000 }, async () => {
    const anna = vault.slack.as('anna');
    const { files } = await anna.share('general', [
      { name: 'page.html', content: PAGE },
      { name: 'picture.svg', content: `<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>` },
      { name: 'stream.html', content: Buffer.alloc(3 * MIB, PAGE) },
    ]);
    const mail = vault.slack.mail('general', {
      subject: 'A page',
      html: PAGE,
      attachments: [
        { filename: 'attached.html', mimetype: 'text/html', content: PAGE },
        { filename: 'logo.svg', mimetype: 'image/svg+xml', content: '<svg/>', inline: true },
      ],
    });
    const canvas = anna.canvas('general', { title: 'Of no known length', html: PAGE });
    for (const id of [...files, mail.fileId, canvas.fileId]) await written(id, new RegExp(`/${id}/`));
    await written('what hangs on the mail', /\/(attached\.html|logo\.svg)$/, 2);
    await anna.command('general', '/vault export');
    await written('the export', /\/exports\//);
    await anna.command('general', '/vault stats');
    await written('the chart', /\/charts\//);
    // The end of a bot writes what its journal has.
    expect(await bot.stop()).toBe(0);
    await written('the journal', /\/journal\//);

    const told = await Promise.all(
      (await keys()).map(async (Key) => {
        const head = await s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key }));
        return [Key, head.ContentDisposition];
      }),
    );
    expect(told.length).toBeGreaterThanOrEqual(10);
    expect(told.filter(([, disposition]) => disposition !== 'attachment')).toEqual([]);
  });
});
