import type { Damage, DamageKind, DrillSummary, ReadingPlace } from '../catalog/alerts/drills.ts';
import type { Catalog } from '../catalog/db/schema.ts';
import { segmentStore } from '../journal/store.ts';
import type { Bucket } from '../storage/bucket.ts';
import { type BroughtBack, bringBack, ToldAnew } from './bring-back.ts';
import { compareListing } from './listing.ts';
import { readObjects } from './reading.ts';
import { compareRows, type Suspect } from './rows.ts';
import { settle } from './settle.ts';

/** How many things of a kind are named. All are counted. */
const NAMED = 10;
/** Differing rows that are looked at again. More than these cannot have changed by themselves meanwhile. */
const SUSPECTS = 20_000;
/** How often it begins anew because the journal was told anew. */
const TRIES = 5;
/** Whatever is asked, all objects of a small vault are read each time. */
const SMALL_BYTES = 256 * 1024 ** 2;
/** Two weeks less than a year, so that all are read within it though the vault grows. */
const DAYS_FOR_ALL = 351;

export interface DrillOptions {
  /** The catalog that is used. It is only read. */
  live: Catalog;
  bucket: Bucket;
  teamId: string;
  /** Opens an empty catalog for what comes back. */
  openScratch(): Promise<Catalog>;
  /** Where the reading of objects goes on. */
  place: ReadingPlace;
  /** How many bytes are read; null: so many that all are read within a year. */
  budget: number | null;
  /** How often a drill is done, in days. */
  everyDays: number;
  /** No bot works on the catalog: nobody will tell the journal what it does not know yet. */
  alone: boolean;
  /** Between two looks at what seemed to differ, in ms. */
  restMs: number;
  onProgress(line: string): void;
  signal?: AbortSignal | undefined;
  now(): number;
}

export interface Drilled {
  summary: DrillSummary;
  /** Where the next drill goes on reading. */
  place: ReadingPlace;
}

/**
 * Plays the loss of the catalog: brings it back from the bucket alone, into a scratch catalog, and compares that with the
 * one in use, row by row; holds the bucket's listing against it; and reads some objects whole. It writes nothing. Memory
 * does not grow with the number of files. Bots may work meanwhile: what changes is no difference. Throws `StorageError`
 * and `CatalogError`.
 */
export async function drill(o: DrillOptions): Promise<Drilled> {
  const startedAt = o.now();
  for (let tries = 1; ; tries++) {
    const ledger = createLedger();
    try {
      const rows = await drillRows(o, ledger.add);
      const finding = { ...o, onDamage: ledger.add };
      const listed = await compareListing(finding);
      const budget = o.budget ?? budgetFor(listed.bytes, o.everyDays);
      const { place, ...read } = await readObjects({ ...finding, budget });
      const found = { counts: ledger.counts, examples: ledger.examples };
      return { summary: { startedAt, finishedAt: o.now(), ...rows, ...listed, ...read, ...found }, place };
    } catch (error) {
      if (!(error instanceof ToldAnew) || tries === TRIES) throw error;
      o.onProgress('the journal was told anew meanwhile: beginning again');
    }
  }
}

/** So many bytes that all are read within a year. */
function budgetFor(bytes: number, everyDays: number): number {
  return Math.max((bytes * everyDays) / DAYS_FOR_ALL, SMALL_BYTES);
}

async function drillRows(o: DrillOptions, onDamage: (damage: Damage) => void) {
  const back = await o.openScratch();
  try {
    const store = segmentStore(o.bucket, o.teamId);
    const options = { ...o, back, store, onDamage };
    const read: BroughtBack = await bringBack(options);
    const suspects: Suspect[] = [];
    const onSuspect = (suspect: Suspect) => {
      if (suspects.length < SUSPECTS) suspects.push(suspect);
      else onDamage({ kind: suspect.difference.kind, what: suspect.thing.key, detail: '' });
    };
    const compared = await compareRows({ ...options, onSuspect });
    o.onProgress(`compared ${compared.rows} rows`);
    const { waiting, unsettled } = await settle(options, read, suspects);
    const { files, rows } = compared;
    return { files, rows, segments: read.segments, waiting: compared.waiting + waiting, unsettled };
  } finally {
    await back.close();
  }
}

/** Counts everything and names the first of each kind. Nothing is counted twice, as it may be met by several ways. */
function createLedger() {
  const counts: Partial<Record<DamageKind, number>> = {};
  const examples: Damage[] = [];
  const known = new Set<string>();
  return {
    counts,
    examples,
    add(damage: Damage) {
      const name = `${damage.kind} ${damage.what}`;
      if (known.has(name)) return;
      if (known.size < SUSPECTS) known.add(name);
      const count = (counts[damage.kind] ?? 0) + 1;
      counts[damage.kind] = count;
      if (count <= NAMED) examples.push(damage);
    },
  };
}
