/** PostgreSQL restarts, cuts connections, or only reads. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { noPostgres, type PostgresServer } from '../helpers/postgres.ts';
import { busyPeople } from './people.ts';
import type { Scenario, Stage } from './scenario.ts';

/** Two bots share the work, people are busy, and `trouble` happens to the server. */
function whileBusy(trouble: (server: PostgresServer, stage: Stage) => Promise<void>) {
  return async (stage: Stage): Promise<void> => {
    const { vault } = stage;
    const bots = [await vault.startBot(), await vault.startBot()];
    const people = busyPeople(stage);
    await trouble(stage.postgres as PostgresServer, stage);
    await people.stop();
    for (const bot of bots) {
      if (bot.process.exitCode !== null)
        throw new Error(`a bot ended with ${bot.process.exitCode}: ${JSON.stringify(bot.log.slice(-3))}`);
    }
  };
}

const restarted: Scenario = {
  name: 'PostgreSQL restarted',
  does: 'the server stopped and started again, politely and as in a crash, under two busy bots',
  database: 'postgres',
  missing: noPostgres,
  run: whileBusy(async (server, { random, of }) => {
    for (let round = 0; round < of(2, 8); round++) {
      await sleep(random.int(500, 2_000));
      await server.stop(random.pick(['fast', 'immediate']));
      await sleep(random.int(0, 2_500));
      await server.start();
    }
  }),
};

const cut: Scenario = {
  name: 'PostgreSQL connections cut',
  does: 'every connection ended by the server, again and again, in the middle of transactions',
  database: 'postgres',
  missing: noPostgres,
  run: whileBusy(async (server, { random, of }) => {
    const end = Date.now() + of(5_000, 20_000);
    while (Date.now() < end) {
      await server.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'ria-vault'`,
      );
      await sleep(random.int(20, 700));
    }
  }),
};

const readOnly: Scenario = {
  name: 'PostgreSQL read-only',
  does: 'the server answers that it only reads, as after a fail-over, for a while',
  database: 'postgres',
  missing: noPostgres,
  run: whileBusy(async (server, { random, of }) => {
    for (let round = 0; round < of(1, 4); round++) {
      await sleep(1_000);
      await server.query('alter system set default_transaction_read_only = on');
      await server.query('select pg_reload_conf()');
      await sleep(random.int(1_000, of(2_500, 8_000)));
      await server.query('alter system reset default_transaction_read_only');
      await server.query('select pg_reload_conf()');
    }
  }),
};

const locked: Scenario = {
  name: 'PostgreSQL locked',
  does: "somebody else locks the vault's tables for longer than a statement waits, again and again",
  database: 'postgres',
  missing: noPostgres,
  run: whileBusy(async (_server, { random, of, vault }) => {
    for (let round = 0; round < of(1, 4); round++) {
      await sleep(random.int(200, 1_000));
      const client = new pg.Client({ connectionString: vault.env.DATABASE_URL });
      client.on('error', () => {});
      await client.connect();
      await client.query('begin');
      await client.query(`lock table ${random.pick(['file', 'share', 'post', 'channel_file'])}`);
      await sleep(random.int(5_500, 9_000));
      await client.end();
    }
  }),
};

export const postgresServer: Scenario[] = [restarted, cut, readOnly, locked];
