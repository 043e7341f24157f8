import type { Generated } from 'kysely';
import type { ScanReason, ScanState } from '../scan/model.ts';
import type { DueColumns } from './due-columns.ts';

/** What the malware scanner said of one version of a file; see scan/model.ts. There is no row while nobody scans. */
export interface ScanTable extends DueColumns {
  teamId: string;
  fileId: string;
  /** The version's number. */
  number: number;
  /** The bytes that the rest is about; other bytes under this number have not been scanned. */
  sha256: string;
  storedAt: number;
  state: ScanState;
  /** When this state began (ms). */
  since: number;
  /** Why it was not scanned. */
  reason: ScanReason | null;
  /** What was found. */
  signature: string | null;
  /** The scanner's VERSION line, and when it last scanned this (ms). */
  scannedWith: string | null;
  scannedAt: number | null;
  /** Who gave it free, when (ms), and why. */
  releasedBy: string | null;
  releasedAt: number | null;
  releaseReason: string | null;
  /** 1 once the uploader was told what was found, or cannot be told. */
  told: Generated<number>;
  /** How often in a row the scanner broke on it. */
  broke: Generated<number>;
}
