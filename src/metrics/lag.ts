/** Looks at the journal's lag are kept apart by at least this time, so that a long outage takes little memory. */
const STEP_MS = 5_000;
/** Half a day of looks; then every second one is forgotten. */
const MOST_LOOKS = 8_192;

/**
 * Tells how old the oldest change is that the bucket does not have, in ms. Changes are numbered in their order but have no
 * time. So each look notes which number was the newest, and when. A change is at least as old as the first look that
 * saw its number. After a start, the time before it is not known.
 */
export function createLag(): (untold: { first: number | null; last: number | null }, now: number) => number {
  let looks: Array<{ last: number; at: number }> = [];
  return ({ first, last }, now) => {
    if (first === null || last === null) {
      looks = [];
      return 0;
    }
    const newest = looks.at(-1);
    if (newest === undefined || (last > newest.last && now - newest.at >= STEP_MS))
      looks.push({ last, at: now });
    const from = looks.findIndex((look) => look.last >= first);
    if (from === -1) return 0;
    if (from > 0) looks = looks.slice(from);
    if (looks.length > MOST_LOOKS)
      looks = looks.filter((_, index) => index % 2 === 0 || index === looks.length - 1);
    return Math.max(0, now - (looks[0]?.at ?? now));
  };
}
