import { type Mark, median, type Table } from '../part.ts';
import { EVERYDAY } from './asks.ts';
import { PROMISED_MS, type Timing } from './measure.ts';
import type { Measured } from './sizes.ts';

/** With a hundred times as many files, an answer may take so many times as long and still be called flat. */
const FLAT = 2;

const number = (value: number) => value.toLocaleString('en-US');
const ms = (value: number) => value.toFixed(1);
/** A number of ms, in bold where it is above the promise. */
const told = (value: number) => (value > PROMISED_MS ? `**${ms(value)}**` : ms(value));
const cell = ({ median, p99, cpuP99 }: Timing) => `${told(median)} / ${told(p99)} (${ms(cpuP99)})`;

/** First what people ask for most, then everything, at all these sizes. */
export function tables(sizes: readonly Measured[]): Table[] {
  const [everyday, all] = [(name: string) => EVERYDAY.includes(name), () => true];
  return [
    table('What people ask for most: median / p99 (p99 of the bot’s CPU), ms', sizes, everyday),
    table('Every answer: median / p99 (p99 of the bot’s CPU), ms', sizes, all),
    {
      title: 'Loading',
      columns: ['catalog', 'files', 'seconds', 'MiB'],
      rows: sizes.map(({ database, files, loadSeconds, mebibytes }) => [
        ...[database, number(files), loadSeconds.toFixed(0), mebibytes.toFixed(0)],
      ]),
    },
  ];
}

function table(title: string, sizes: readonly Measured[], wanted: (name: string) => boolean): Table {
  const names = sizes[0]?.timings.map(({ name }) => name).filter(wanted) ?? [];
  const rows = names.map((name) => {
    const timings = sizes.map((size) => timingOf(size, name));
    const [small, large] = sizes;
    const grown = small && large ? `${ratio(small, large, name).toFixed(1)} ×` : '';
    return [name, ...timings.map(cell), grown, failures(timings)];
  });
  const columns = sizes.map(({ database, files }) => `${database}, ${number(files)}`);
  return { title, columns: ['answer', ...columns, 'growth', ''], rows };
}

function timingOf({ timings }: Measured, name: string): Timing {
  const found = timings.find((timing) => timing.name === name);
  if (found === undefined) throw new Error(`${name} was not asked at every size`);
  return found;
}

/**
 * How many times as long an answer takes at the second size. SQLite works in the bot's own process, so there it is the
 * processor's time, which other work on the machine does not change; for PostgreSQL only the clock can be used.
 */
function ratio(small: Measured, large: Measured, name: string): number {
  const taken = (size: Measured) => {
    const { median, cpuMedian } = timingOf(size, name);
    return Math.max(0.01, size.database === 'SQLite' ? cpuMedian : median);
  };
  return taken(large) / taken(small);
}

function failures(timings: readonly Timing[]): string {
  const codes = new Set(timings.flatMap(({ problems }) => problems));
  return codes.size > 0 ? `failed: ${[...codes].join(', ')}` : '';
}

/** How slow the slowest answer is, and how flat all answers are from the first size to the last. */
export function marks(small: Measured, large: Measured): Mark[] {
  const where = `${number(large.files)} files, ${large.database}`;
  const everyday = large.timings.filter(({ name }) => EVERYDAY.includes(name));
  const slowest = (values: number[]) => Math.max(...values);
  return [
    {
      label: `Slowest everyday answer, p99, ${where}`,
      ...{ value: slowest(everyday.map(({ p99 }) => p99)), limit: PROMISED_MS, unit: 'ms' },
    },
    {
      label: `Slowest of all ${large.timings.length} answers, median, ${where}`,
      ...{ value: slowest(large.timings.map((timing) => timing.median)), limit: PROMISED_MS, unit: 'ms' },
    },
    {
      label: `Median answer, ${number(large.files)} files to ${number(small.files)}`,
      ...{
        value: median(large.timings.map(({ name }) => ratio(small, large, name))),
        limit: FLAT,
        unit: '×',
      },
    },
  ];
}

/** How many answers stay below the promise, in a sentence. */
export function summary({ database, files, timings }: Measured): string {
  const above = (value: (timing: Timing) => number) =>
    timings.filter((timing) => value(timing) > PROMISED_MS).length;
  return `${database}, ${number(files)} files: of ${timings.length} answers, ${above(({ median }) => median)} have a median and ${above(({ p99 }) => p99)} a p99 above ${PROMISED_MS} ms.`;
}
