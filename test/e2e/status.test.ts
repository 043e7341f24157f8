import { randomBytes } from 'node:crypto';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type BotClock, botClock } from '../faults/clock.ts';
import { type Bot, BUCKET, startVault, type TestVault, until } from '../helpers/vault.ts';

/** The seed's admin; what the bot tells admins goes to the direct conversation with her. */
const ADMIN = 'carla';

describe('how the vault is doing', () => {
  let vault: TestVault;
  let bot: Bot;
  let clock: BotClock;
  /** How far all clocks are ahead, in ms: the bot's, and those of Slack and S3, which run in this process. */
  let ahead = 0;
  const logs: Bot['log'][] = [];
  const one = randomBytes(1_000);
  beforeAll(async () => {
    const trueNow = Date.now;
    vi.spyOn(Date, 'now').mockImplementation(() => trueNow() + ahead);
    vault = await startVault();
    clock = botClock(vault);
    await start();
  });
  afterAll(async () => {
    vi.restoreAllMocks();
    await vault.close();
  });

  const start = async () => {
    bot = await vault.startBot({ VAULT_ADMINS: vault.slack.as(ADMIN).id, ...clock.env });
    logs.push(bot.log);
  };

  /** Stops the bot, and starts it when so much time has passed. */
  async function later(ms: number): Promise<void> {
    expect(await bot.stop()).toBe(0);
    ahead += ms;
    clock.step(bot, ahead);
    await start();
  }

  const HOUR = 60 * 60_000;
  const DAY = 24 * HOUR;

  async function status(person: string) {
    const client = vault.slack.as(person);
    const before = client.messages('general').length;
    await client.command('general', '/vault status');
    return client.waitFor(() => {
      const all = client.messages('general');
      return all.length > before && all.at(-1)?.ephemeral ? all.at(-1) : undefined;
    });
  }

  /** Messages of the bot to the admin alone. */
  function toldTo(person: string) {
    const im = vault.slack
      .as(person)
      .workspace()
      .channels.find((channel) => channel.kind === 'im');
    if (im === undefined) return [];
    return vault.slack
      .as(person)
      .messages(im.id)
      .filter(({ user }) => user === vault.slack.workspace.botUserId);
  }

  const shown = (message: unknown) => JSON.stringify(message);

  it('says that all is well, and to admins what that means', async () => {
    await vault.slack.as('anna').share('general', { name: 'one.bin', content: one });
    await until('it is stored', async () =>
      (await vault.s3.list(BUCKET)).some(({ key }) => /one\.bin/.test(key)),
    );
    const person = await until('a quiet status', async () => {
      const message = await status('anna');
      return shown(message).includes('Everything shared') ? message : undefined;
    });
    expect(shown(person)).not.toContain('For admins');

    await later(DAY);
    await until('a comparison', () => bot.log.some(({ msg }) => msg === 'catalog and bucket compared'));
    const admin = shown(await status(ADMIN));
    expect(admin).toContain('For admins');
    expect(admin).toContain('all well');
    expect(admin).toContain('1 object (1000 bytes)');
    expect(admin).toContain('public channels saved');
  });

  it('bad credentials for a while: admins are told once, Retry all tries again, and its end is told', async () => {
    const broken = vault.s3.faults.add({
      operation: 'PutObject',
      key: /\.mov/,
      do: { status: 403, code: 'InvalidAccessKeyId' },
    });
    for (let i = 0; i < 5; i++) {
      await vault.slack.as('anna').share('general', { name: `${i}.mov`, content: randomBytes(1_000) });
    }
    const anna = await until('failed files in the status', async () => {
      const message = await status('anna');
      return shown(message).includes('retry_file') ? message : undefined;
    });
    expect(shown(anna)).toContain('cannot sign in to its bucket');
    expect(shown(anna)).not.toContain('retry_all');
    expect(shown(anna)).not.toContain('AWS_');

    expect(toldTo(ADMIN)).toEqual([]);
    await later(HOUR);
    const [message] = await until('a message to the admin', () => {
      const told = toldTo(ADMIN);
      return told.length > 0 ? told : undefined;
    });
    expect(message?.text).toContain('RIA Vault needs help');
    expect(shown(message)).toContain('AWS_ACCESS_KEY_ID');
    expect(toldTo('anna')).toEqual([]);

    // A restart neither repeats nor forgets it; trouble within the hour goes into the same message.
    await bot.kill();
    await start();
    vault.slack.as('anna').kick('design');
    await until('one message that says both', () => /no longer in <#C/.test(shown(toldTo(ADMIN))), 60_000);
    expect(toldTo(ADMIN)).toHaveLength(1);

    broken.remove();
    const asked = await status(ADMIN);
    expect(shown(asked)).toContain('retry_all');
    await vault.slack.as(ADMIN).action(asked, 'retry_all');
    await until('all stored', async () => {
      const stored = (await vault.s3.list(BUCKET)).filter(({ key }) => key.endsWith('.mov'));
      return stored.length === 5;
    });
    await until('that it is mended', () => /Files are saved again/.test(shown(toldTo(ADMIN)[0])), 60_000);
    vault.slack.as('anna').invite('design');
    await vault.slack.deliveries.settled();
    const [, last, ...more] = await until(
      'the all-clear',
      () => {
        const told = toldTo(ADMIN);
        return told.length > 1 ? told : undefined;
      },
      60_000,
    );
    expect(last?.text).toBe('RIA Vault is fine again.');
    expect(more).toEqual([]);
  });

  it('what comes up after the all-clear waits until the hour of the last message is over', async () => {
    vault.slack.as('anna').kick('design');
    await until('it in the status', async () => /no longer in <#C/.test(shown(await status(ADMIN))));
    expect(toldTo(ADMIN)).toHaveLength(2);
    await later(HOUR);
    await until('a message', () => /no longer in <#C/.test(shown(toldTo(ADMIN)[2])), 60_000);
    vault.slack.as('anna').invite('design');
    await until('the all-clear', () => toldTo(ADMIN).length === 4, 60_000);
  });

  it('what the comparison finds is told, shown in App Home, and its end too', async () => {
    const carla = vault.slack.as(ADMIN);
    const key = (await vault.s3.list(BUCKET)).find((object) => object.key.endsWith('one.bin'))?.key as string;
    const s3 = new S3Client({
      endpoint: vault.s3.endpoint,
      forcePathStyle: true,
      region: 'us-east-1',
      credentials: {
        accessKeyId: vault.env.AWS_ACCESS_KEY_ID as string,
        secretAccessKey: vault.env.AWS_SECRET_ACCESS_KEY as string,
      },
    });
    await s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: key }));
    await later(DAY);
    // A Home that was opened within the hour shows the changes.
    carla.home();
    const disagree = /do not agree: 1 missing/;
    await until('a warning in App Home', () => disagree.test(shown(carla.homeView())), 120_000);
    expect(shown(await status(ADMIN))).toContain('1 missing');
    await until('a message', () => disagree.test(shown(toldTo(ADMIN)[4])), 60_000);

    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: one }));
    s3.destroy();
    await later(DAY);
    carla.home();
    await until('App Home without it', () => !disagree.test(shown(carla.homeView())), 120_000);
    await until('the all-clear', () => toldTo(ADMIN).length === 6, 60_000);
    expect(toldTo(ADMIN)[5]?.text).toBe('RIA Vault is fine again.');
  });

  it('the process is alive and has no error to report', () => {
    expect(bot.process.exitCode).toBeNull();
    expect(logs.flat().filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([]);
  });
});
