const UNITS = ['KB', 'MB', 'GB', 'TB', 'PB'];

/**
 * Bytes in words, e.g. `1.2 MB`. Steps are of 1,024, as Slack's clients seem to count (Slack documents nothing), so a
 * file has about the same size in both places. Without a valid size it says `unknown size`.
 */
export function sizeInWords(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined || !Number.isFinite(bytes) || bytes < 0) return 'unknown size';
  if (bytes < 1024) return bytes === 1 ? '1 byte' : `${Math.floor(bytes)} bytes`;
  let value = bytes;
  let unit = -1;
  // 1,023.96 KB would round to "1024 KB", so the next unit begins a little early.
  while (unit === -1 || (value >= 1023.5 && unit < UNITS.length - 1)) {
    value /= 1024;
    unit += 1;
  }
  const digits = value < 9.95 && unit > 0 ? value.toFixed(1) : String(Math.round(value));
  return `${digits.replace(/\.0$/, '')} ${UNITS[unit]}`;
}
