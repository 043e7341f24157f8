/** The bucket is busy, breaks off, gives wrong answers, or is not there. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultAction, FaultRule } from '../../sandbox/s3/faults.ts';
import { BUCKET, until } from '../helpers/vault.ts';
import { botClock } from './clock.ts';
import type { Shared } from './ledger.ts';
import { SIZES, shareSizes, someFiles } from './people.ts';
import type { Scenario, Stage } from './scenario.ts';

const MiB = 1024 ** 2;
const HOUR_MS = 3_600_000;

const storms: Scenario = {
  name: 'bucket: 503 storms',
  does: 'every request answered 503 SlowDown or 500 InternalError, on and off',
  async run(stage) {
    const { vault, random } = stage;
    await vault.startBot();
    for (let storm = 0; storm < stage.of(2, 6); storm++) {
      const action = random.pick([
        { status: 503, code: 'SlowDown' },
        { status: 503, code: 'ServiceUnavailable' },
        { status: 500, code: 'InternalError' },
      ]);
      const rule = vault.s3.faults.add({ do: action });
      await shareSizes(stage, [...random.shuffle(SIZES).slice(0, 5)]);
      await sleep(random.int(500, 3_000));
      rule.remove();
      await shareSizes(stage, [300]);
      await sleep(random.int(0, 1_000));
    }
  },
};

/** Breaks one request of one capture after another, each at a different place. */
async function breakOneByOne(stage: Stage, rules: FaultRule[], size: number): Promise<void> {
  const { vault, ledger, random } = stage;
  for (const [index, rule] of rules.entries()) {
    const [file] = someFiles(random, [size + index]);
    vault.s3.faults.add({ ...rule, key: new RegExp(String(file?.name)), times: 1 });
    await ledger.share('ben', random.pick(['general', 'design']), [file as never]);
    await sleep(200);
  }
}

const cutInPut: Scenario = {
  name: 'bucket: cut in a put',
  does: 'the connection cut before, within and after the body of a put, or silent, or the answer lost',
  async run(stage) {
    await stage.vault.startBot();
    const cuts: FaultAction[] = [
      { resetAfterBytes: 0 },
      { resetAfterBytes: 1 },
      { resetAfterBytes: 65_536 },
      { resetAfterBytes: 2 * MiB },
      { resetBeforeAnswer: true },
    ];
    const rules = cuts.map((action) => ({ operation: 'PutObject' as const, do: action }));
    for (const size of stage.of([500, 3 * MiB], [0, 500, MiB, MiB + 1, 9 * MiB, 30_000_000]))
      await breakOneByOne(stage, rules, size);
  },
};

const cutInParts: Scenario = {
  name: 'bucket: cut in parts',
  does: 'an upload in parts cut, refused and answered wrongly at each of its steps',
  async run(stage) {
    const { vault, ledger, random } = stage;
    await vault.startBot();
    const wrongs: FaultAction[] = [
      { resetBeforeAnswer: true },
      { status: 503, code: 'SlowDown' },
      { status: 500, code: 'InternalError' },
    ];
    const steps = ['CreateMultipartUpload', 'UploadPart', 'CompleteMultipartUpload'] as const;
    const rules: FaultRule[] = [
      ...steps.flatMap((operation) => wrongs.map((action) => ({ operation, do: action }))),
      { operation: 'UploadPart', do: { resetAfterBytes: 100_000 } },
      { operation: 'CompleteMultipartUpload', do: { okWithError: 'InternalError' } },
      { operation: 'HeadObject', do: { resetBeforeAnswer: true } },
      { operation: 'ListMultipartUploads', do: { status: 503, code: 'SlowDown' } },
    ];
    for (const rule of stage.scale === 'full' ? rules : random.shuffle(rules).slice(0, 5)) {
      // A canvas without a length is sent in parts from its first byte.
      const [file] = someFiles(random, [12 * MiB]);
      const name = String(file?.name).replace('.bin', '.html');
      vault.s3.faults.add({ ...rule, times: 1 });
      vault.slack.faults.download('*', { kind: 'content_length', value: null }, 1);
      const canvas = { name, content: file?.content as Buffer, mode: 'space', mimetype: 'text/html' };
      const [shared] = await ledger.share('anna', 'design', [canvas]);
      await until(
        `the canvas under ${JSON.stringify(rule)}`,
        () => isStored(stage, shared as Shared),
        60_000,
      );
      vault.s3.faults.clear();
      vault.slack.faults.clear();
    }
    // A large file too, in its single request.
    if (stage.scale === 'full') {
      vault.s3.faults.add({ operation: 'PutObject', do: { resetAfterBytes: 60 * MiB }, times: 1 });
      await ledger.share('anna', 'general', someFiles(random, [110 * MiB]));
    }
  },
};

async function isStored({ catalog }: Stage, { fileId }: Shared): Promise<boolean> {
  return (await catalog.files()).some((file) => file.file_id === fileId && file.state === 'stored');
}

const lostAnswers: Scenario = {
  name: 'bucket: answers lost',
  does: 'objects written whose answer never came: found again and adopted, not written twice',
  async run(stage) {
    const { vault } = stage;
    await vault.startBot();
    const lost = vault.s3.faults.add({ operation: 'PutObject', do: { resetBeforeAnswer: true } });
    const shared = await shareSizes(stage, stage.of([0, 500, 3 * MiB], [...SIZES, ...SIZES]));
    await until('the objects', async () => (await objects(stage)).length === shared.length, 60_000);
    const before = await objects(stage);
    lost.remove();
    for (const file of shared) await until('the file', () => isStored(stage, file), 60_000);
    if (JSON.stringify(await objects(stage)) !== JSON.stringify(before))
      throw new Error('an object was written again');
  },
};

async function objects({ vault }: Stage) {
  return (await vault.s3.list(BUCKET)).filter(({ key }) => /\/F[^/]+\//.test(key));
}

const hour: Scenario = {
  name: 'bucket: an hour away',
  // A bot in fast time asks Slack for more in a true minute than Slack would grant it.
  slack: { limits: 'off' },
  does: 'the bucket out of reach for an hour, in fast time; everything is there within the longest back-off',
  async run(stage) {
    const { vault } = stage;
    const clock = botClock(vault);
    const bot = await vault.startBot(clock.env);
    vault.s3.faults.down = true;
    const shared = await shareSizes(stage, [0, 500, 300_000, 2 * MiB]);
    const rate = 60;
    clock.run(bot, rate);
    for (let part = 0; part < stage.of(2, 6); part++) {
      await sleep(HOUR_MS / 6 / rate);
      shared.push(...(await shareSizes(stage, [700])));
    }
    vault.s3.faults.down = false;
    for (const file of shared) await until('the file', () => isStored(stage, file), 60_000);
    clock.run(bot, 1);
  },
};

const refused: Scenario = {
  name: 'bucket: credentials refused',
  does: 'the bucket refuses the credentials for a while, with each of its words for that',
  async run(stage) {
    const { vault } = stage;
    await vault.startBot();
    for (const code of ['InvalidAccessKeyId', 'SignatureDoesNotMatch', 'AccessDenied', 'ExpiredToken']) {
      const rule = vault.s3.faults.add({ do: { status: code === 'ExpiredToken' ? 400 : 403, code } });
      await shareSizes(stage, [20, 2 * MiB]);
      await sleep(stage.of(500, 4_000));
      rule.remove();
    }
  },
};

export const bucket: Scenario[] = [storms, cutInPut, cutInParts, lostAnswers, hour, refused];
