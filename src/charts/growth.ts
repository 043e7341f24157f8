/** One month of a vault's growth. */
export interface GrowthMonth {
  /** `2026-11`, UTC. */
  month: string;
  /** Bytes that were shared before this month. */
  before: number;
  /** What was shared in this month. */
  added: Added;
}

interface Added {
  files: number;
  bytes: number;
}

const LONGEST = 12;
const SHORTEST = 6;

/** The month `back` months before the month of `now` (ms), UTC, e.g. `2026-11`. */
function monthsBefore(now: number, back: number): string {
  const end = new Date(now);
  return new Date(Date.UTC(end.getUTCFullYear(), end.getUTCMonth() - back)).toISOString().slice(0, 7);
}

/** The first month that {@link growthOf} can show. */
export function growthSince(now: number): string {
  return monthsBefore(now, LONGEST - 1);
}

/**
 * The last twelve months up to that of `now` (ms), including empty ones. A young vault has fewer, but at least six.
 * `months` are in order. The rest of `totalBytes` was shared before them.
 */
export function growthOf(
  months: ReadonlyArray<Added & { name: string }>,
  totalBytes: number,
  now: number,
): GrowthMonth[] {
  const added = months.reduce((sum, { bytes }) => sum + bytes, 0);
  const first = totalBytes > added ? growthSince(now) : (months[0]?.name ?? monthsBefore(now, 0));
  let length = SHORTEST;
  while (length < LONGEST && monthsBefore(now, length) >= first) length += 1;
  let before = totalBytes - added;
  return Array.from({ length }, (_, index) => {
    const month = monthsBefore(now, length - 1 - index);
    const { files = 0, bytes = 0 } = months.find(({ name }) => name === month) ?? {};
    before += bytes;
    return { month, before: before - bytes, added: { files, bytes } };
  });
}
