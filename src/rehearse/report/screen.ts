import type { Outcome } from '../run.ts';
import { countsOf, lineOf, type Told } from './told.ts';
import { wrapped } from './wrapped.ts';

const MARKS = { 'as expected': 'ok', deviates: 'DIFF', failed: 'FAIL', skipped: 'skip' } as const;
/** Where titles and reasons stand. */
const INDENT = 26;

/** What the terminal shows when a check has ended. Deviations come at the end. */
export function progressLine({
  id,
  title,
  state,
  reason,
}: Pick<Outcome, 'id' | 'title' | 'state' | 'reason'>): string {
  const what = state === 'skipped' ? (reason ?? title) : title;
  const head = wrapped(`${MARKS[state].padEnd(5)}${id.padEnd(20)} ${what}`, INDENT);
  const why =
    state === 'failed' && reason !== undefined ? wrapped(`${' '.repeat(INDENT)}${reason}`, INDENT) : [];
  return [...head, ...why].join('\n');
}

/** What the terminal shows at the end. */
export function summary(told: readonly Told[], left: readonly string[], report: string): string {
  const deviations = told.flatMap(({ id, matters }) =>
    matters.flatMap((one) => wrapped(`${id}  ${lineOf(one)}`, 4)),
  );
  const harmless = told.reduce((sum, one) => sum + one.harmless.length, 0);
  return [
    '',
    ...(deviations.length === 0 ? [] : ['What deviates from what the sandbox sends:', '', ...deviations, '']),
    ...(left.length === 0
      ? []
      : ['What could not be taken away:', ...left.flatMap((line) => wrapped(`  ${line}`, 4)), '']),
    `${countsOf(told)}.`,
    ...(harmless === 0
      ? []
      : [`${harmless} more differences that the vault does not notice are in the report.`]),
    ...wrapped(`The report, without names, ids or texts: ${report}`, 2),
  ].join('\n');
}
