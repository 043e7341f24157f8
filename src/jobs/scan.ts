import { makeDueAgain } from '../catalog/alerts/periodic-jobs.ts';
import { claimScans, nextScanDueAt, type ScanRecord } from '../catalog/scan/rows.ts';
import { scanVersion } from '../scan/scan-version.ts';
import { type Job, type JobContext, LEASE_MS } from './job.ts';

/** What waits for its first scan. clamd works on ten at once unless it was told otherwise (MaxThreads). */
const FIRST_AT_ONCE = 4;

/** Scans what was stored and not yet scanned. Null if no scanner was given. */
export function scanJob(context: JobContext): Job<ScanRecord> | null {
  return jobOn(context, 'scan', FIRST_AT_ONCE);
}

/** Scans again what was scanned before: the scanner has other signatures by now. */
export function rescanJob(context: JobContext): Job<ScanRecord> | null {
  return jobOn(context, 'rescan', 1);
}

function jobOn(
  { vault, owner, due }: JobContext,
  rows: 'scan' | 'rescan',
  concurrency: number,
): Job<ScanRecord> | null {
  const { catalog, bucket, log, now } = vault;
  const scanner = vault.scan?.scanner ?? null;
  if (scanner === null) return null;
  const options = { ...{ catalog, bucket, scanner, owner, log, now }, leaseMs: LEASE_MS };
  return {
    name: rows,
    rows,
    concurrency,
    async claim(limit) {
      const next = await nextScanDueAt(catalog, rows);
      if (next === null || next > now() || !(await scanner.isThere())) return [];
      return claimScans(catalog, rows, due(limit));
    },
    async nextDueAt() {
      const next = await nextScanDueAt(catalog, rows);
      return next === null ? null : Math.max(next, scanner.nextLookAt());
    },
    key: ({ id }) => String(id),
    async work(row, signal) {
      const outcome = await scanVersion(options, row, signal);
      if (outcome?.state !== 'infected') return vault.wake('journal');
      // The uploader and the admins are told at once.
      await makeDueAgain(catalog, 'scan', now());
      vault.wake();
    },
  };
}
