import { setTimeout as sleep } from 'node:timers/promises';
import { makeDue, type Planned, record, type Site, startCrew, unfinished } from './crew.ts';
import { serverCpuSeconds } from './server-cpu.ts';

/** From when files are made due until they are: longer than the two seconds that a bot may sleep. */
const NOTICE_MS = 2_500;
const LOOK_MS = 100;
const CHANNELS = 10;
const PATIENCE_MS = 60_000;

/** What a crew took for some files. */
export interface Work {
  bots: number;
  files: number;
  seconds: number;
  /** Of all bots together. */
  botCpuSeconds: number;
  /** Null where the system does not tell. */
  serverCpuSeconds: number | null;
  /** Files that reached the bucket. */
  stored: number;
  /** Sent to the bucket although it had them. */
  again: number;
}

/** Files that are all due at once, told to nobody; `rate` as in {@link Planned}. Throws when they are not done in a minute. */
export async function work(
  site: Site,
  o: { bots: number; files: number; bytes: number; rate?: number },
): Promise<Work> {
  const crew = await startCrew(site, o.bots, { VAULT_CONFIRM: 'off' });
  try {
    const planned = Array.from({ length: o.files }, (_, i): Planned => {
      const rate = o.rate === undefined ? {} : { rate: o.rate };
      return { fileId: `F${i}`, channel: i % CHANNELS, bytes: o.bytes, ...rate };
    });
    await record(site, crew.catalog, planned);
    await site.around.sink.forget();
    const begins = Date.now() + NOTICE_MS;
    await makeDue(crew.catalog, begins);
    await sleep(begins - Date.now() - LOOK_MS);
    const cpu = async () => ({
      bots: (await Promise.all(crew.bots.map((bot) => bot.usage()))).reduce(
        (sum, one) => sum + one.cpuSeconds,
        0,
      ),
      server: await serverCpuSeconds(crew.catalog),
    });
    const before = await cpu();
    while ((await unfinished(crew.catalog)) > 0) {
      if (Date.now() > begins + PATIENCE_MS)
        throw new Error(`${o.bots} bots did not capture ${o.files} files in a minute`);
      await sleep(LOOK_MS);
    }
    const after = await cpu();
    const { last } = await crew.catalog.db
      .selectFrom('file')
      .select(({ fn }) => fn.max<number>('storedAt').as('last'))
      .executeTakeFirstOrThrow();
    const { firstBytes, again } = await site.around.sink.counts();
    return {
      ...{ bots: o.bots, files: o.files, seconds: (last - begins) / 1_000, again },
      botCpuSeconds: after.bots - before.bots,
      serverCpuSeconds: after.server === null || before.server === null ? null : after.server - before.server,
      stored: Object.keys(firstBytes).filter((path) => /\/F\d+\//.test(path)).length,
    };
  } finally {
    await crew.close();
  }
}
