/**
 * What is known of one version of a file: it waits for the scanner; the scanner found nothing; it found malware; or it
 * could not look at it, or not at all of it.
 */
export type ScanState = 'waiting' | 'clean' | 'infected' | 'unscanned';

export type ScanReason =
  | 'too_large' // larger than the scanner takes
  | 'limits' // unpacked, it goes beyond the scanner's limits
  | 'encrypted' // locked with a password
  | 'refused' // the scanner says that it cannot read this file
  | 'broke' // the scanner broke on it several times
  | 'archived' // the bucket has it in an archive class, where nothing can be read at once
  | 'unreadable' // the bucket does not give its bytes, or others than those that were stored
  | 'waited'; // the scanner has not come to it for long; said only of what still waits

/** How a version stands, as people may read it. */
export interface ScanStanding {
  state: ScanState;
  since: number;
  reason: ScanReason | null;
  signature: string | null;
  /** Who gave it free, and why; null if nobody did. */
  release: { by: string; at: number; reason: string } | null;
  scannedWith: string | null;
  scannedAt: number | null;
}

/** The same with the decision: whether it is given out now. */
export type Checked = ScanStanding & { isGiven: boolean };

/** The bytes that a verdict is about. */
export interface ScannedBytes {
  teamId: string;
  fileId: string;
  version: number;
  sha256: string | null;
}

/**
 * What a bot does about malware: it has no scanner (`off`), or it has one and holds back (`block`) or gives out (`allow`)
 * what could not be checked.
 */
export type ScanMode = 'off' | 'block' | 'allow';
