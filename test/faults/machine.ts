/** The machine under the bot: its disk, its clock, its signals, and another bot on the same folder. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runBot, until } from '../helpers/vault.ts';
import { botClock } from './clock.ts';
import { holdCatalog } from './passing.ts';
import { busyPeople, firstStart, shareSizes, someFiles } from './people.ts';
import type { Scenario, Stage } from './scenario.ts';

const HOUR_MS = 3_600_000;

/** The data directory becomes a disk of its own, of this size. */
function smallDisk({ vault, after }: Stage, options: string): void {
  mkdirSync(vault.dataDir, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', vault.dataDir]);
  after(async () => {
    execFileSync('umount', ['-l', vault.dataDir]);
  });
}

function noMount(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root can mount a small disk';
  const probe = join('/tmp', `vault-mount-${process.pid}`);
  mkdirSync(probe, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', probe], { stdio: 'ignore' });
    execFileSync('umount', [probe]);
    return undefined;
  } catch {
    return 'this machine does not let a small disk be mounted';
  } finally {
    rmSync(probe, { recursive: true, force: true });
  }
}

/** Refuses to start, with exit code 2 and a sentence that has all of these words. */
async function expectRefusal({ vault }: Stage, ...words: string[]): Promise<void> {
  const { code, stderr } = await runBot(vault.env);
  if (code !== 2) throw new Error(`the bot ended with ${code} instead of 2: ${stderr}`);
  for (const word of words) if (!stderr.includes(word)) throw new Error(`no word of ${word}: ${stderr}`);
}

const fullDisk: Scenario = {
  name: 'machine: full disk',
  does: 'the disk of the catalog runs full while files are shared, and has room again later',
  missing: noMount,
  async run(stage) {
    const { vault } = stage;
    smallDisk(stage, 'size=12m');
    const bot = await vault.startBot();
    const ballast = join(vault.dataDir, 'ballast');
    for (let round = 0; round < stage.of(1, 4); round++) {
      await shareSizes(stage, [300, 20_000]);
      fill(ballast);
      await shareSizes(stage, [0, 500, 300_000, 2_000_000]);
      await sleep(stage.of(3_000, 6_000));
      rmSync(ballast);
      await shareSizes(stage, [700]);
    }
    if (bot.process.exitCode !== null) await vault.startBot();
  },
};

function fill(path: string): void {
  const block = Buffer.alloc(4_096);
  writeFileSync(path, '');
  try {
    for (;;) writeFileSync(path, block, { flag: 'a' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

const readOnly: Scenario = {
  name: 'machine: read-only data directory',
  does: 'the folder of the catalog cannot be written: the bot refuses to start, and starts when it can',
  missing: noMount,
  async run(stage) {
    const { vault } = stage;
    smallDisk(stage, 'size=12m');
    const bot = await vault.startBot();
    await shareSizes(stage, [500]);
    await bot.stop();
    const remount = (how: string) => execFileSync('mount', ['-o', `remount,${how}`, vault.dataDir]);
    remount('ro');
    await expectRefusal(stage, 'VAULT_DATA_DIR', 'cannot be written');
    remount('rw');
    await shareSizes(stage, [600]);
    await vault.startBot();
  },
};

const locked: Scenario = {
  name: 'machine: locked database',
  does: 'another program holds a lock on the catalog for some seconds, again and again',
  async run(stage) {
    const { vault } = stage;
    await vault.startBot();
    for (let round = 0; round < stage.of(1, 4); round++) {
      await shareSizes(stage, [500]);
      // Longer than the five seconds that the bot waits for a lock.
      await holdCatalog(stage, 8_000, () => shareSizes(stage, [0, 20_000, 300_000]));
    }
  },
};

const damaged: Scenario = {
  name: 'machine: damaged database',
  does: 'the catalog overwritten, cut short or filled with garbage: the bot says so, and a backup puts it right',
  async run(stage) {
    const { vault, random } = stage;
    const path = join(vault.dataDir, 'vault.db');
    const bot = await vault.startBot();
    await shareSizes(stage, [0, 500, 2_000_000]);
    await until('rest', async () => {
      const files = await stage.catalog.files();
      return (
        files.length === 3 &&
        files.every(({ state }) => state === 'stored') &&
        (await stage.catalog.postsDue()) === 0
      );
    });
    await bot.stop();
    const backup = `${path}.backup`;
    copyFileSync(path, backup);
    const spoil: Array<() => void> = [
      () => writeFileSync(path, random.bytes(100_000)),
      () => writeFileSync(path, Buffer.concat([Buffer.alloc(100), readFileSync(backup).subarray(100)])),
      () => truncateSync(path, 5_000),
    ];
    for (const damage of spoil) {
      for (const rest of ['-wal', '-shm']) rmSync(path + rest, { force: true });
      damage();
      await expectRefusal(stage, 'VAULT_DATA_DIR', 'damaged');
      copyFileSync(backup, path);
    }
    await shareSizes(stage, [700]);
    await vault.startBot();
  },
};

const clockSteps: Scenario = {
  name: 'machine: clock steps',
  does: 'the clock an hour ahead, right again, an hour behind, right again, while files are shared',
  async run(stage) {
    const { vault, random } = stage;
    const clock = botClock(vault);
    const bot = await vault.startBot(clock.env);
    for (const offset of [HOUR_MS, 0, -HOUR_MS, 0]) {
      // Some attempts fail now, so that retries have to wait.
      vault.s3.faults.add({ operation: 'PutObject', times: 2, do: { status: 503, code: 'SlowDown' } });
      await shareSizes(stage, [0, 500, 300_000]);
      await sleep(random.int(0, 1_500));
      clock.step(bot, offset);
      await shareSizes(stage, [20, 2_000_000]);
      await sleep(stage.of(1_500, 5_000));
    }
    vault.s3.faults.clear();
  },
};

const terms: Scenario = {
  name: 'machine: SIGTERM under load',
  does: 'SIGTERM while files of all sizes are under way: ends with 0 within 25 seconds, and the next start goes on',
  async run(stage) {
    const { vault, random } = stage;
    await (await firstStart(stage)).stop();
    const people = busyPeople(stage);
    for (let round = 0; round < stage.of(2, 8); round++) {
      const bot = await vault.startBot();
      await stage.ledger.share('anna', 'general', someFiles(random, [30_000_000, 9_000_000, 500]));
      // Slow enough that sometimes the largest file cannot finish in time.
      const slow = vault.s3.faults.add({
        operation: 'PutObject',
        times: 3,
        do: { bytesPerSecond: random.pick([700_000, 20_000_000]) },
      });
      await sleep(random.int(0, 1_500));
      const began = Date.now();
      const code = await bot.stop();
      slow.remove();
      if (code !== 0) throw new Error(`it ended with ${code}`);
      if (Date.now() - began > 25_000) throw new Error(`it took ${Date.now() - began} ms to end`);
    }
    await people.stop();
    await vault.startBot();
  },
};

const twoBots: Scenario = {
  name: 'machine: two bots on one folder',
  does: 'a second bot started by mistake on the same SQLite file refuses, clearly; the first goes on',
  async run(stage) {
    const { vault } = stage;
    await vault.startBot();
    const people = busyPeople(stage);
    for (let count = 0; count < stage.of(1, 3); count++)
      await expectRefusal(stage, 'VAULT_DATA_DIR', 'Another RIA Vault');
    await people.stop();
  },
};

export const machine: Scenario[] = [fullDisk, readOnly, locked, damaged, clockSteps, terms, twoBots];
