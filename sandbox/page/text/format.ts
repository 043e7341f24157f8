const UNITS = ['KB', 'MB', 'GB', 'TB'];

/** A size as people read it, in steps of 1,024 as Slack's clients and the bot count: `4.2 MB`. */
export function bytes(count: number): string {
  if (count < 1024) return count === 1 ? '1 byte' : `${count} bytes`;
  let value = count / 1024;
  let unit = 0;
  // A little early, or 1,023.96 KB would read "1024 KB".
  while (value >= 1023.5 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = value < 9.95 && unit > 0 ? 1 : 0;
  return `${value.toFixed(digits).replace(/\.0$/, '')} ${UNITS[unit]}`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}

/** `Anna Berg` → `AB`. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = words.length > 1 ? [words[0]?.[0], words.at(-1)?.[0]] : [[...name][0]];
  return letters.join('').toUpperCase();
}
