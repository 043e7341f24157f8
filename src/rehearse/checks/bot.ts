import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { openCatalogToRead } from '../../catalog/db/open.ts';
import { fileById } from '../../catalog/files/lookup.ts';
import { type Gate, openGate } from '../bot/gate.ts';
import { type OwnBot, startOwnBot } from '../bot/process.ts';
import type { Check } from '../check.ts';
import { CheckFailed, NotToday } from '../endings.ts';
import { same } from '../slack/download.ts';
import { removeFile, share } from '../slack/share.ts';
import { okay } from '../slack/web.ts';
import { earsOf, type Stage, says } from '../stage.ts';

/** Large enough that the copy can be cut, small enough for a slow line. */
const BYTES = 24 * 1024 * 1024;
const LOOK_MS = 10;

/** The real bot, killed in the middle of its work. */
export const bot: Check[] = [
  {
    id: 'bot.kill',
    title: 'kills the bot while it copies, and starts it again',
    needs: { ears: true },
    withinMs: 10 * 60_000,
    async run(stage, see) {
      const ears = earsOf(stage);
      if (stage.hands?.isOurs !== false && stage.people === null)
        throw new NotToday(
          'the vault keeps only files of others: set REHEARSE_TOKEN, or let a person share one',
        );
      const dataDir = join(stage.dir, 'bot');
      await mkdir(dataDir);
      const gate = await openGate(stage.call, stage.channel);
      const bots: OwnBot[] = [];
      const start = async () => {
        const next = startOwnBot({
          env: process.env,
          botToken: stage.config.slack.botToken,
          apiUrl: gate.apiUrl,
          prefix: `${stage.prefix}bot`,
          dataDir,
        });
        bots.push(next);
        await next.ready(stage.botMs);
      };
      const takeAway = stage.ledger.add('a message of the bot', () => removePosts(stage, gate));
      const alive = stage.ledger.add('the bot’s own process', () =>
        Promise.all(bots.map((one) => one.kill())),
      );
      try {
        await start();
        ears.handTo((envelope) => bots.at(-1)?.deliver(envelope) ?? Promise.resolve(false));
        const bytes = randomBytes(BYTES);
        const fileId = await shareLarge(stage, bytes);
        const wasCut = await killInTheMiddle(stage, dataDir, fileId, bots);
        await start();
        await stored(stage, dataDir, fileId);
        const told = await confirmed(stage, gate);
        await bots.at(-1)?.stop();
        const objects = await objectsOf(stage);
        const [first = Buffer.alloc(0)] = objects;
        const facts = {
          'cut in the middle': wasCut ? 'yes' : 'no',
          'objects in the bucket': String(objects.length),
          'the same bytes': same(first, bytes),
          'told in the channel': String(told),
        };
        see('the file', { facts });
      } finally {
        ears.handTo(null);
        await Promise.all(bots.map((one) => one.kill()));
        alive.done();
        await gate.close();
        await removePosts(stage, gate).then(takeAway.done, () => {});
      }
    },
  },
];

/** Shares a large file that is not the bot's, and answers its id. */
async function shareLarge(stage: Stage, bytes: Buffer): Promise<string> {
  const name = 'rehearsal-large.bin';
  if (stage.hands?.isOurs === false) {
    const { ids } = await share(stage, [{ name, bytes }]);
    return ids[0] as string;
  }
  const ears = earsOf(stage);
  const path = join(stage.dir, name);
  await writeFile(path, bytes);
  const came = ears.after(
    ears.heard.length,
    'the large file',
    (one) => says(one, '"file_shared"', `"${stage.channel}"`),
    stage.personMs,
  );
  const [event] =
    (await stage.people?.please('large', `share this file in the test channel: ${path}`, came)) ?? [];
  const id = event?.payload?.event?.file_id;
  if (typeof id !== 'string') throw new CheckFailed('the large file was not shared');
  stage.ours.add(id);
  stage.ledger.add('a file that a person shared', () => removeFile(stage, id));
  return id;
}

/** Kills the bot as soon as it stores the file. False when it was quicker. */
async function killInTheMiddle(
  stage: Stage,
  dataDir: string,
  fileId: string,
  bots: OwnBot[],
): Promise<boolean> {
  await until(stage, 'the bot to store the file', async () =>
    ['storing', 'stored'].includes((await stateOf(stage, dataDir, fileId)) ?? ''),
  );
  await bots.at(-1)?.kill();
  return (await stateOf(stage, dataDir, fileId)) === 'storing';
}

const stored = (stage: Stage, dataDir: string, fileId: string) =>
  until(
    stage,
    'the file to be stored after the start',
    async () => (await stateOf(stage, dataDir, fileId)) === 'stored',
  );

async function stateOf(stage: Stage, dataDir: string, fileId: string): Promise<string | undefined> {
  if (!existsSync(join(dataDir, 'vault.db'))) return undefined;
  const catalog = await openCatalogToRead({ dataDir });
  try {
    return (await fileById(catalog, { teamId: stage.self.teamId, fileId }))?.state;
  } finally {
    await catalog.close();
  }
}

/** How often the bot confirmed: it waits for one, and then a moment for a second. */
async function confirmed(stage: Stage, gate: Gate): Promise<number> {
  await until(stage, 'the bot’s confirmation', async () => gate.posted.length > 0);
  await sleep(1_500, undefined, { signal: stage.signal });
  return gate.posted.length;
}

/** The bytes of what the bot put into the bucket, without its journal. */
async function objectsOf(stage: Stage): Promise<Buffer[]> {
  const { ask, bucket, prefix } = stage;
  const { output } = await ask(new ListObjectsV2Command({ Bucket: bucket.name, Prefix: `${prefix}bot/` }));
  const keys: string[] = (output?.Contents ?? []).map(({ Key = '' }) => Key);
  const found: Buffer[] = [];
  for (const Key of keys.filter((key) => !key.includes('/.ria-vault/'))) {
    const got = await ask(new GetObjectCommand({ Bucket: bucket.name, Key }));
    found.push(Buffer.from((await got.output?.Body?.transformToByteArray()) ?? []));
  }
  return found;
}

async function removePosts({ call, channel }: Stage, gate: Gate): Promise<void> {
  for (const ts of gate.posted) {
    const gone = await call('chat.delete', { channel, ts });
    if (gone.body?.error !== 'message_not_found') okay('chat.delete', gone);
  }
}

async function until(stage: Stage, what: string, probe: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + stage.botMs;
  while (!(await probe())) {
    if (Date.now() > end) throw new CheckFailed(`waited in vain for ${what}`);
    await sleep(LOOK_MS, undefined, { signal: stage.signal });
  }
}
