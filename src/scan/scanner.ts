import { Readable } from 'node:stream';
import { backOff } from '../capture/back-off.ts';
import { errorCode } from '../errors.ts';
import type { Log } from '../log.ts';
import { addressInWords, type ScanAddress } from '../scan-address.ts';
import { ScannerError, type ScannerVersion, type Verdict } from './answers.ts';
import { clamdVersion, IDLE_MS, type Patience, scanStream, takesBytes } from './clamd.ts';
import { lockedArchive, packedTooOften } from './probes.ts';

/** clamd reads no file of 2 GiB or more, whatever its settings are: cl_scandesc_callback in libclamav/scanners.c. */
const CLAMD_MOST_BYTES = 2 ** 31 - 3;

/**
 * A scanner that does not tell its limits says `OK` of larger files without having read them. This was MaxFileSize of
 * every clamd before 1.0, unless it was set (since then it is 100 MiB); clamd.conf(5).
 */
const SURELY_READ_BYTES = 25 * 2 ** 20;

/** Smaller files are taken by every StreamMaxLength that makes sense. */
const SMALL_BYTES = 2 ** 20;

/** How long an answer about the scanner counts. */
const VERSION_MS = 60_000;
/** What depends on the scanner's settings is asked again after this time, and after each time that it was away. */
const SETTINGS_MS = 10 * 60_000;
/** The harmless files take a moment. A clamd that answers to VERSION and to no file does not work; see learn(). */
const PROBE_MS = 30_000;

export interface Scanner {
  /** Whether it answers. Asks at most once a minute, and after a failure with longer and longer waits. */
  isThere(): Promise<boolean>;
  /** When it is asked next (ms), if it is away. */
  nextLookAt(): number;
  /** What is known of it. */
  facts(): ScannerFacts;
  /**
   * Scans a file of `bytes`; `open` is called only if the scanner takes so many. `broke`: how often it broke on this file
   * before; each time doubles the patience. Throws {@link ScannerError}.
   */
  scan(bytes: number, open: () => Promise<Readable>, signal?: AbortSignal, broke?: number): Promise<Scanned>;
}

export interface Scanned {
  verdict: Verdict;
  /** Its whole VERSION line. */
  version: string;
}

export interface ScannerFacts {
  version: ScannerVersion | null;
  /** Since when it has not answered (ms), and why not. */
  awaySince: number | null;
  problem: string | null;
  /** Whether it says so when a file reaches beyond its limits, or is locked with a password; null: not known yet. */
  tellsLimits: boolean | null;
  tellsLocked: boolean | null;
}

/** One scanner, and what is known of it. Nothing is asked before it is needed. */
export function createScanner(o: {
  address: ScanAddress;
  log: Log;
  now(): number;
  patience?: Patience;
}): Scanner {
  const { address, log, now, patience = {} } = o;
  const facts: ScannerFacts = {
    ...{ version: null, awaySince: null, problem: null, tellsLimits: null, tellsLocked: null },
  };
  let askedAt = Number.NEGATIVE_INFINITY;
  let learnedAt = Number.NEGATIVE_INFINITY;
  let failures = 0;
  let nextLook = 0;
  let asking: Promise<boolean> | undefined;
  const sizes = { taken: 0, refused: Number.POSITIVE_INFINITY };

  async function look(): Promise<boolean> {
    try {
      const version = await clamdVersion(address, patience);
      if (facts.version !== null && facts.version.text !== version.text)
        log.info({ scanner: version.text }, 'the malware scanner has other signatures');
      facts.version = version;
      if (now() - learnedAt >= SETTINGS_MS) await learn();
      if (facts.awaySince !== null) log.info({ scanner: version.text }, 'the malware scanner is there');
      Object.assign(facts, { awaySince: null, problem: null });
      failures = 0;
      askedAt = now();
      return true;
    } catch (error) {
      gone(error);
      return false;
    }
  }

  function gone(error: unknown): void {
    askedAt = Number.NEGATIVE_INFINITY;
    learnedAt = Number.NEGATIVE_INFINITY;
    failures += 1;
    nextLook = now() + Math.min(60_000, backOff(failures));
    facts.problem = errorCode(error);
    if (facts.awaySince !== null) return;
    facts.awaySince = now();
    const where = addressInWords(address);
    log.warn(
      { code: errorCode(error), scanner: where, err: error },
      'the malware scanner does not work; files wait',
    );
  }

  /** Its settings cannot be asked for, so two harmless files find out. */
  async function learn(): Promise<void> {
    const reasonOf = async (bytes: Buffer) => {
      const { verdict } = await scanStream(address, Readable.from([bytes]), {
        ...patience,
        idleMs: Math.min(patience.idleMs ?? PROBE_MS, PROBE_MS),
      });
      return verdict.kind === 'not_scanned' ? verdict.reason : null;
    };
    facts.tellsLimits = (await reasonOf(packedTooOften())) === 'limits';
    facts.tellsLocked = (await reasonOf(lockedArchive())) === 'encrypted';
    Object.assign(sizes, { taken: 0, refused: Number.POSITIVE_INFINITY });
    learnedAt = now();
  }

  async function takes(bytes: number): Promise<boolean> {
    if (bytes >= sizes.refused) return false;
    if (bytes <= sizes.taken) return true;
    const isTaken = await takesBytes(address, bytes, patience);
    if (isTaken) sizes.taken = bytes;
    else sizes.refused = bytes;
    return isTaken;
  }

  const tooLarge: Verdict = {
    kind: 'not_scanned',
    reason: 'too_large',
    text: 'larger than the scanner takes',
  };
  const isThere = async () => {
    if (now() - askedAt < VERSION_MS) return true;
    if (facts.awaySince !== null && now() < nextLook) return false;
    asking ??= look().finally(() => {
      asking = undefined;
    });
    return asking;
  };

  return {
    isThere,
    nextLookAt: () => (facts.awaySince === null ? 0 : nextLook),
    facts: () => ({ ...facts }),
    async scan(bytes, open, signal, broke = 0) {
      if (!(await isThere()) || facts.version === null)
        throw new ScannerError('scanner_away', 'The malware scanner does not answer.');
      const version = facts.version.text;
      if (bytes > CLAMD_MOST_BYTES) return { verdict: tooLarge, version };
      try {
        if (bytes > SMALL_BYTES && !(await takes(bytes))) return { verdict: tooLarge, version };
        const { verdict } = await scanStream(address, await open(), {
          ...patience,
          idleMs: (patience.idleMs ?? IDLE_MS) * 2 ** broke,
          ...(signal && { signal }),
        });
        const isRead = facts.tellsLimits === true || bytes <= SURELY_READ_BYTES;
        if (verdict.kind !== 'clean' || isRead) return { verdict, version };
        const text = 'the scanner does not tell its limits (AlertExceedsMax)';
        return { verdict: { kind: 'not_scanned', reason: 'limits', text }, version };
      } catch (error) {
        if (!(error instanceof ScannerError) || signal?.aborted) throw error;
        // A refusal can be lost with the connection: it is closed while bytes are still on their way.
        if (error.midway && error.code === 'scanner_away' && !(await takes(bytes).catch(() => true)))
          return { verdict: tooLarge, version };
        if (error.midway) askedAt = Number.NEGATIVE_INFINITY;
        else gone(error);
        // The harmless files show whether it can work at all.
        if (error.code === 'scanner_failed' || error.code === 'scanner_slow')
          learnedAt = Number.NEGATIVE_INFINITY;
        throw error;
      }
    },
  };
}
