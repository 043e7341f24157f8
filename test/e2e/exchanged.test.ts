/** Bots of one PostgreSQL: a newer version takes over, the server goes away, another workspace comes along. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { noPgBouncer, startPgBouncer } from '../helpers/pgbouncer.ts';
import { noPostgres, type PostgresServer, startPostgres } from '../helpers/postgres.ts';
import { type Bot, BUCKET, runBot, startVault, type TestVault, until } from '../helpers/vault.ts';

describe.skipIf(noPostgres())('bots on one PostgreSQL', () => {
  let server: PostgresServer;
  let vault: TestVault;
  let databaseUrl: string;
  beforeAll(async () => {
    server = await startPostgres();
  });
  beforeEach(async () => {
    databaseUrl = await server.createDatabase();
    vault = await startVault({ env: { DATABASE_URL: databaseUrl } });
  });
  afterEach(() => vault.close());
  afterAll(() => server.close());

  const query = (text: string) => server.query(text, new URL(databaseUrl).pathname.slice(1));
  const stored = (count: number) =>
    until(`${count} objects`, async () => (await vault.s3.list(BUCKET)).length === count);

  it('an old one meets the tables of a newer version: it hands back its work and ends with 75', async () => {
    const bot = await vault.startBot();
    const anna = vault.slack.as('anna');
    const count = async (which: string) => (await query(`select 1 from file where ${which}`)).rows.length;
    await anna.share('general', { name: 'before.txt', content: 'before' });
    await until('the first file', async () => (await count(`state = 'stored'`)) === 1);
    const slowly = vault.slack.faults.download('*', { kind: 'drip', bytesPerSecond: 2_000 });
    await anna.share('general', { name: 'meanwhile.bin', content: randomBytes(300_000) });
    await until('the capture', async () => (await count('lease_owner is not null')) === 1);
    await query(`insert into kysely_migration values ('9999_newer', 'now')`);
    const ended = once(bot.process, 'exit');
    await anna.share('general', { name: 'after.txt', content: 'after' });
    expect((await ended)[0]).toBe(75);
    expect(bot.log).toContainEqual(expect.objectContaining({ level: 'warn', code: 'catalog_newer' }));
    expect(await count('lease_owner is not null')).toBe(0);
    expect((await query('select state from file order by id')).rows).toEqual([
      { state: 'stored' },
      { state: 'pending' },
    ]);
    slowly.remove();
    // The newer version, here the same one again: it goes on at once, and looks for what nobody wrote down.
    await query(`delete from kysely_migration where name = '9999_newer'`);
    await vault.startBot();
    await stored(3);
  });

  it('one of another workspace is refused in one sentence', async () => {
    await vault.startBot();
    const other = await startVault({ env: { DATABASE_URL: databaseUrl } });
    const { code, stderr } = await runBot(other.env);
    await other.close();
    expect(code).toBe(2);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain(vault.slack.workspace.teamId);
    expect(stderr).toContain(other.slack.workspace.teamId);
  });

  it('PostgreSQL goes away for a while: few lines say so, and everything goes on', async () => {
    const bot = await vault.startBot();
    await server.stop('fast');
    await sleep(6_000);
    await server.start();
    await until('the line', () => bot.log.some(({ msg }) => msg === 'the catalog answers again'));
    const told = bot.log.filter(({ level }) => level === 'warn' || level === 'error');
    expect(told.length).toBeGreaterThan(0);
    expect(told.length).toBeLessThanOrEqual(4);
    await vault.slack.as('anna').share('general', { name: 'after.txt', content: 'after' });
    await stored(1);
  });

  it.skipIf(noPgBouncer())('through PgBouncer in transaction mode, several capture and answer', async () => {
    const pooler = await startPgBouncer(server, { connections: 4 });
    const env = { DATABASE_URL: pooler.through(databaseUrl) };
    try {
      const bots: Bot[] = await Promise.all(Array.from({ length: 3 }, () => vault.startBot(env)));
      const anna = vault.slack.as('anna');
      for (let i = 0; i < 6; i++) await anna.share('general', { name: `plan-${i}.txt`, content: `${i}` });
      await stored(6);
      await anna.command('general', '/vault find plan');
      await until('the answer', () => JSON.stringify(anna.messages('general')).includes('plan-5.txt'));
      // A lock of a transaction goes with it; one that a pooled connection kept would stay.
      await until('no lock stays', async () => {
        const { rows } = await query(`select 1 from pg_locks where locktype = 'advisory'`);
        return rows.length === 0;
      });
      expect(bots.flatMap(({ log }) => log.filter(({ level }) => level === 'error'))).toEqual([]);
      for (const bot of bots) expect(await bot.stop()).toBe(0);
    } finally {
      await pooler.close();
    }
  });
});
