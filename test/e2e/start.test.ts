import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startFromSources } from '../helpers/from-sources.ts';
import { noPostgres, type PostgresServer, startPostgres } from '../helpers/postgres.ts';
import { type Bot, BUCKET, runBot, startVault, type TestVault, until } from '../helpers/vault.ts';

startFromSources();

interface Ready {
  status: number;
  ok: boolean;
  checks: Record<string, string>;
  waitingFor?: string[];
}

const get = (bot: Bot, path: string) => fetch(`http://127.0.0.1:${bot.port}${path}`);

async function readyz(bot: Bot): Promise<Ready> {
  const answer = await get(bot, '/readyz');
  return { status: answer.status, ...((await answer.json()) as Omit<Ready, 'status'>) };
}

/** Slack repeats what was refused after a second here, not after a minute. */
const QUICK = { retryDelaysMs: [300, 1_000, 1_000] };
/** Nothing listens there. */
const NOWHERE = 'http://127.0.0.1:1';

describe('a bot whose Slack, bucket or database is away when it starts', () => {
  let vault: TestVault;
  afterEach(() => vault.close());

  const names = async () => (await vault.s3.list(BUCKET)).map(({ key }) => key.split('/').at(-1));
  const rows = () => {
    const path = join(vault.dataDir, 'vault.db');
    if (!existsSync(path)) return [];
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      return database.prepare('select name, state from file').all();
    } finally {
      database.close();
    }
  };
  const lines = (bot: Bot, words: string) => bot.log.filter(({ msg }) => String(msg).includes(words)).length;

  it('over HTTP: answers health, says what it waits for, and writes down what is shared', async () => {
    vault = await startVault({ mode: 'http', slack: QUICK });
    vault.s3.faults.down = true;
    const limited = vault.slack.faults.api('auth.test', { status: 429, retryAfter: 1 });
    const bot = vault.launchBot();
    await bot.listening;
    expect((await get(bot, '/healthz')).status).toBe(200);
    const ready = await until('both waits', async () => {
      const answer = await readyz(bot);
      const isSo = answer.waitingFor?.length === 2 && !JSON.stringify(answer).includes('no_answer');
      return isSo ? answer : undefined;
    });
    expect(ready).toMatchObject({
      status: 503,
      ok: false,
      checks: { database: 'sqlite', bucket: 'waiting' },
    });
    expect(ready.waitingFor?.join()).toMatch(/Waiting for Slack \(ratelimited\)/);
    expect(ready.waitingFor?.join()).toMatch(/Waiting for the bucket \(bucket_unreachable\)/);

    const anna = vault.slack.as('anna');
    await anna.share('general', { name: 'meanwhile.txt', content: 'kept' });
    await until('it written down', () => rows().length === 1);

    limited.remove();
    await until('the answer of Slack', async () => (await readyz(bot)).waitingFor?.length === 1);
    await anna.command('general', '/vault status');
    const told = await anna.waitFor(() => anna.messages('general').findLast((message) => message.ephemeral));
    expect(JSON.stringify(told.blocks)).toContain('bucket has been away since');
    expect(rows()).toEqual([{ name: 'meanwhile.txt', state: 'pending' }]);

    vault.s3.faults.down = false;
    await bot.ready;
    await until('it in the bucket', async () => (await names()).includes('meanwhile.txt'));
    expect((await readyz(bot)).status).toBe(200);
    expect(lines(bot, 'waiting for the bucket')).toBe(1);
    expect(lines(bot, 'waiting for Slack')).toBe(1);
    expect(await bot.stop()).toBe(0);
  });

  it('knows from its last start who it is, and writes down what is shared before Slack answers', async () => {
    vault = await startVault({ mode: 'http', slack: QUICK });
    await (await vault.startBot()).stop();
    const hanging = vault.slack.faults.api('auth.test', { hang: true });
    const bot = vault.launchBot();
    await bot.listening;
    await vault.slack.as('anna').share('general', { name: 'second.txt', content: 'kept too' });
    await until('it written down', () => rows().length === 1);
    hanging.remove();
    await bot.ready;
    await until('it in the bucket', async () => (await names()).includes('second.txt'));
    await bot.stop();
  });

  it('in Socket Mode: connects when Slack is back, and sweeps what was shared meanwhile', async () => {
    vault = await startVault();
    vault.slack.faults.down = true;
    const refusing = vault.s3.faults.add({ do: { status: 503, code: 'SlowDown' } });
    const bot = vault.launchBot();
    await bot.listening;
    await until('both waits', async () => (await readyz(bot)).waitingFor?.length === 2);
    await sleep(1_000);
    const anna = vault.slack.as('anna');
    await anna.share('general', { name: 'swept.txt', content: 'kept' });
    vault.slack.faults.down = false;
    await until('the connection', () => lines(bot, 'connected to Slack') > 0);
    await anna.share('general', { name: 'told.txt', content: 'kept too' });
    await until('it written down', () => rows().length === 1);
    refusing.remove();
    await bot.ready;
    await until('both in the bucket', async () => {
      const there = await names();
      return there.includes('swept.txt') && there.includes('told.txt');
    });
    await bot.stop();
  });

  it.each([
    [
      'everything out of reach',
      {
        SLACK_API_URL: `${NOWHERE}/api/`,
        AWS_ENDPOINT_URL_S3: NOWHERE,
        DATABASE_URL: 'postgres://vault:s3cret@127.0.0.1:1/vault',
      },
    ],
    [
      'a name that cannot be resolved',
      { SLACK_API_URL: 'https://slack.invalid/api/', AWS_ENDPOINT_URL_S3: 'http://s3.invalid' },
    ],
  ])('with %s ends soon and cleanly on SIGTERM', async (_, env) => {
    vault = await startVault();
    const bot = vault.launchBot(env);
    await bot.listening;
    await until('the waits', async () => ((await readyz(bot)).waitingFor?.length ?? 0) >= 2);
    await sleep(1_500);
    expect(bot.process.exitCode).toBeNull();
    const before = Date.now();
    expect(await bot.stop()).toBe(0);
    expect(Date.now() - before).toBeLessThan(5_000);
    expect(JSON.stringify(bot.log)).not.toContain('s3cret');
  });

  it('a token that Slack refuses while the bucket is away ends it with exit code 2', async () => {
    vault = await startVault();
    vault.s3.faults.down = true;
    const refused = vault.slack.faults.api('auth.test', { error: 'internal_error' }, 3);
    const bot = vault.launchBot({ SLACK_BOT_TOKEN: 'xoxb-wrong' });
    await expect(bot.ready).rejects.toThrow(/the bot ended with 2: Slack refused SLACK_BOT_TOKEN/);
    expect(refused.hits).toBe(3);
  });
});

describe.skipIf(noPostgres() !== undefined)('with PostgreSQL away as well', () => {
  let server: PostgresServer;
  let vault: TestVault;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    vault = await startVault({ mode: 'http', slack: QUICK, s3: {} });
  });
  afterEach(() => vault.close());

  const names = async () => (await vault.s3.list(BUCKET)).map(({ key }) => key.split('/').at(-1));

  it('a database that does not exist still ends it with exit code 2', async () => {
    const DATABASE_URL = (await server.createDatabase()).replace(/\w+$/, 'unknown');
    const { code, stderr } = await runBot({ ...vault.env, DATABASE_URL });
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('does not exist') });
  });

  it.each([
    { order: ['database', 'slack', 'bucket'], how: 'stopped' },
    { order: ['bucket', 'slack', 'database'], how: 'stopped' },
    { order: ['slack', 'database', 'bucket'], how: 'frozen' },
  ] as const)(
    'it is $how, they come back in the order $order, and nothing is lost',
    async ({ order, how }) => {
      const DATABASE_URL = await server.createDatabase();
      if (how === 'stopped') await server.stop('fast');
      else await server.freeze();
      vault.slack.faults.api('auth.test', { error: 'service_unavailable' });
      vault.s3.faults.down = true;
      const bot = vault.launchBot({ DATABASE_URL });
      await bot.listening;
      await until('three waits', async () => (await readyz(bot)).waitingFor?.length === 3);
      const back = {
        database: () => (how === 'stopped' ? server.start() : server.thaw()),
        slack: async () => vault.slack.faults.clear(),
        bucket: async () => vault.s3.faults.clear(),
      };
      const anna = vault.slack.as('anna');
      for (const [index, part] of order.entries()) {
        await anna.share('general', { name: `before-${part}.txt`, content: `${index}` });
        await back[part]();
        if (index < 2)
          await until('one less', async () => (await readyz(bot)).waitingFor?.length === 2 - index);
      }
      await bot.ready;
      await until('all three in the bucket', async () => {
        const there = await names();
        return order.every((part) => there.includes(`before-${part}.txt`));
      });
      expect(await bot.stop()).toBe(0);
    },
  );
});
