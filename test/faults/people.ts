/** People who use the vault while things break. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Bot, type TestVault, until } from '../helpers/vault.ts';
import type { File, Shared } from './ledger.ts';
import type { Random } from './random.ts';
import type { Stage } from './scenario.ts';

const KiB = 1024;
const MiB = 1024 * KiB;

/** From 0 bytes to 30 MB: held in memory, streamed in one request, and larger than any buffer on the way. */
export const SIZES = [0, 1, 500, 20 * KiB, 300 * KiB, MiB, 2 * MiB, 9 * MiB, 30_000_000] as const;
/** Small ones are shared more often, as in life. */
const SIZES_OFTEN = [...SIZES, 0, 1, 500, 500, 20 * KiB, 20 * KiB, 20 * KiB, 300 * KiB, MiB] as const;

/** Files with unique names, so that a confirmation can be recognized by the name. */
export function someFiles(random: Random, sizes: readonly number[]): File[] {
  return sizes.map((size) => ({
    name: `file-${random.int(0, 2 ** 40).toString(36)}-${size}.bin`,
    content: random.bytes(size),
  }));
}

/** Shares one file of each size, in messages of up to five, in the channels in turn. */
export async function shareSizes(
  { ledger, random }: Pick<Stage, 'ledger' | 'random'>,
  sizes: readonly number[],
): Promise<Shared[]> {
  const shared: Shared[] = [];
  const channels = ['general', 'design', 'finance'];
  for (let at = 0; at < sizes.length; at += 5) {
    const channel = channels[(at / 5) % channels.length] as string;
    shared.push(
      ...(await ledger.share(
        'anna',
        channel === 'finance' ? 'finance' : channel,
        someFiles(random, sizes.slice(at, at + 5)),
      )),
    );
  }
  return shared;
}

/**
 * A first start without trouble, until the bot knows its channels. Files shared before that are old, and the vault
 * keeps them without a word; so there would be nothing to judge.
 */
export async function firstStart(
  { vault, ledger, random, catalog }: Stage,
  env?: Record<string, string>,
): Promise<Bot> {
  const bot = await vault.startBot(env);
  for (const channel of ['general', 'design', 'finance'])
    await ledger.share('anna', channel, someFiles(random, [10]));
  await until(
    'the first files',
    async () => (await catalog.files()).filter(({ state }) => state === 'stored').length === 3,
  );
  return bot;
}

export interface People {
  /** Lets them finish what they are doing. */
  stop(): Promise<void>;
}

/**
 * Anna and Carla share files of all sizes, in channels and threads, list them, delete some and undo some of that,
 * whether the vault answers or not.
 */
export function busyPeople(stage: Stage, options: { purge?: boolean } = {}): People {
  const { vault, ledger, random } = stage;
  let over = false;

  async function sharing(): Promise<void> {
    // On a slow machine the kills take longer. The confirmations due, one message a second, must not grow with that.
    while (!over && ledger.files.length < stage.of(60, 400)) {
      const sizes = Array.from({ length: random.int(1, 3) }, () => random.pick(SIZES_OFTEN));
      const channel = random.pick(['general', 'design', 'finance'] as const);
      const before = ledger.files.filter((file) => file.channel === channel).at(-1);
      // A message names ten files at most; a thread of more could not be judged by names.
      const crowd = ledger.files.filter((file) => file.thread === before?.thread).length;
      const thread = before && crowd < 6 && random.chance(0.2) ? before.thread : undefined;
      await ledger.share(random.pick(['anna', 'carla']), channel, someFiles(random, sizes), {
        ...(thread && { thread }),
      });
      await sleep(random.int(100, 900));
    }
  }

  async function listing(): Promise<void> {
    while (!over) {
      await unheard(vault.slack.as('anna').command(random.pick(['general', 'design']), '/vault list'));
      await sleep(random.int(300, 1_500));
    }
  }

  async function deleting(): Promise<void> {
    while (!over) {
      const [first] = random.shuffle(
        ledger.files.filter(({ fates }) => fates.size === 1 && fates.has('stored')),
      );
      // From now on both states are possible: a kill can come before the command or after it.
      if (first && (await trash(vault, first, () => ledger.expect(first.fileId, may(options.purge))))) {
        if (!options.purge && random.chance(0.5)) await undo(vault, first);
      }
      await sleep(random.int(200, 800));
    }
  }

  const all = Promise.all([sharing(), listing(), deleting()]);
  const stop = async () => {
    over = true;
    await all;
  };
  stage.after(stop);
  return { stop };
}

function may(purge: boolean | undefined): Array<'stored' | 'trashed' | 'purged'> {
  return purge ? ['stored', 'purged'] : ['stored', 'trashed'];
}

/** `/vault delete`, and the button. False when the vault did not answer with one. */
export async function trash(vault: TestVault, file: Shared, beforeClick = () => {}): Promise<boolean> {
  const carla = vault.slack.as('carla');
  if (!(await unheard(carla.command(file.channel, `/vault delete ${file.name}`)))) return false;
  const chooser = await carla
    .waitFor(
      () =>
        carla
          .messages(file.channel)
          .findLast(
            (message) =>
              message.ephemeral && JSON.stringify(message.blocks).includes(`"value":"${file.fileId}"`),
          ),
      3_000,
    )
    .catch(() => undefined);
  if (chooser === undefined) return false;
  beforeClick();
  return unheard(carla.action(chooser, 'delete_file', { payload: { value: file.fileId } }));
}

/** The Undo button of the answer to the person who deleted. */
export async function undo(vault: TestVault, file: Shared): Promise<boolean> {
  const carla = vault.slack.as('carla');
  const told = await carla
    .waitFor(
      () =>
        carla.messages(file.channel).findLast((message) => message.ephemeral && offersUndo(message, file)),
      5_000,
    )
    .catch(() => undefined);
  return (
    told !== undefined && unheard(carla.action(told, 'undo_delete', { payload: { value: file.fileId } }))
  );
}

function offersUndo(message: { blocks?: unknown }, file: Shared): boolean {
  const drawn = JSON.stringify(message.blocks ?? []);
  return drawn.includes('undo_delete') && drawn.includes(file.fileId);
}

/** Whether the vault could be asked. */
async function unheard(asking: Promise<void>): Promise<boolean> {
  return asking.then(
    () => true,
    () => false,
  );
}
