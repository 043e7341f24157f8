/** The process dies at any moment, again and again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { noPostgres } from '../helpers/postgres.ts';
import { busyPeople, firstStart } from './people.ts';
import type { Scenario, Stage } from './scenario.ts';

/** Starts a bot and kills it at a random moment, `kills` times: while it starts, or some time after it is ready. */
export async function killAgainAndAgain(
  { vault, random }: Pick<Stage, 'vault' | 'random'>,
  kills: number,
): Promise<void> {
  for (let count = 0; count < kills; count++) {
    const bot = vault.launchBot();
    if (random.chance(0.75)) await bot.ready;
    await sleep(random.int(0, 1_200));
    await bot.kill();
  }
}

/** A hundred starts would spend minutes waiting for Slack's permission to open a socket. */
const slack = { limits: 'off' as const };

const onSqlite: Scenario = {
  name: 'kills on SQLite',
  slack,
  does: 'kill -9 at random moments while files are shared, listed, deleted and restored',
  async run(stage) {
    await (await firstStart(stage)).kill();
    const people = busyPeople(stage);
    await killAgainAndAgain(stage, stage.of(8, 100));
    await people.stop();
    await stage.vault.startBot();
  },
};

const onPostgres: Scenario = {
  name: 'kills on PostgreSQL',
  slack,
  does: 'kill -9 at random moments of two bots that share the work',
  database: 'postgres',
  missing: noPostgres,
  async run(stage) {
    await (await firstStart(stage)).kill();
    const people = busyPeople(stage);
    const kills = stage.of(8, 100);
    await Promise.all([killAgainAndAgain(stage, kills / 2), killAgainAndAgain(stage, kills / 2)]);
    await people.stop();
    const bots = [await stage.vault.startBot(), await stage.vault.startBot()];
    // A dead bot's leases run out within a minute. The long run waits for that; the short one moves time on.
    if (stage.scale === 'short')
      await stage.catalog.endDeadLeases(bots.map((bot) => bot.process.pid as number));
  },
};

const whilePurging: Scenario = {
  name: 'kills while purging',
  slack,
  does: 'kill -9 at random moments while deleted files are removed from the bucket for good',
  // Nothing stays in the trash: what is deleted is purged at once.
  env: { VAULT_TRASH_DAYS: '0' },
  async run(stage) {
    await (await firstStart(stage)).kill();
    const people = busyPeople(stage, { purge: true });
    await killAgainAndAgain(stage, stage.of(5, 30));
    await people.stop();
    await stage.vault.startBot();
  },
};

export const kills: Scenario[] = [onSqlite, onPostgres, whilePurging];
