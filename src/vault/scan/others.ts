/**
 * All bots of one catalog should have the same VAULT_SCAN. While they do not, the strictest counts for all: where one bot
 * has a scanner, none gives out what that one would hold back. The bots tell each other by the catalog (alerts/bots.ts).
 */
import type { ScanMode } from '../../catalog/scan/model.ts';
import type { ScanGate } from '../context.ts';

type Gate = Pick<ScanGate, 'unscanned' | 'others'> & { scanner: object | null };

/** What this bot does. */
const own = (gate: Gate): ScanMode => (gate.scanner === null ? 'off' : gate.unscanned);

const modes = (gate: Gate): ScanMode[] => [own(gate), ...(gate.others?.() ?? [])];

/** Whether anybody looks for malware: this bot, or another one of its catalog. */
export function isScanned(gate: Gate): boolean {
  return modes(gate).some((mode) => mode !== 'off');
}

/** Whether another bot looks for malware, and this one does not: it leaves to that one what only a scanner can do. */
export function othersScan(gate: Gate): boolean {
  return gate.scanner === null && isScanned(gate);
}

/** What is done with files that could not be checked. */
export function unscannedPolicy(gate: Gate): 'block' | 'allow' {
  return modes(gate).includes('block') ? 'block' : 'allow';
}

/** Whether the bots that are there now have different settings. */
export function areMixed(gate: Gate): boolean {
  return new Set(modes(gate)).size > 1;
}
