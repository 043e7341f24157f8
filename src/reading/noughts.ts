/**
 * Noughts in a text: where the power failed, a disk has them in place of what was to be written; a log that was emptied while a program
 * wrote into it begins with as many as it was long.
 */
export interface Noughts {
  /** How often some stand in a row. */
  gaps: number;
  /** The bytes between them. */
  others: number;
}

export function noughtsIn(bytes: Buffer): Noughts {
  const noughts = { gaps: 0, others: 0 };
  for (let at = 0; at < bytes.length; ) {
    const gap = bytes.indexOf(0, at);
    noughts.others += (gap < 0 ? bytes.length : gap) - at;
    if (gap < 0) break;
    noughts.gaps += 1;
    at = endOf(bytes, gap);
  }
  return noughts;
}

/** The same with one blank for all that stand in a row. */
export function withoutNoughts(bytes: Buffer): Buffer {
  if (!bytes.includes(0)) return bytes;
  const kept: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const gap = bytes.indexOf(0, at);
    kept.push(bytes.subarray(at, gap < 0 ? bytes.length : gap));
    if (gap < 0) break;
    kept.push(BLANK);
    at = endOf(bytes, gap);
  }
  return Buffer.concat(kept);
}

const BLANK = Buffer.from(' ');

function endOf(bytes: Buffer, gap: number): number {
  let end = gap;
  while (bytes[end] === 0) end += 1;
  return end;
}
