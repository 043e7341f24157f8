/** Passing trouble: a no that is not final, a web page as answer, an outage in which nothing can be written down. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../helpers/vault.ts';
import { firstStart, shareSizes, someFiles } from './people.ts';
import type { Scenario, Stage } from './scenario.ts';

/** For so many questions after its event, Slack does not know the file. */
async function shareNotYet({ vault, ledger, random }: Stage, channel: string, times: number, size: number) {
  const [file] = someFiles(random, [size]);
  if (file === undefined) throw new Error('no file');
  const anna = vault.slack.as('anna');
  const fileId = await anna.upload(file);
  const late = vault.slack.faults.notYet(fileId, times);
  const ts = anna.post(channel, '', { file_ids: [fileId] });
  ledger.addShared({ ...file, fileId }, channel, ts);
  return { fileId, late };
}

const passingNo: Scenario = {
  name: 'Slack: the passing no',
  does: 'file_not_found for files just shared, refused downloads, and the bot out of a channel meanwhile',
  async run(stage) {
    const { vault, catalog, ledger, random } = stage;
    await firstStart(stage);
    for (const times of stage.of([1, 3], [1, 2, 3, 5])) await shareNotYet(stage, 'general', times, 300_000);
    for (const status of [401, 403, 404, 410]) {
      vault.slack.faults.download('*', { kind: 'status', status }, 2);
      await shareSizes(stage, [random.int(1, 900), 20_000]);
    }
    // A bot that is not in the channel cannot get it; it comes as soon as the bot is back.
    const refused = await shareNotYet(stage, 'design', Number.POSITIVE_INFINITY, 500);
    await until('it to be asked for', async () => refused.late.hits > 0, 60_000);
    // A bot that is out can tell nobody there of what was shared before.
    const before = ledger.files.filter(
      ({ channel, fileId }) => channel === 'design' && fileId !== refused.fileId,
    );
    const areTold = async () => {
      const records = new Map((await catalog.files()).map(({ file_id, state }) => [file_id, state]));
      const areStored = before.every(({ fileId }) => records.get(fileId) === 'stored');
      return areStored && (await catalog.postsDue()) === 0;
    };
    await until('what was shared there before to be told of', areTold, 60_000);
    vault.slack.as('anna').kick('design');
    const state = async () => (await catalog.files()).find(({ file_id }) => file_id === refused.fileId);
    const patience = stage.of(6_000, 240_000);
    const isOut = async () => (await state())?.state === 'skipped';
    await until('it to be given up for now', isOut, patience).catch(() => {});
    const { state: now, reason = null } = (await state()) ?? {};
    if (now === 'skipped' && reason !== 'not_in_channel') throw new Error(`skipped as ${reason}`);
    if (now !== 'skipped' && stage.scale === 'full') throw new Error(`${now} after ${patience} ms`);
    refused.late.remove();
    vault.slack.as('anna').invite('design');
  },
};

const webPage: Scenario = {
  name: 'Slack: a web page with 200',
  does: 'a proxy answers every call with its own page while a backfill runs and files are shared',
  slack: { limits: 'off' },
  async run(stage) {
    const { vault, ledger, random } = stage;
    // Shared before the vault knew the channel: nobody is told of it, so no confirmation is expected.
    const old = stage.of(20, 250);
    for (let count = 0; count < old; count++) {
      const [file] = someFiles(random, [random.int(1, 2_000)]);
      if (file === undefined) continue;
      const { files } = await vault.slack.as('anna').share('general', file);
      ledger.addShared({ ...file, fileId: files[0] as string }, 'general', '');
      ledger.quiet(files[0] as string);
    }
    await vault.startBot();
    await vault.slack.as('carla').command('general', '/vault backfill');
    for (const fault of [{ webPage: true }, { body: {} }, { webPage: true, status: 403 }]) {
      const handle = vault.slack.faults.api('*', fault);
      await shareSizes(stage, [0, 500, 300_000]);
      await sleep(stage.of(4_000, random.int(4_000, 20_000)));
      handle.remove();
      await sleep(1_000);
    }
    await until('the backfill to end', async () => backfillState(stage) !== 'walking', 120_000);
    if (backfillState(stage) === 'failed') throw new Error('a web page ended the backfill');
  },
};

function backfillState({ vault }: Stage): unknown {
  const database = new DatabaseSync(join(vault.dataDir, 'vault.db'), { readOnly: true, timeout: 5_000 });
  try {
    return database.prepare('select state from backfill').get()?.state;
  } finally {
    database.close();
  }
}

/** Another program holds the catalog while something happens, and for `ms` after it. */
export async function holdCatalog(
  { vault }: Pick<Stage, 'vault'>,
  ms: number,
  meanwhile: () => Promise<unknown>,
): Promise<void> {
  const other = new DatabaseSync(join(vault.dataDir, 'vault.db'), { timeout: 10_000 });
  try {
    other.exec('begin immediate');
    await meanwhile();
    await sleep(ms);
  } finally {
    other.close();
  }
}

const unacknowledged = (mode: 'http' | 'socket'): Scenario => ({
  name: `machine: outage without acknowledgement (${mode})`,
  does: 'the catalog cannot be written until Slack has given its events up; then no other event comes, and no sweep is due',
  mode,
  slack: { retryDelaysMs: [0, 100, 200] },
  env: { VAULT_SWEEP_MINUTES: '0' },
  async run(stage) {
    await firstStart(stage);
    for (let round = 0; round < stage.of(1, 3); round++) {
      // Longer than Slack keeps repeating.
      await holdCatalog(stage, stage.of(25_000, 40_000), async () => {
        await shareSizes(stage, [0, 500]);
        await shareSizes(stage, [20_000, 300_000]);
      });
      await stage.vault.slack.deliveries.settled();
    }
  },
});

export const passing: Scenario[] = [passingNo, webPage, unacknowledged('http'), unacknowledged('socket')];
