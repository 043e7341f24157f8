import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { counted, scanMeters } from '../../src/scan/meters.ts';
import type { Scanner, ScannerFacts } from '../../src/scan/scanner.ts';

it('scans are counted by outcome, and the scanner’s state is told when it is asked for', async () => {
  const register = new Registry();
  const facts: ScannerFacts = {
    ...{ version: null, awaySince: null, problem: null, tellsLimits: null, tellsLocked: null },
  };
  const scan = async (bytes: number) => {
    if (bytes === 0) throw new Error('away');
    return { verdict: { kind: 'clean' }, version: 'V' };
  };
  const scanner = counted(
    { scan, facts: () => facts } as unknown as Scanner,
    scanMeters(register, () => facts),
  );
  await scanner.scan(1, async () => undefined as never);
  await expect(scanner.scan(0, async () => undefined as never)).rejects.toThrow('away');
  let text = await register.metrics();
  expect(text).toContain('vault_scans_total{outcome="clean"} 1');
  expect(text).toContain('vault_scans_total{outcome="failed"} 1');
  expect(text).toContain('vault_scans_total{outcome="infected"} 0');
  expect(text).toContain('vault_scan_up 1');
  expect(text).toContain('vault_scan_signatures_timestamp_seconds Nan');
  facts.awaySince = 5;
  facts.version = { text: 'V', engine: 'ClamAV', signatures: '1', signaturesAt: 7_000 };
  text = await register.metrics();
  expect(text).toContain('vault_scan_up 0');
  expect(text).toContain('vault_scan_signatures_timestamp_seconds 7');
});
