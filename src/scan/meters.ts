import { Counter, Gauge, type Registry } from 'prom-client';
import type { Verdict } from './answers.ts';
import type { Scanner, ScannerFacts } from './scanner.ts';

interface ScanMeters {
  /** A scan came to its end, or broke off. */
  scanned(outcome: Verdict['kind'] | 'failed'): void;
}

/** What Prometheus can know of the malware scanner. `facts` is read when metrics are scraped. */
export function scanMeters(register: Registry, facts: () => ScannerFacts): ScanMeters {
  const registers = [register];
  const scans = new Counter({
    name: 'vault_scans_total',
    help: 'Versions of files that were given to the malware scanner, by outcome',
    labelNames: ['outcome'],
    registers,
  });
  for (const outcome of ['clean', 'infected', 'not_scanned', 'failed']) scans.inc({ outcome }, 0);
  new Gauge({
    name: 'vault_scan_up',
    help: '1 while the malware scanner answers',
    registers,
    collect() {
      this.set(facts().awaySince === null ? 1 : 0);
    },
  });
  new Gauge({
    name: 'vault_scan_signatures_timestamp_seconds',
    help: 'When the official signatures of the malware scanner were made; NaN while that is not known',
    registers,
    collect() {
      const madeAt = facts().version?.signaturesAt ?? null;
      this.set(madeAt === null ? Number.NaN : madeAt / 1_000);
    },
  });
  return { scanned: (outcome) => scans.inc({ outcome }) };
}

/** The same scanner, whose scans are counted. */
export function counted(scanner: Scanner, meters: ScanMeters): Scanner {
  return {
    ...scanner,
    async scan(...asked) {
      try {
        const scanned = await scanner.scan(...asked);
        meters.scanned(scanned.verdict.kind);
        return scanned;
      } catch (error) {
        meters.scanned('failed');
        throw error;
      }
    },
  };
}
