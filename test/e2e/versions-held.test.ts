import { GetObjectLegalHoldCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PersonClient } from '../../sandbox/slack/client.ts';
import { sqliteView } from '../faults/catalog-view.ts';
import { type Bot, BUCKET, startVault, type TestVault, until } from '../helpers/vault.ts';

/** What people edit, with the real bot and a bucket that has Object Lock: versions come in seconds, are held, and go. */
describe('a canvas on hold that people go on editing', () => {
  const quick = { VAULT_VERSION_QUIET_SECONDS: '1' };
  let vault: TestVault;
  let bot: Bot;
  let s3: S3Client;
  let ben: PersonClient;
  let carla: PersonClient;
  let canvas: string;

  beforeAll(async () => {
    vault = await startVault({ s3: { objectLock: true } });
    s3 = new S3Client({
      ...{ endpoint: vault.s3.endpoint, region: 'us-east-1', forcePathStyle: true },
      credentials: { accessKeyId: 'TESTKEY', secretAccessKey: 'test-secret' },
    });
    [ben, carla] = [vault.slack.as('ben'), vault.slack.as('carla')];
    bot = await vault.startBot(quick);
  });
  afterAll(async () => {
    s3?.destroy();
    await vault?.close();
  });

  const said = (it: unknown) => JSON.stringify(it);
  const alone = (where: string) => carla.messages(where).filter((message) => message.ephemeral);
  const modalSays = (text: RegExp) =>
    carla.waitFor(() => {
      const modal = carla.modal();
      return modal !== undefined && said(modal.blocks).match(text) !== null && modal;
    });

  /** The answer with this button; the answer to an earlier click may come in between. */
  async function ask(line: string, button: string) {
    const before = alone('general').length;
    await carla.command('general', line);
    const has = (message: unknown) => said(message).includes(`"${button}"`);
    return carla.waitFor(() => alone('general').slice(before).findLast(has));
  }

  /** Everything that the bucket has of the canvas: objects, their versions, markers. */
  async function kept(): Promise<string[]> {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(
      new ListObjectVersionsCommand({ Bucket: BUCKET }),
    );
    return [...Versions, ...DeleteMarkers].flatMap(({ Key = '' }) =>
      Key.includes(`/${canvas}/`) ? [Key] : [],
    );
  }

  async function legalHolds(): Promise<string[]> {
    const held = async (Key: string) => {
      const command = new GetObjectLegalHoldCommand({ Bucket: BUCKET, Key });
      return s3.send(command).then(
        ({ LegalHold }) => LegalHold?.Status ?? 'none',
        () => 'none',
      );
    };
    return Promise.all((await kept()).map(held));
  }

  const all = (count: number, status: string) => async () =>
    said(await legalHolds()) === said(Array(count).fill(status));

  it('has its next version within seconds, while the bot runs', async () => {
    canvas = ben.canvas('general', { title: 'Contract', html: '<p>first</p>' }).fileId;
    await until('the canvas', async () => (await kept()).length === 1);
    // An idle worker sleeps for long.
    for (const [index, text] of ['second', 'third'].entries()) {
      ben.edit(canvas, { content: `<p>${text}</p>` });
      await until(text, async () => (await kept()).length === index + 2, 10_000);
    }
  });

  it('is held with all its versions, also those that come later, and where only the latest is kept', async () => {
    const holds = await ask('/vault hold', 'hold_new');
    await carla.action(holds, 'hold_new', { payload: { value: 'new' } });
    const form = await modalSays(/match \*everything\*/);
    const general = vault.slack.workspace.channels.general as string;
    await carla.submit(form.id, {
      reason: { value: { type: 'plain_text_input', value: 'Case 4711' } },
      channel: { value: { type: 'conversations_select', selected_conversation: general } },
    });
    await until('three legal holds', all(3, 'ON'));
    ben.edit(canvas, { content: '<p>fourth</p>' });
    await until('a fourth', all(4, 'ON'));
    await bot.stop();
    bot = await vault.startBot({ ...quick, VAULT_VERSIONS: 'latest' });
    ben.edit(canvas, { content: '<p>fifth</p>' });
    await until('a fifth', all(5, 'ON'));
    await until('rest', async () => (await sqliteView(vault.dataDir).changes()) === 0);
    expect(await kept()).toHaveLength(5);
  });

  it('is free when the hold is lifted, and leaves nothing when it is deleted for good', async () => {
    await carla.action(await ask('/vault hold', 'hold_lift'), 'hold_lift');
    await until('no legal hold', async () => (await legalHolds()).every((status) => status === 'OFF'));
    const chooser = await ask('/vault delete Contract', 'delete_file');
    await carla.action(chooser, 'delete_file', { payload: { value: canvas } });
    await carla.waitFor(() => alone('general').some(({ text }) => text.includes('Deleted:')));
    const trash = await ask('/vault trash', 'trash_menu');
    await carla.action(trash, 'trash_menu', { payload: { selected_option: { value: `purge:${canvas}` } } });
    const question = await modalSays(/Nobody can bring them back/);
    const typed = { value: { type: 'plain_text_input', value: 'DELETE' } };
    await carla.submit(question.id, { typed });
    await until('nothing of it', async () => (await kept()).length === 0);
    await until('the end of the purge', async () => {
      const files = await sqliteView(vault.dataDir).files();
      return files.find(({ file_id }) => file_id === canvas)?.state === 'purged';
    });
    expect(bot.log.filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([]);
  });
});
