import type { FileRow } from '../../catalog/model.ts';
import type { Checked, ScanReason, ScanStanding } from '../../catalog/scan/model.ts';
import { hurryScan, scanOf } from '../../catalog/scan/rows.ts';
import { beingChecked, malwareFound, notChecked } from '../../refusals/scan.ts';
import { scanReasons } from '../../text/scan-reasons.ts';
import type { ScanGate, Vault } from '../context.ts';
import { isScanned, unscannedPolicy } from './others.ts';

/**
 * After this time, a file that still waits counts as one that cannot be checked: the scanner is away, or has too much to
 * do. It goes on waiting for its scan all the same.
 */
export const WAITED_MS = 10 * 60_000;

/** A version of a file: the newest, or `FileRow` with the facts of an older one. */
type Version = Pick<FileRow, 'teamId' | 'fileId' | 'version' | 'sha256' | 'storedAt'>;

/**
 * THE rule of what the scanner lets out; there is no other. Clean files and released ones. What could not be checked, or
 * has waited for long, only if VAULT_SCAN_UNSCANNED is `allow`. Where no bot has a scanner, all but what was found before.
 */
function judged(gate: ScanGate, standing: ScanStanding | undefined, now: number): Checked {
  const found = standing ?? { ...UNKNOWN, since: now };
  const isLong = found.state === 'waiting' && now - found.since >= WAITED_MS;
  const known: ScanStanding = isLong ? { ...found, state: 'unscanned', reason: 'waited' } : found;
  const isFree = known.state === 'clean' || (known.release !== null && known.state !== 'waiting');
  if (!isScanned(gate)) return { ...known, isGiven: isFree || known.state !== 'infected' };
  const isAllowed = known.state === 'unscanned' && unscannedPolicy(gate) === 'allow';
  return { ...known, isGiven: isFree || isAllowed };
}

const UNKNOWN = {
  ...{ state: 'waiting' as const, reason: null, signature: null, release: null },
  ...{ scannedWith: null, scannedAt: null },
};

/** The same for people; null where nothing is scanned any more and nothing was found. */
export function saidOf(gate: ScanGate, standing: ScanStanding | undefined, now: number): Checked | null {
  return !isScanned(gate) && standing?.state !== 'infected' ? null : judged(gate, standing, now);
}

/**
 * How this version stands; null if nothing is scanned here. One that waits, or that nobody has marked for the scanner yet,
 * is scanned before all others from now on.
 */
export async function checked(vault: Vault, version: Version): Promise<Checked | null> {
  const { catalog, scan, now } = vault;
  if (scan === undefined) return null;
  const standing = await scanOf(catalog, version);
  const waits = standing === undefined || standing.state === 'waiting';
  if (waits && isScanned(scan)) {
    await hurryScan(catalog, version, now());
    vault.wake('scan');
  }
  return saidOf(scan, standing, now());
}

/**
 * Throws `UserError` unless this version may be given out now. Every way in which bytes leave the vault asks here; see
 * files/give-out.ts. Call it after the rights: a refusal tells of the file.
 */
export async function requireChecked(vault: Vault, version: Version): Promise<Checked | null> {
  const found = await checked(vault, version);
  if (found === null || found.isGiven) return found;
  if (found.state === 'infected') throw malwareFound(found.signature ?? 'malware');
  if (found.state === 'unscanned') throw notChecked(whyUnscanned(found.reason));
  throw beingChecked();
}

/** Throws `UserError` for a file with malware: nobody is pointed to it. One that waits may be shown. */
export async function refuseInfected(vault: Vault, version: Version): Promise<void> {
  const found = await checked(vault, version);
  if (found?.state === 'infected' && !found.isGiven) throw malwareFound(found.signature ?? 'malware');
}

/** A reason as half a sentence; the words are the same on all screens. */
function whyUnscanned(reason: ScanReason | null): string {
  const words: Record<ScanReason, string> = scanReasons;
  return words[reason ?? 'refused'];
}
