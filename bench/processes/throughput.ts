import { setTimeout as sleep } from 'node:timers/promises';
import { makeDue, NOTICE_MS, type Planned, record, type Site, startCrew, untilLeft } from './crew.ts';
import { serverCpuSeconds } from './server-cpu.ts';

/** Processor time is read this long before files fall due. */
const JUST_BEFORE_MS = 100;
const CHANNELS = 10;

/** What a crew needed for some files. */
export interface Work {
  bots: number;
  files: number;
  seconds: number;
  /** Of all bots together. */
  botCpuSeconds: number;
  /** Null if the system does not tell. */
  serverCpuSeconds: number | null;
  /** Files that reached the bucket. */
  stored: number;
  /** Sent to the bucket although it had them. */
  again: number;
}

/**
 * Files that are all due at once, told to nobody; `rate` as in {@link Planned}. Before, the crew does `warmUp` files for
 * each bot, because a new process needs twice as much for its first files. Throws if they take over a minute.
 */
export async function work(
  site: Site,
  o: { bots: number; files: number; warmUp: number; bytes: number; rate?: number },
): Promise<Work> {
  const crew = await startCrew(site, o.bots, { VAULT_CONFIRM: 'off' });
  try {
    const { catalog } = crew;
    const rate = o.rate === undefined ? {} : { rate: o.rate };
    const planned = (prefix: string, files: number, more: Partial<Planned>) =>
      Array.from({ length: files }, (_, i) => ({
        ...{ fileId: `${prefix}${i}`, channel: i % CHANNELS, bytes: o.bytes },
        ...more,
      }));
    await record(site, catalog, [...planned('WARM', o.warmUp * o.bots, {}), ...planned('F', o.files, rate)]);
    await makeDue(catalog, Date.now(), 'WARM');
    await untilLeft(catalog, o.files);
    await site.around.sink.forget();
    const begins = Date.now() + NOTICE_MS;
    await makeDue(catalog, begins, 'F');
    await sleep(NOTICE_MS - JUST_BEFORE_MS);
    const cpu = async () => ({
      bots: (await Promise.all(crew.bots.map((bot) => bot.usage()))).reduce(
        (sum, one) => sum + one.cpuSeconds,
        0,
      ),
      server: await serverCpuSeconds(catalog),
    });
    const before = await cpu();
    await untilLeft(catalog, 0);
    const after = await cpu();
    const { last } = await catalog.db
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
