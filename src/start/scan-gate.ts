import type { Registry } from 'prom-client';
import type { Catalog } from '../catalog/db/open.ts';
import { hasInfected } from '../catalog/scan/counts.ts';
import type { ScanMode } from '../catalog/scan/model.ts';
import type { Policy } from '../config.ts';
import type { Log } from '../log.ts';
import { counted, scanMeters } from '../scan/meters.ts';
import { createScanner, type Scanner } from '../scan/scanner.ts';

/**
 * What stands between files and people. What was found while there was a scanner stays closed after VAULT_SCAN was taken
 * away. That is asked for each file: a rebuild may still bring it back, and another bot may have a scanner.
 */
export async function openScanGate(
  catalog: Catalog,
  o: { policy: Policy; register: Registry; log: Log; now(): number; others?(): readonly ScanMode[] },
): Promise<{ scanner: Scanner | null; unscanned: 'block' | 'allow'; others(): readonly ScanMode[] }> {
  const { register, log, now, others = () => [] } = o;
  const { scan } = o.policy;
  if (scan !== undefined) {
    const scanner = createScanner({ address: scan.address, log, now });
    const meters = scanMeters(register, scanner.facts);
    return { scanner: counted(scanner, meters), unscanned: scan.unscanned, others };
  }
  if (others().every((mode) => mode === 'off') && (await hasInfected(catalog)))
    log.warn(
      { code: 'scan_off' },
      'VAULT_SCAN is not set: nothing is checked for malware any more, but what was found before is still not given out',
    );
  return { scanner: null, unscanned: 'allow', others };
}

/** What a bot with these settings does about malware. */
export function scanModeOf({ scan }: Pick<Policy, 'scan'>): ScanMode {
  return scan === undefined ? 'off' : scan.unscanned;
}
