/** What clamd's answers mean. Source: clamd/scanner.c, clamd/session.c and clamd/server-th.c of ClamAV 1.4. */

/** Why a file was not scanned to its end. */
export type NotScanned =
  | 'too_large' // larger than the scanner takes
  | 'limits' // unpacked, it is larger or deeper than the scanner's limits
  | 'encrypted' // it is locked with a password
  | 'refused'; // the scanner says that it cannot read this file

export type Verdict =
  | { kind: 'clean' }
  | { kind: 'infected'; signature: string }
  | { kind: 'not_scanned'; reason: NotScanned; text: string };

/** The scanner did not do its work. It is tried again: this says nothing of the file. */
export class ScannerError extends Error {
  readonly code: ScannerErrorCode;
  /** True if it broke while it had this file: then the file itself may be the reason. */
  readonly midway: boolean;

  constructor(code: ScannerErrorCode, message: string, o: { midway?: boolean; cause?: unknown } = {}) {
    super(message, { cause: o.cause });
    this.name = 'ScannerError';
    this.code = code;
    this.midway = o.midway ?? false;
  }
}

export type ScannerErrorCode =
  | 'scanner_away' // nobody listens, or the connection broke
  | 'scanner_slow' // no sign of life in time
  | 'scanner_strange' // what answers is not clamd
  | 'scanner_failed'; // it says that it cannot work: no room on its disk, no memory

/** Longer names are cut: signatures of one's own may have any. */
const LONGEST_NAME = 200;

/** The scanner's own trouble: it may be over in a minute. */
const OWN_TROUBLE =
  /temporary file|allocat|memory|No space|read timed out|Database|Error processing|Too many|queue|Can't create|Can't open|shut/i;

/**
 * What an INSTREAM session said. There may be several answers, each ended by a NUL: with HeuristicScanPrecedence clamd
 * names every signature that it finds (clamd_virus_found_cb in clamd/scanner.c). The worst counts. Throws
 * {@link ScannerError} for what says nothing of the file.
 */
export function verdictOf(said: string): Verdict {
  const verdicts = said
    .split(/[\0\n]/)
    .filter((line) => line !== '')
    .map(verdictOfLine);
  const worst =
    verdicts.find(({ kind }) => kind === 'infected') ??
    verdicts.find(({ kind }) => kind === 'not_scanned') ??
    verdicts[0];
  if (worst === undefined)
    throw new ScannerError('scanner_away', 'The scanner closed the connection without an answer.', {
      midway: true,
    });
  return worst;
}

function verdictOfLine(line: string): Verdict {
  if (line === 'stream: OK') return { kind: 'clean' };
  const found = /^stream: (.+?)(?:\([0-9a-f]{32}:\d+\))? FOUND$/.exec(line)?.[1];
  if (found !== undefined) return meaningOf(harmless(found, LONGEST_NAME));
  // conn_reply_error in clamd/session.c; the size is counted before the bytes come.
  if (/^INSTREAM size limit exceeded\. ERROR$/.test(line))
    return { kind: 'not_scanned', reason: 'too_large', text: line };
  const failed = /^(?:stream: )?(.*) ERROR$/.exec(line)?.[1];
  if (failed !== undefined) {
    if (!line.startsWith('stream: ') || OWN_TROUBLE.test(failed))
      throw new ScannerError('scanner_failed', `The scanner says: ${harmless(failed)}`, { midway: true });
    return { kind: 'not_scanned', reason: 'refused', text: harmless(failed) };
  }
  // Without "ERROR" behind it (kylefarris/clamscan#71).
  if (line.startsWith('COMMAND READ TIMED OUT'))
    throw new ScannerError('scanner_slow', 'The scanner did not wait for the file.', { midway: true });
  throw new ScannerError(
    'scanner_strange',
    'What answers there is not clamd, or it is a kind not known here.',
  );
}

/**
 * Not every find is malware: with AlertExceedsMax and AlertEncrypted, clamd says in this way that it has not looked at
 * everything (clamd.conf(5)).
 */
function meaningOf(signature: string): Verdict {
  if (/^Heuristics\.Limits\.Exceeded/i.test(signature))
    return { kind: 'not_scanned', reason: 'limits', text: signature };
  if (/^Heuristics\.Encrypted\./i.test(signature))
    return { kind: 'not_scanned', reason: 'encrypted', text: signature };
  return { kind: 'infected', signature };
}

/** Somebody else's words, made short and printable for the log. */
function harmless(text: string, most = 120): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, most);
}

/** What VERSION says: `ClamAV 1.4.3/27812/Thu Nov 26 08:26:31 2026`; without official signatures only the first part. */
export interface ScannerVersion {
  /** The whole line: another one means other signatures, or another engine. */
  text: string;
  engine: string;
  /** The number of the official signatures. */
  signatures: string | null;
  /** When they were made (ms). */
  signaturesAt: number | null;
}

/** Reads the answer to VERSION. Throws {@link ScannerError} if it is not clamd's. */
export function versionOf(said: string): ScannerVersion {
  const text = said.replace(/[\0\n]+$/, '');
  const [, engine, signatures = null, date] =
    /^(ClamAV [\w.+~-]{1,40})(?:\/(\d{1,10})\/([\w: ]{1,40}))?$/.exec(text) ?? [];
  if (engine === undefined)
    throw new ScannerError('scanner_strange', 'What answers there does not say that it is ClamAV.');
  // asctime(3), which names no zone: read as UTC, hours do not matter here.
  const at = date === undefined ? Number.NaN : Date.parse(`${date.replace(/ +/g, ' ')} UTC`);
  return { text, engine, signatures, signaturesAt: Number.isNaN(at) ? null : at };
}
