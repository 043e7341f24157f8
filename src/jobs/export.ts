import { claimDueExports, type ExportJob, nextExportDueAt } from '../catalog/governance/exports.ts';
import type { Job, JobContext } from './job.ts';
import { runExport } from './run-export.ts';

/** Writes the lists that somebody asked to export. */
export function exportJob({ vault, owner, due }: JobContext): Job<ExportJob> {
  const { catalog } = vault;
  return {
    name: 'export',
    rows: 'exportJob',
    concurrency: 1,
    claim: (limit) => claimDueExports(catalog, due(limit)),
    nextDueAt: () => nextExportDueAt(catalog),
    async work(row, signal) {
      await runExport(vault, owner, row, signal);
      vault.wake();
    },
  };
}
