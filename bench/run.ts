import { fork } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { shareFolder } from './catalog-file.ts';
import type { Report } from './part.ts';
import { PARTS } from './parts/index.ts';
import { print, publish, type Result } from './publish.ts';

/**
 * `npm run bench -- [part …] [--short]`: measures the parts that are named, or all but the longest, one after the
 * other, each in a process of its own. Prints their tables and puts them into `bench/results.json`, `bench/results.md` and the picture
 * in the README. Nothing here fails because it is slow.
 */
const names = PARTS.map(({ name }) => name);
const usage = `Usage: npm run bench -- [${names.join('|')} …] [--short]`;
const { wanted, short } = askedFor();
shareFolder();
const parts = PARTS.filter(({ name, onlyWhenNamed }) =>
  wanted.length === 0 ? !onlyWhenNamed : wanted.includes(name),
);
for (const part of parts) {
  console.error(`${part.name}: ${part.question}`);
  const began = performance.now();
  const before = load();
  const report = await measured(part.name);
  const result: Result = {
    ...{
      title: part.title,
      question: part.question,
      at: new Date().toISOString(),
      machine: machine(),
      short,
    },
    ...{ seconds: (performance.now() - began) / 1_000, load: [before, load()], ...report },
  };
  print(result);
  // A short run is only a trial: its result is not kept.
  if (!short) publish(part.name, result, names);
}

function askedFor(): { wanted: string[]; short: boolean } {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { short: { type: 'boolean', default: false } },
    });
    const unknown = positionals.filter((name) => !names.includes(name));
    if (unknown.length > 0) throw new Error(`There is no part "${unknown.join('", "')}".`);
    return { wanted: positionals, short: values.short };
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`);
    process.exit(2);
  }
}

/** Runs one part in a process of its own, so that no part finds another's heap. */
function measured(name: string): Promise<Report> {
  const child = fork(join(import.meta.dirname, 'run-part.ts'), [name, ...(short ? ['--short'] : [])], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  return new Promise((resolve) => {
    let report: Report | undefined;
    child.on('message', (message) => {
      report = message as Report;
    });
    child.on('exit', (code, signal) => {
      if (report !== undefined) return resolve(report);
      console.error(`The part "${name}" ended without a result (${signal ?? `exit code ${code}`}).`);
      process.exit(1);
    });
  });
}

function load(): number {
  return loadavg()[0] ?? 0;
}

/** What it ran on, in one line: timings mean nothing without. */
function machine(): string {
  const [first] = cpus();
  const gib = (totalmem() / 2 ** 30).toFixed(0);
  return `${cpus().length} × ${first?.model.trim() ?? 'unknown processor'}, ${gib} GiB, Node ${process.version}`;
}
