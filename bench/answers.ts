import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCatalog } from '../src/catalog/open.ts';
import { type Ask, asksOf } from './asks.ts';
import { loadSqlite } from './load.ts';
import { quantile, type Table } from './part.ts';
import { fileAt } from './sample.ts';
import { makeWorld } from './world.ts';

/** The files of a workspace are spread over so long, ending now. */
const SIX_YEARS_MS = 6 * 365 * 86_400_000;
/** What an answer may take. */
export const PROMISED_MS = 50;
/** Slow answers are asked fewer times, but a few at least. */
const BUDGET_MS = 1_500;
const LEAST_RUNS = 7;
const WARM_UP_RUNS = 3;

/** What one answer took, in ms, over `runs` runs. */
export interface Timing {
  name: string;
  runs: number;
  median: number;
  p99: number;
  /** Processor time of the whole process, which a busy machine stretches less than the time on the clock. */
  cpuMedian: number;
  cpuP99: number;
  /** What was refused or failed, which no answer here should be. */
  problems: string[];
}

export interface Measured {
  files: number;
  loadSeconds: number;
  databaseMiB: number;
  /** The machine's load (1 minute) before and after. */
  loadBefore: number;
  loadAfter: number;
  timings: Timing[];
}

export interface Options {
  /** How often each is asked at most (100). */
  runs?: number;
  /** Told as it goes. */
  say?(line: string): void;
}

/** Times every answer over a new SQLite catalog of so many files, in a folder that is removed afterwards. */
export async function measureAnswers(files: number, o: Options = {}): Promise<Measured> {
  const { runs = 100, say = () => {} } = o;
  const dataDir = mkdtempSync(join(tmpdir(), 'ria-vault-bench-'));
  const stepMs = Math.floor(SIX_YEARS_MS / files);
  const load = () => loadavg()[0] ?? 0;
  try {
    const began = performance.now();
    await loadSqlite(dataDir, files, stepMs, say);
    const loadSeconds = (performance.now() - began) / 1_000;
    const databaseMiB = statSync(join(dataDir, 'vault.db')).size / 2 ** 20;
    say(`${number(files)} files loaded in ${loadSeconds.toFixed(0)} s, ${databaseMiB.toFixed(0)} MiB`);
    const catalog = await openCatalog({ dataDir });
    const world = await makeWorld(catalog, fileAt(files, stepMs).at);
    try {
      const loadBefore = load();
      const timings: Timing[] = [];
      for (const ask of asksOf(world, files, stepMs)) {
        const timing = await time(ask, runs, () => world.problems());
        timings.push(timing);
        if (timing.median > PROMISED_MS) say(`  ${ask.name}: ${timing.median.toFixed(0)} ms`);
      }
      return { files, loadSeconds, databaseMiB, loadBefore, loadAfter: load(), timings };
    } finally {
      world.close();
      await catalog.close();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function time(ask: Ask, most: number, problems: () => string[]): Promise<Timing> {
  const found = new Set<string>();
  const wall: number[] = [];
  const cpu: number[] = [];
  const started = performance.now();
  const isOver = () => wall.length >= LEAST_RUNS && performance.now() - started > BUDGET_MS;
  for (let run = -Math.min(WARM_UP_RUNS, most); run < most && !isOver(); run++) {
    const prepared = await ask.prepare?.();
    problems();
    const cpuBefore = process.cpuUsage();
    const before = performance.now();
    await ask.run(prepared);
    const took = performance.now() - before;
    const { user, system } = process.cpuUsage(cpuBefore);
    for (const problem of problems()) found.add(problem);
    if (run < 0) continue;
    wall.push(took);
    cpu.push((user + system) / 1_000);
  }
  return {
    ...{ name: ask.name, runs: wall.length, problems: [...found] },
    ...{ median: quantile(wall, 0.5), p99: quantile(wall, 0.99) },
    ...{ cpuMedian: quantile(cpu, 0.5), cpuP99: quantile(cpu, 0.99) },
  };
}

const number = (value: number) => value.toLocaleString('en-US');

/** Every answer at both sizes. */
export function table(small: Measured, large: Measured): Table {
  const ms = (value: number) => value.toFixed(1);
  const both = (m: number, p: number) => `${ms(m)} / ${ms(p)}`;
  const rows = large.timings.map((one, i) => {
    const less = small.timings[i] as Timing;
    const ratio = less.median > 0 ? one.median / less.median : 0;
    return [
      ...[one.name, both(less.median, less.p99), both(one.median, one.p99)],
      ...[both(one.cpuMedian, one.cpuP99), ratio.toFixed(1), remark(one)],
    ];
  });
  const at = (measured: Measured) => `${number(measured.files)}: median / p99 ms`;
  const columns = ['answer', at(small), at(large), 'CPU ms there', 'ratio', ''];
  return { title: 'What every answer takes', columns, rows };
}

/** Above the promise by the clock; where the processor worked for less, the machine's other work or its disk had it wait. */
function remark({ median, p99, cpuMedian, cpuP99, problems }: Timing): string {
  const above = (what: string, wall: number, cpu: number) =>
    wall <= PROMISED_MS ? '' : `${what} above ${PROMISED_MS} ms${cpu > PROMISED_MS ? '' : ', CPU below'}`;
  const slow = above('**median**', median, cpuMedian) || above('p99', p99, cpuP99);
  return [slow, ...problems.map((code) => `failed: ${code}`)].filter((word) => word !== '').join('; ');
}
