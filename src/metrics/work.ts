import { Gauge, type Registry } from 'prom-client';
import type { Work } from '../catalog/queue/due.ts';
import { MOST_COUNTED, overdue, untoldChanges, waitingFiles } from '../catalog/totals/overdue.ts';
import { createLag } from './lag.ts';
import { createSample } from './sample.ts';
import { type Source, WHOLE } from './source.ts';

/** Less than the 15 s between two scrapes: each scrape reads once, and a second Prometheus reads nothing more. */
const EVERY_MS = 5_000;

/** The kinds of work, as the metrics call them. */
const WORK_NAMES: Readonly<Record<Work, string>> = {
  capture: 'capture',
  purge: 'purge',
  post: 'confirm',
  home: 'home',
  sweep: 'sweep',
  backfill: 'backfill',
  channelJoin: 'join',
  periodicJob: 'periodic',
  hold: 'hold',
  objectHold: 'object_hold',
  exportJob: 'export',
  change: 'change',
  oldVersion: 'old_version',
  scan: 'scan',
  rescan: 'rescan',
  reading: 'reading',
  journal: 'journal',
  auditLog: 'audit_log',
};

const UNKNOWN = Number.NaN;

/** How far the vault is behind with its work. */
export function workGauges(registry: Registry, source: Source): void {
  const registers = [registry];
  const lag = createLag();
  const reading = createSample(
    async () => {
      const { catalog, now } = source();
      const [kinds, waiting, untold] = await Promise.all([
        overdue(catalog, now()),
        waitingFiles(catalog),
        untoldChanges(catalog),
      ]);
      return { kinds, waiting, untold, lagMs: lag(untold, now()), at: now() };
    },
    { everyMs: EVERY_MS },
  );

  new Gauge({
    name: 'vault_capture_queue',
    help: `Files that wait to be captured or to be tried again; counted up to 100,000. ${WHOLE}`,
    registers,
    async collect() {
      const found = await reading();
      const { pending = UNKNOWN, storing = UNKNOWN, failed = UNKNOWN } = found?.waiting ?? {};
      this.set(pending + storing + failed);
    },
  });
  new Gauge({
    name: 'vault_due_rows',
    help: `Rows of work that are due and that no bot works on yet, by kind; counted up to ${MOST_COUNTED.toLocaleString('en')}. ${WHOLE}`,
    labelNames: ['kind'],
    registers,
    async collect() {
      const found = await reading();
      for (const [work, kind] of Object.entries(WORK_NAMES))
        this.set({ kind }, found === undefined ? UNKNOWN : (byWork(found.kinds, work)?.dueRows ?? 0));
    },
  });
  new Gauge({
    name: 'vault_oldest_due_age_seconds',
    help: `How long the oldest row of work has been due, or has failed again and again, by kind; 0 when none is. ${WHOLE}`,
    labelNames: ['kind'],
    registers,
    async collect() {
      const found = await reading();
      for (const [work, kind] of Object.entries(WORK_NAMES)) {
        const { dueSince, failingSince } = byWork(found?.kinds ?? [], work) ?? {};
        const at = found?.at ?? 0;
        const since = Math.min(dueSince ?? at, failingSince ?? at);
        this.set({ kind }, found === undefined ? UNKNOWN : Math.max(0, at - since) / 1_000);
      }
    },
  });
  new Gauge({
    name: 'vault_journal_lag_seconds',
    help: `How long the oldest change of the catalog has waited to be written to the bucket; counted from when this bot first saw it. ${WHOLE}`,
    registers,
    async collect() {
      const found = await reading();
      this.set(found === undefined ? UNKNOWN : found.lagMs / 1_000);
    },
  });
  new Gauge({
    name: 'vault_journal_changes_waiting',
    help: `Changes of the catalog that are not in the bucket yet, roughly. ${WHOLE}`,
    registers,
    async collect() {
      const found = await reading();
      const { first, last } = found?.untold ?? {};
      const waiting = typeof first === 'number' && typeof last === 'number' ? last - first + 1 : 0;
      this.set(found === undefined ? UNKNOWN : waiting);
    },
  });
  new Gauge({
    name: 'vault_catalog_read_timestamp_seconds',
    help: 'When this bot last read the numbers of its catalog for these metrics; NaN while it cannot',
    registers,
    async collect() {
      const found = await reading();
      this.set(found === undefined ? UNKNOWN : found.at / 1_000);
    },
  });
}

function byWork<Row extends { work: string }>(rows: Row[], work: string): Row | undefined {
  return rows.find((row) => row.work === work);
}
