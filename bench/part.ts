/** A table of a report, its cells ready to be read. */
export interface Table {
  title: string;
  columns: readonly string[];
  rows: readonly (readonly string[])[];
}

/** A bar of the picture: a measured value compared with the promise. */
export interface Mark {
  label: string;
  value: number;
  /** The value should not be above this, in the same unit. */
  limit: number;
  unit: string;
}

/** What a part found. */
export interface Report {
  tables: Table[];
  /** Sentences under the tables: how it was measured, what could not be, what the reader should doubt. */
  notes: string[];
  /** The few numbers that stand in the picture. */
  marks: Mark[];
  /** Everything measured, for programs. */
  numbers: unknown;
}

export interface Options {
  /** Fewer rounds, smaller files, shorter loads: to test the benchmark itself; do not trust its numbers. */
  short: boolean;
  /** Told as it goes; not part of the report. */
  say(line: string): void;
}

/** One part of the benchmark: `npm run bench -- <name>` runs it alone. */
export interface Part {
  name: string;
  title: string;
  /** Which question it answers, in a sentence. */
  question: string;
  /** Left out of a run of everything: it takes far longer than the rest. */
  onlyWhenNamed?: true;
  run(options: Options): Promise<Report>;
}

/** The value in the middle; for an even number, the mean of the two in the middle. 0 for no values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? 0) + upper) / 2;
}

/** The smallest value that this part (0 to 1) of all values does not exceed. 0 for no values. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0;
}
