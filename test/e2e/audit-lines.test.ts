/** `VAULT_AUDIT_LOG=stdout`: every audit entry is a line of the output, whatever kills the bot. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import { noPostgres, type PostgresServer, startPostgres } from '../helpers/postgres.ts';
import { type Bot, startVault, type TestVault, until } from '../helpers/vault.ts';

let vault: TestVault;
let postgres: PostgresServer | undefined;
afterEach(async () => {
  await vault?.close();
  await postgres?.close();
  postgres = undefined;
});

const ON = { VAULT_AUDIT_LOG: 'stdout', VAULT_LOG_LEVEL: 'error' };
const linesOf = (bots: Bot[]) => bots.flatMap(({ log }) => log.filter(({ audit }) => audit === true));
const entriesIn = (bots: Bot[]) => linesOf(bots).map(({ entry }) => entry as string);

/** With `error` as the level, a bot does not say when it is ready. */
const launch = () => vault.launchBot(ON);

const share = (name: string) => vault.slack.as('anna').share('general', { name, content: name });

describe('audit lines', () => {
  it('tell each entry at least once and in the order of the commits, through kills; by ids alone', async () => {
    vault = await startVault();
    const bots: Bot[] = [];
    for (let round = 0; round < 3; round++) {
      const bot = launch();
      bots.push(bot);
      const before = entriesIn([bot]).length;
      for (let n = 0; n < 6; n++) await share(`secret plan ${round}-${n}.txt`);
      await until('some lines', () => entriesIn([bot]).length > before + round);
      await bot.kill();
    }
    bots.push(launch());
    const database = new DatabaseSync(join(vault.dataDir, 'vault.db'), { readOnly: true });
    const rows = () =>
      database
        .prepare('select id, at, team_id from audit order by id')
        .all()
        .map(({ id, at, team_id }) => `${team_id}-${id}-${at}`);
    const stored = () => database.prepare("select 1 from audit where action = 'stored'").all();
    await until('all files', () => stored().length === 18);
    const told = await until('every entry', () => {
      const once = [...new Set(entriesIn(bots))];
      return once.length === rows().length ? once : undefined;
    });
    expect(told).toEqual(rows());
    database.close();
    const [line] = linesOf(bots);
    expect(line).toMatchObject({
      ...{ level: 'info', audit: true, msg: 'audit', action: 'stored', actor: 'vault' },
      file: expect.stringMatching(/^F/),
      channel: expect.stringMatching(/^C/),
      detail: { bytes: 19, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect(JSON.stringify(linesOf(bots))).not.toContain('secret');
  });

  it.skipIf(noPostgres())(
    'are told by one of two bots on one PostgreSQL, and none is lost when one dies',
    async () => {
      postgres = await startPostgres();
      const url = await postgres.createDatabase();
      vault = await startVault({ env: { DATABASE_URL: url } });
      const bots = [launch(), launch()];
      const name = new URL(url).pathname.slice(1);
      const count = async (what: string) =>
        Number(
          (await postgres?.query(`select count(*) as n from ${what}`, name).catch(() => null))?.rows[0]?.n ??
            -1,
        );
      await until('the first bot', async () => (await count('audit_feed')) === 1);
      await share('first.txt');
      await until('the first line', () => entriesIn(bots).length > 0);
      await bots[0]?.kill();
      for (let n = 0; n < 8; n++) await share(`more ${n}.txt`);
      await until('all files', async () => (await count("audit where action = 'stored'")) === 9, 90_000);
      await until('nothing more to tell', async () => (await count('audit_line')) === 0, 90_000);
      await until('all lines', async () => new Set(entriesIn(bots)).size === (await count('audit')), 10_000);
    },
  );

  it('are not written unless somebody asks for them', async () => {
    vault = await startVault();
    const bot = await vault.startBot();
    await share('a.txt');
    await until('the confirmation', () =>
      vault.slack
        .as('anna')
        .messages('general')
        .some(({ thread_ts }) => thread_ts !== undefined),
    );
    expect(linesOf([bot])).toEqual([]);
  });
});
