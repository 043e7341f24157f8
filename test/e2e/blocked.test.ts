/** Another user of the same PostgreSQL holds what the bot needs: the bot says so, answers, and loses nothing. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { find } from '../../src/blocks/text/wording-find.ts';
import { noPostgres, type PostgresServer, startPostgres } from '../helpers/postgres.ts';
import { type Bot, BUCKET, startVault, type TestVault, until } from '../helpers/vault.ts';

const MIGRATION_LOCK = 7_242_011_873;

describe.skipIf(noPostgres())('another role of the same PostgreSQL', () => {
  let server: PostgresServer;
  let vault: TestVault;
  let databaseUrl: string;
  beforeAll(async () => {
    server = await startPostgres();
    await server.query('create role stranger login');
  });
  beforeEach(async () => {
    databaseUrl = await server.createDatabase();
    vault = await startVault({ env: { DATABASE_URL: databaseUrl } });
  });
  afterEach(() => vault.close());
  afterAll(() => server.close());

  async function hold(statement: string, role: string): Promise<() => Promise<void>> {
    const url = new URL(databaseUrl);
    url.username = role;
    const client = new pg.Client({ connectionString: url.href });
    client.on('error', () => {});
    await client.connect();
    await client.query('begin');
    await client.query(statement);
    return () => client.end();
  }

  const blocked = ({ log }: Bot) => log.find(({ code }) => code === 'catalog_blocked');

  it('that holds the lock of the start is named in the log, and the start goes on when it is free', async () => {
    const free = await hold(`select pg_advisory_lock(${MIGRATION_LOCK})`, 'stranger');
    const bot = vault.launchBot();
    await until('the sentence', async () => blocked(bot) !== undefined);
    expect(blocked(bot)?.level).toBe('warn');
    expect(blocked(bot)?.msg).toMatch(
      /has been held for over 5 seconds by the role "stranger" \(process \d+\)/,
    );
    const before = performance.now();
    await free();
    await bot.ready;
    expect(performance.now() - before).toBeLessThan(20_000);
  });

  it('that holds the lock of the start does not keep the bot from stopping', async () => {
    const free = await hold(`select pg_advisory_lock(${MIGRATION_LOCK})`, 'stranger');
    const bot = vault.launchBot();
    bot.ready.catch(() => {});
    await until('the sentence', async () => blocked(bot) !== undefined);
    expect(await bot.stop()).toBe(0);
    await free();
  });

  it('that holds a lock of the running bot: a person is told, and then gets what they asked for', async () => {
    const carla = vault.slack.as('carla');
    await vault.startBot();
    const { teamId, channels } = vault.slack.workspace;
    const name = `backfill ${teamId} ${channels.general}`;
    const free = await hold(`select pg_advisory_lock(hashtextextended('${name}', 0))`, 'stranger');
    const told = () => JSON.stringify(carla.messages('general'));
    await carla.command('general', '/vault backfill');
    await until('the answer', async () => told().includes('Nothing is lost'));
    await free();
    await carla.command('general', '/vault backfill');
    await until('the other answer', async () => told().includes('backfill_stop') || /past/.test(told()));
  });

  it('that locks a table: a question is answered in time, and what is shared meanwhile is stored afterwards', async () => {
    const anna = vault.slack.as('anna');
    const bot = await vault.startBot();
    await anna.share('general', { name: 'before.txt', content: 'before' });
    await until('the first file', async () => (await vault.s3.list(BUCKET)).length === 1);
    const free = await hold('lock table file', 'postgres');
    await anna.share('general', { name: 'meanwhile.txt', content: 'meanwhile' });
    const before = performance.now();
    await anna.command('general', '/vault find before');
    const told = () => anna.messages('general').map((one) => JSON.stringify(one));
    await until('the answer', async () =>
      told().some((text) => text.includes(find.stopped) || text.includes('cannot read its catalog')),
    );
    expect(performance.now() - before).toBeLessThan(15_000);
    await until('the log', async () => blocked(bot) !== undefined);
    await sleep(1_000);
    await free();
    await until('the other file', async () => (await vault.s3.list(BUCKET)).length === 2, 90_000);
  });
});
