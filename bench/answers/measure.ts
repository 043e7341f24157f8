import type { Catalog } from '../../src/catalog/db/open.ts';
import { quantile } from '../part.ts';
import { fileAt, stepOf } from '../sample.ts';
import { type Ask, asksOf } from './asks.ts';
import { makeWorld, type World } from './world.ts';

/** What an answer may take. */
export const PROMISED_MS = 50;
/** Slow answers are measured fewer times, but at least this often. */
const BUDGET_MS = 1_000;
const MOST_RUNS = 100;
const LEAST_RUNS = 7;
const WARM_UP_RUNS = 3;

/** What one answer took, in ms, over `runs` runs. */
export interface Timing {
  name: string;
  runs: number;
  median: number;
  p99: number;
  /** Processor time of the bot. A busy machine changes it less than clock time. */
  cpuMedian: number;
  cpuP99: number;
  /** Refusals and failures; there should be none. */
  problems: string[];
}

/** Times every answer over a catalog of so many files. This changes it: files go to the trash and come back. */
export async function measureAnswers(
  catalog: Catalog,
  files: number,
  o: { runs?: number; say?: (line: string) => void } = {},
): Promise<Timing[]> {
  const stepMs = stepOf(files);
  const world = await makeWorld(catalog, fileAt(files, stepMs).at);
  try {
    return await timeAll(world, asksOf(world, files, stepMs), o);
  } finally {
    world.close();
  }
}

/** Times these, one after the other. */
export async function timeAll(
  world: World,
  asks: readonly Ask[],
  { runs = MOST_RUNS, say = () => {} }: { runs?: number; say?: (line: string) => void } = {},
): Promise<Timing[]> {
  const timings: Timing[] = [];
  for (const ask of asks) {
    const timing = await time(ask, runs, () => world.problems());
    timings.push(timing);
    if (timing.median > PROMISED_MS) say(`  ${ask.name}: ${timing.median.toFixed(0)} ms`);
  }
  return timings;
}

async function time(ask: Ask, most: number, problems: () => string[]): Promise<Timing> {
  const found = new Set<string>();
  const wall: number[] = [];
  const cpu: number[] = [];
  const prepared = await ask.prepare?.();
  const started = performance.now();
  const isOver = () => wall.length >= LEAST_RUNS && performance.now() - started > BUDGET_MS;
  for (let run = -Math.min(WARM_UP_RUNS, most); run < most && !isOver(); run++) {
    const given = ask.before ? await ask.before() : prepared;
    problems();
    const cpuBefore = process.cpuUsage();
    const before = performance.now();
    await ask.run(given);
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
