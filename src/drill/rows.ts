import type { DamageKind } from '../catalog/alerts/drills.ts';
import type { Catalog, JournalKind } from '../catalog/db/schema.ts';
import type { JournalRecord } from '../catalog/journal/journal-record.ts';
import { isGuest } from '../catalog/journal/replay-audit.ts';
import {
  cursorAfter,
  thingName as nameOf,
  readPage,
  type Thing,
  tell,
  untoldAmong,
  WALK,
} from '../catalog/journal/tell.ts';

/** Rows read in one go. */
const PAGE = 500;

/** Columns of two records that differ; what is missing on one side alone, as a kind. */
export type Difference = { kind: Extract<DamageKind, `row_${string}`>; detail: string };

export interface Suspect {
  thing: Thing;
  difference: Difference;
}

/** Both catalogs: the one that is used, and the one that came back from the bucket alone. */
export interface Both {
  live: Catalog;
  back: Catalog;
}

/** How many rows were compared, and how many of them are not told yet. */
export interface RowCounts {
  files: number;
  rows: number;
  waiting: number;
}

/**
 * Compares all that the journal tells of, row by row, in the order of the keys. Two pages are in memory at a time. A row
 * whose last change the journal does not tell of yet is counted as waiting. What differs otherwise is only suspect: it may
 * have changed, and been told, while this went on. With `alone`, nobody will tell of what waits, so that is suspect, too.
 */
export async function compareRows(
  o: Both & { alone: boolean; onSuspect(suspect: Suspect): void; signal?: AbortSignal | undefined },
): Promise<RowCounts> {
  const counts: RowCounts = { files: 0, rows: 0, waiting: 0 };
  for (const kind of WALK) {
    let differing: Suspect[] = [];
    const judge = async () => {
      const { untold, rest } = await withoutUntold(o.live, differing);
      if (!o.alone) counts.waiting += untold.length;
      for (const suspect of o.alone ? differing : rest) o.onSuspect(suspect);
      differing = [];
    };
    const [live, back] = [reader(o.live, kind), reader(o.back, kind)];
    let [ours, theirs] = [await live.next(), await back.next()];
    while (ours !== null || theirs !== null) {
      o.signal?.throwIfAborted();
      const order = ours === null ? 1 : theirs === null ? -1 : inOrder(kind, ours.thing, theirs.thing);
      const { thing } = (order <= 0 ? ours : theirs) as Told;
      const difference = differenceOf(order <= 0 ? ours : null, order >= 0 ? theirs : null);
      if (difference !== null && !isOfAnother(thing, difference)) differing.push({ thing, difference });
      if (order >= 0) counts.rows += 1;
      if (order >= 0 && kind === 'file') counts.files += 1;
      if (order <= 0) ours = await live.next();
      if (order >= 0) theirs = await back.next();
      if (differing.length >= PAGE) await judge();
    }
    await judge();
  }
  return counts;
}

/** How one thing stands in both catalogs now; null when they agree. */
export async function compareAgain(
  { live, back }: Both,
  things: Thing[],
): Promise<Map<Thing, { difference: Difference | null; state: string }>> {
  const [ours, theirs] = [await tellByName(live, things), await tellByName(back, things)];
  return new Map(
    things.map((thing) => {
      const [here, there] = [ours.get(nameOf(thing)) ?? null, theirs.get(nameOf(thing)) ?? null];
      // To see whether it stands still.
      return [thing, { difference: differenceOf(here, there), state: JSON.stringify([here, there]) }];
    }),
  );
}

/** Parts these into what the journal does not tell of yet, and the rest. */
export async function withoutUntold(
  live: Catalog,
  suspects: Suspect[],
): Promise<{ untold: Suspect[]; rest: Suspect[] }> {
  if (suspects.length === 0) return { untold: [], rest: [] };
  const names = new Set(
    (
      await untoldAmong(
        live,
        suspects.map(({ thing }) => thing),
      )
    ).map(nameOf),
  );
  const isUntold = ({ thing }: Suspect) => names.has(nameOf(thing));
  return { untold: suspects.filter(isUntold), rest: suspects.filter((one) => !isUntold(one)) };
}

interface Told {
  thing: Thing;
  record: JournalRecord;
}

function reader(catalog: Catalog, kind: JournalKind): { next(): Promise<Told | null> } {
  let page: Told[] = [];
  let at = 0;
  let after: string | null = '';
  return {
    async next() {
      while (at === page.length && after !== null) {
        const things = await readPage(catalog, kind, after, PAGE);
        after = things.length < PAGE ? null : cursorAfter(things);
        const told = await tellByName(catalog, things);
        // One that is gone since is as if it had not been in the page.
        page = things.flatMap((thing) => told.get(nameOf(thing)) ?? []);
        at = 0;
      }
      return page[at++] ?? null;
    },
  };
}

async function tellByName(catalog: Catalog, things: Thing[]): Promise<Map<string, Told>> {
  const told = new Map<string, Told>();
  for (const record of await tell(catalog, things)) {
    if (record.kind === 'removed') continue;
    const thing = thingOf(record);
    told.set(nameOf(thing), { thing, record });
  }
  return told;
}

function thingOf(record: Exclude<JournalRecord, { kind: 'removed' }>): Thing {
  const { kind } = record;
  switch (kind) {
    case 'file':
      return { kind, teamId: record.file.teamId, key: record.file.fileId };
    case 'channel':
      return { kind, teamId: record.channel.teamId, key: record.channel.channelId };
    case 'gone':
      return { kind, teamId: record.gone.teamId, key: record.gone.fileId };
    case 'audit':
      return { kind, teamId: record.audit.teamId, key: String(record.audit.id) };
    case 'hold':
      return { kind, teamId: record.hold.teamId, key: record.hold.holdId };
    case 'rule':
      return { kind, teamId: record.rule.teamId, key: record.rule.channelId };
  }
}

/** As `readPage` orders them: audit entries by number, all others by workspace and key. */
function inOrder(kind: JournalKind, a: Thing, b: Thing): number {
  if (kind === 'audit') return Number(a.key) - Number(b.key);
  if (a.teamId !== b.teamId) return a.teamId < b.teamId ? -1 : 1;
  return a.key === b.key ? 0 : a.key < b.key ? -1 : 1;
}

/** Entries that another history alone tells of: a rebuild would add them, and nothing of this catalog is missing. */
function isOfAnother(thing: Thing, { kind }: Difference): boolean {
  return thing.kind === 'audit' && kind === 'row_not_kept' && isGuest(Number(thing.key));
}

function differenceOf(ours: Told | null, theirs: Told | null): Difference | null {
  if (ours === null && theirs === null) return null;
  if (theirs === null) return { kind: 'row_not_told', detail: 'the bucket does not bring it back' };
  if (ours === null) return { kind: 'row_not_kept', detail: 'the bucket has it, the catalog does not' };
  const fields = differingFields(ours.record, theirs.record);
  return fields.length === 0 ? null : { kind: 'row_differs', detail: fields.join(', ') };
}

/** The names of the columns that differ; of a file also `shares`, `versions` and `scans`, which are rows of their own. */
function differingFields(ours: JournalRecord, theirs: JournalRecord): string[] {
  const [a, b] = [partsOf(ours), partsOf(theirs)];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(
    (name) => (a[name] ?? null) !== (b[name] ?? null),
  );
}

function partsOf(record: JournalRecord): Record<string, unknown> {
  // When Slack was last asked about a channel is told along with its changes, and is no change itself.
  if (record.kind === 'channel') {
    const { checkedAt: _, ...channel } = record.channel;
    return channel;
  }
  // The row stands under the name of its kind.
  if (record.kind !== 'file') return { ...(record as unknown as Record<string, object>)[record.kind] };
  const { file, shares, versions = [] } = record;
  // A scan that finds what was found before is not told: only its time and the scanner's version are others.
  const scans = (record.scans ?? []).map(({ scannedWith: _, scannedAt: __, ...scan }) => scan);
  return { ...file, shares: sorted(shares), versions: sorted(versions), scans: sorted(scans) };
}

/** Rows without an order, so that two lists of the same rows are the same text. */
function sorted(rows: readonly object[]): string {
  return JSON.stringify(rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort());
}
