import { type Mark, median, type Table } from '../part.ts';
import { EVERYDAY } from './asks.ts';
import { PROMISED_MS, type Timing } from './measure.ts';
import type { Measured } from './sizes.ts';

/** An answer over a hundred times as many files may take so many times as long and still be called flat. */
const FLAT = 2;

const number = (value: number) => value.toLocaleString('en-US');
const ms = (value: number) => value.toFixed(1);
const both = ({ median, p99 }: Timing) => `${ms(median)} / ${ms(p99)}`;

/** What people ask for most, and then everything, at all these sizes. */
export function tables(sizes: readonly Measured[]): Table[] {
  const [everyday, all] = [(name: string) => EVERYDAY.includes(name), () => true];
  return [
    table('What people ask for most: median / p99, ms', sizes, everyday),
    table('Every answer: median / p99, ms', sizes, all),
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
    return [name, ...timings.map(both), remarks(sizes, timings)];
  });
  const columns = sizes.map(({ database, files }) => `${database}, ${number(files)}`);
  return { title, columns: ['answer', ...columns, ''], rows };
}

function timingOf({ timings }: Measured, name: string): Timing {
  const found = timings.find((timing) => timing.name === name);
  if (found === undefined) throw new Error(`${name} was not asked at every size`);
  return found;
}

/** What is above the promise, and whether the processor was at work for that long or the bot had to wait for it. */
function remarks(sizes: readonly Measured[], timings: readonly Timing[]): string {
  const found = timings.flatMap(({ median, p99, cpuP99, problems }, i) => {
    const where = `${number(sizes[i]?.files ?? 0)}: `;
    const failed = problems.map((code) => `${where}failed: ${code}`);
    if (median > PROMISED_MS) return [`${where}**median** above ${PROMISED_MS} ms`, ...failed];
    if (p99 <= PROMISED_MS) return failed;
    return [
      `${where}p99 above ${PROMISED_MS} ms${cpuP99 > PROMISED_MS ? '' : ', the bot’s CPU below'}`,
      ...failed,
    ];
  });
  return found.join('; ');
}

/** How slow the slowest is, and how flat all of them are from the first size to the last. */
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
      ...{ value: growth(small, large), limit: FLAT, unit: '×' },
    },
  ];
}

/** How many times as long the answer in the middle takes. */
export function growth(small: Measured, large: Measured): number {
  return median(
    large.timings.map(({ name, median }) => median / Math.max(0.01, timingOf(small, name).median)),
  );
}

/** How many answers stay below the promise, in a sentence. */
export function summary({ database, files, timings }: Measured): string {
  const above = (value: (timing: Timing) => number) =>
    timings.filter((timing) => value(timing) > PROMISED_MS).length;
  return `${database}, ${number(files)} files: of ${timings.length} answers, ${above(({ median }) => median)} have a median and ${above(({ p99 }) => p99)} a p99 above ${PROMISED_MS} ms.`;
}
