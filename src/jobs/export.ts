import { claimDueExports, type ExportJob, nextExportDueAt } from '../catalog/governance/exports.ts';
import type { Job, JobContext } from './job.ts';
import { EXPORT_LEASE_MS, runExport } from './run-export.ts';

/** Writes the lists that somebody asked to export. */
export function exportJob({ vault, owner, due }: JobContext): Job<ExportJob> {
  const { catalog } = vault;
  return {
    name: 'export',
    rows: 'exportJob',
    concurrency: 1,
    claim: (limit) => claimDueExports(catalog, due(limit, EXPORT_LEASE_MS)),
    nextDueAt: () => nextExportDueAt(catalog),
    async work(row, signal) {
      await runExport(vault, owner, row, signal);
      vault.wake();
    },
  };
}
