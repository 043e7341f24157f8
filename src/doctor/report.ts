import type { Line, State } from './check.ts';

const SIGNS: Record<State, string> = { ok: 'ok     ', warn: 'warning', fail: 'FAILED ', skipped: 'skipped' };

/** How many lines there are of each state. */
export function countStates(lines: readonly Line[]): Record<State, number> {
  const counts = { ok: 0, warn: 0, fail: 0, skipped: 0 };
  for (const { state } of lines) counts[state] += 1;
  return counts;
}

/** The whole report for a terminal: one line a check, the remedy below what is not well, the sum at the end. */
export function reportText(lines: readonly Line[]): string {
  const wide = Math.max(...lines.map(({ id }) => id.length));
  const indent = ' '.repeat(wide + 11);
  const told = lines.flatMap(({ id, state, says, remedy }) => [
    `${SIGNS[state]}  ${id.padEnd(wide)}  ${says}`,
    ...(remedy === undefined ? [] : [`${indent}→ ${remedy}`]),
  ]);
  const { ok, warn, fail, skipped } = countStates(lines);
  return [
    ...told,
    '',
    `${ok} ok, ${warn} ${warn === 1 ? 'warning' : 'warnings'}, ${fail} failed, ${skipped} skipped.`,
  ].join('\n');
}
