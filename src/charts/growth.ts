/** One month of a vault's growth. */
export interface GrowthMonth {
  /** `2026-11`, UTC. */
  month: string;
  /** What was shared before this month, in bytes. */
  before: number;
  /** What was shared in it. */
  added: Added;
}

interface Added {
  files: number;
  bytes: number;
}

const LONGEST = 12;
const SHORTEST = 6;

/**
 * The last twelve months up to that of `now` (ms), the empty ones too; fewer for a young vault, but six at least.
 * `months` are in order; what lies before them is in `before`.
 */
export function growthOf(months: ReadonlyArray<Added & { name: string }>, now: number): GrowthMonth[] {
  const end = new Date(now);
  const nameOf = (back: number) =>
    new Date(Date.UTC(end.getUTCFullYear(), end.getUTCMonth() - back)).toISOString().slice(0, 7);
  const first = months[0]?.name ?? nameOf(0);
  let length = SHORTEST;
  while (length < LONGEST && nameOf(length) >= first) length += 1;
  return Array.from({ length }, (_, index) => {
    const month = nameOf(length - 1 - index);
    const { files = 0, bytes = 0 } = months.find(({ name }) => name === month) ?? {};
    const before = months.reduce((sum, one) => (one.name < month ? sum + one.bytes : sum), 0);
    return { month, before, added: { files, bytes } };
  });
}
