import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '../part.ts';
import { makeDue, NOTICE_MS, type Planned, record, type Site, startCrew, untilLeft } from './crew.ts';

/** How much later than the flood the few files fall due. This puts them behind all of it. */
const BEHIND_MS = 200;

/** How files of quiet channels fared beside a channel with a flood of them. */
export interface Fairness {
  bots: number;
  flood: number;
  few: number;
  /** Until the last file of the flood was stored. */
  floodSeconds: number;
  /** From when the few were due until they were stored. */
  medianWaitSeconds: number;
  worstWaitSeconds: number;
}

/** A flood of files in one channel, and one file in each of `few` others that falls due after all of the flood. */
export async function beside(
  site: Site,
  o: { bots: number; flood: number; few: number; bytes: number },
): Promise<Fairness> {
  const crew = await startCrew(site, o.bots, { VAULT_CONFIRM: 'off' });
  try {
    const file = (fileId: string, channel: number): Planned => ({ fileId, channel, bytes: o.bytes });
    await record(site, crew.catalog, [
      ...Array.from({ length: o.flood }, (_, i) => file(`FLOOD${i}`, 0)),
      ...Array.from({ length: o.few }, (_, i) => file(`FEW${i}`, 1 + i)),
    ]);
    const begins = Date.now() + NOTICE_MS;
    await makeDue(crew.catalog, begins, 'FLOOD');
    await makeDue(crew.catalog, begins + BEHIND_MS, 'FEW');
    await sleep(NOTICE_MS);
    await untilLeft(crew.catalog, 0);
    const stored = await crew.catalog.db.selectFrom('file').select(['fileId', 'storedAt']).execute();
    const seconds = (prefix: string, since: number) =>
      stored
        .filter(({ fileId }) => fileId.startsWith(prefix))
        .map((one) => ((one.storedAt ?? 0) - since) / 1_000);
    const waits = seconds('FEW', begins + BEHIND_MS);
    return {
      ...{ bots: o.bots, flood: o.flood, few: o.few },
      floodSeconds: Math.max(...seconds('FLOOD', begins)),
      medianWaitSeconds: median(waits),
      worstWaitSeconds: Math.max(...waits),
    };
  } finally {
    await crew.close();
  }
}
