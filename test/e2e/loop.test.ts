import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFromSources } from '../helpers/from-sources.ts';
import { type Bot, BUCKET, startVault, type TestVault, until } from '../helpers/vault.ts';

startFromSources();

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** Several files have a menu of the same name; this is the block of one of them. */
function blockOf(view: { blocks: Array<Record<string, unknown>> }, fileId: string): { block_id?: string } {
  const block = view.blocks.find((one) => JSON.stringify(one).includes(fileId));
  return typeof block?.block_id === 'string' ? { block_id: block.block_id } : {};
}

describe.each(['socket', 'http'] as const)('the whole loop over %s', (mode) => {
  let vault: TestVault;
  let bot: Bot;

  beforeAll(async () => {
    vault = await startVault({ mode });
    bot = await vault.startBot();
  });
  afterAll(() => vault?.close());

  const answers = (channel: string, person = 'anna') =>
    vault.slack
      .as(person)
      .messages(channel)
      .filter((message) => message.ephemeral);
  const confirmations = (channel: string, thread: string) =>
    vault.slack
      .as('anna')
      .messages(channel)
      .filter(
        (message) =>
          message.thread_ts === thread &&
          message.user === vault.slack.workspace.botUserId &&
          !message.ephemeral,
      );

  it('stores what is shared, byte for byte, with one S3 request, and confirms it once in the thread', async () => {
    const bytes = randomBytes(300_000);
    vault.s3.requests.reset();
    const { ts, files } = await vault.slack
      .as('anna')
      .share('general', { name: 'Bericht Ü.pdf', content: bytes });
    const [message] = await until('the confirmation', () => {
      const found = confirmations('general', ts);
      return found.length > 0 ? found : undefined;
    });
    expect(message?.text).toContain('Bericht Ü.pdf');
    const [object] = await vault.s3.list(BUCKET);
    expect(object?.key).toMatch(
      new RegExp(
        `^${vault.slack.workspace.teamId}/${vault.slack.workspace.channels.general}/\\d{4}/\\d\\d/\\d\\d/${files[0]}/`,
      ),
    );
    expect(sha256(await vault.s3.read(BUCKET, object?.key as string))).toBe(sha256(bytes));
    expect(vault.s3.requests.list.map(({ operation }) => operation)).toEqual(['PutObject']);
    expect(vault.slack.calls.count('files.info')).toBe(0);
  });

  it('makes one confirmation of a burst', async () => {
    const files = Array.from({ length: 5 }, (_, index) => ({
      name: `burst ${index}.txt`,
      content: `text ${index}`,
    }));
    const { ts } = await vault.slack.as('ben').share('general', files);
    await until('all five in one message', () =>
      confirmations('general', ts).some(({ text }) => text.includes('5 files')),
    );
    expect(confirmations('general', ts)).toHaveLength(1);
  });

  it('lists them newest first to those who may see them', async () => {
    const anna = vault.slack.as('anna');
    await anna.command('general', '/vault list');
    const list = await anna.waitFor(() => answers('general').at(-1));
    const text = JSON.stringify(list.blocks);
    expect(text.indexOf('burst 4.txt')).toBeLessThan(text.indexOf('Bericht Ü.pdf'));
    await anna.command('general', '/vault list type:pdf');
    const pdfs = await anna.waitFor(
      () => answers('general').at(-1)?.ts !== list.ts && answers('general').at(-1),
    );
    expect(JSON.stringify(pdfs.blocks)).not.toContain('burst');
  });

  it('gives a link to the asker alone that downloads the same bytes under the same name', async () => {
    const anna = vault.slack.as('anna');
    const list = answers('general').findLast((message) =>
      JSON.stringify(message.blocks).includes('Bericht'),
    ) as never;
    const file = /details:(F\w+)/.exec(JSON.stringify(list))?.[1];
    const before = answers('general').length;
    await anna.action(list, 'download_file', { payload: { value: file } });
    // A window, and no message.
    const link = await until('the link', () => {
      const view = anna.modal();
      return view && JSON.stringify(view.blocks).includes('X-Amz') ? view : undefined;
    });
    expect(answers('general')).toHaveLength(before);
    const url = /https?:[^"]+X-Amz-Signature[^"]+/.exec(JSON.stringify(link.blocks))?.[0] as string;
    const answer = await fetch(url);
    expect(answer.headers.get('content-disposition')).toContain(encodeURIComponent('Bericht Ü.pdf'));
    const [object] = (await vault.s3.list(BUCKET)).filter(({ key }) => key.includes(file as string));
    expect(sha256(Buffer.from(await answer.arrayBuffer()))).toBe(
      sha256(await vault.s3.read(BUCKET, object?.key as string)),
    );
    expect(
      vault.slack
        .as('ben')
        .messages('general')
        .some((message) => JSON.stringify(message).includes('X-Amz')),
    ).toBe(false);
  });

  it('deletes after asking, says so in the file’s thread, and undoes it', async () => {
    const anna = vault.slack.as('anna');
    await anna.command('general', '/vault delete bericht');
    const chooser = await anna.waitFor(() =>
      answers('general').findLast((message) => JSON.stringify(message.blocks).includes('delete_file')),
    );
    expect(JSON.stringify(chooser.blocks)).toMatch(/"confirm":\{.*Bericht Ü\.pdf/);
    const fileId = /"value":"(F\w+)"/.exec(JSON.stringify(chooser.blocks))?.[1] as string;
    await anna.action(chooser, 'delete_file', { payload: { value: fileId } });
    const told = await until('the message in the channel', () =>
      anna
        .messages('general')
        .find((message) => !message.ephemeral && /deleted .*Bericht/.test(message.text)),
    );
    // One plain line in the file's thread; Undo is only in the answer to the person who deleted.
    expect(told.thread_ts).toBeDefined();
    expect(JSON.stringify(told)).not.toMatch(/undo_delete|<@/);
    const answer = await until('the answer', () =>
      answers('general').findLast((message) => JSON.stringify(message.blocks).includes('undo_delete')),
    );
    await anna.action(answer, 'undo_delete', { payload: { value: fileId } });
    await until('the edited message', () =>
      anna.messages('general').find((message) => message.ts === told.ts && /restored/.test(message.text)),
    );
    expect((await vault.s3.list(BUCKET)).some(({ key }) => key.includes(fileId))).toBe(true);
  });

  it('keeps the App Home of those who have it open up to date', async () => {
    const anna = vault.slack.as('anna');
    anna.home();
    await anna.waitFor(() => anna.homeView());
    await anna.share('general', { name: 'for the home.txt', content: 'x' });
    await until(
      'the new file in App Home',
      () => JSON.stringify(anna.homeView()?.blocks).includes('for the home.txt'),
      5_000,
    );
  });

  it('shows nobody what Slack would not show them, from one moment to the next', async () => {
    const carla = vault.slack.as('carla');
    const anna = vault.slack.as('anna');
    const { files } = await carla.share('finance', { name: 'salaries.xlsx', content: 'secret' });
    await until('the file', async () =>
      (await vault.s3.list(BUCKET)).some(({ key }) => key.includes(files[0] as string)),
    );
    const ben = vault.slack.as('ben');
    ben.home();
    await ben.waitFor(() => ben.homeView());
    expect(JSON.stringify(ben.homeView())).not.toContain('salaries');

    // Anna sees it in her App Home, leaves the channel, and clicks on what is still on her screen.
    anna.home();
    const home = await anna.waitFor(
      () => JSON.stringify(anna.homeView() ?? '').includes(`"value":"${files[0]}"`) && anna.homeView(),
    );
    anna.leave('finance');
    await vault.slack.deliveries.settled();
    await anna.action(home, 'download_file', {
      payload: { value: files[0] as string },
      ...blockOf(home, `"value":"${files[0]}"`),
    });
    await until('the refusal', () => JSON.stringify(anna.modal() ?? '').includes('There is no such file'));
  });

  it('is ready, and says how sure it is of the bucket', async () => {
    const answer = await fetch(`http://127.0.0.1:${bot.port}/readyz`);
    expect(await answer.json()).toMatchObject({
      ok: true,
      checks: { bucket: 'proof crc32', database: 'sqlite' },
    });
    const metrics = await (await fetch(`http://127.0.0.1:${bot.port}/metrics`)).text();
    expect(metrics).toContain('vault_captures_total{outcome="stored"}');
  });

  it('stops cleanly', async () => {
    expect(await bot.stop()).toBe(0);
    const out = JSON.stringify(bot.log);
    for (const secret of ['xoxb-', 'xapp-', 'files-pri', 'X-Amz-Signature', 'response_url'])
      expect(out).not.toContain(secret);
    expect(bot.log.filter((line) => line.level === 'error' || line.level === 'fatal')).toEqual([]);
  });
});
