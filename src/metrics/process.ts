import { statfs } from 'node:fs/promises';
import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';
import { createSample } from './sample.ts';

/** Nobody fills a disk unnoticed in this time. */
const DISK_EVERY_MS = 10_000;

/** What this process is: its version, its start (`process_start_time_seconds`), memory and event loop. */
export function processGauges(
  registry: Registry,
  build: { version: string; schema: string; node: string; catalog: 'sqlite' | 'postgres' },
): void {
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'vault_build_info',
    help: 'Always 1; the labels say which version of RIA Vault this process is, its schema, its Node and its kind of catalog',
    labelNames: ['version', 'schema', 'node', 'catalog'],
    registers: [registry],
  }).set(build, 1);
}

/** How full the disk is that holds SQLite's files. With PostgreSQL this process keeps nothing on a disk. */
export function diskGauges(registry: Registry, folder: string): void {
  const disk = createSample(() => statfs(folder), { everyMs: DISK_EVERY_MS });
  const registers = [registry];
  new Gauge({
    name: 'vault_data_dir_free_bytes',
    help: 'Free bytes, for this process, of the disk that holds VAULT_DATA_DIR; only with SQLite, NaN when it cannot be read',
    registers,
    async collect() {
      const found = await disk();
      this.set(found === undefined ? Number.NaN : found.bavail * found.bsize);
    },
  });
  new Gauge({
    name: 'vault_data_dir_size_bytes',
    help: 'Size in bytes of the disk that holds VAULT_DATA_DIR; only with SQLite, NaN when it cannot be read',
    registers,
    async collect() {
      const found = await disk();
      this.set(found === undefined ? Number.NaN : found.blocks * found.bsize);
    },
  });
}
