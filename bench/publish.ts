import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report, Table } from './part.ts';
import { picture } from './picture.ts';

/** A part's report, and where and when it was measured. */
export interface Result extends Report {
  title: string;
  question: string;
  /** ISO 8601. */
  at: string;
  machine: string;
  short: boolean;
  seconds: number;
  /** The machine's load (1 minute) before and after. */
  load: [number, number];
}

const JSON_FILE = join(import.meta.dirname, 'results.json');
const TABLES_FILE = join(import.meta.dirname, 'results.md');
const PICTURE_FILE = join(import.meta.dirname, '../docs/images/bench.svg');

/** Shows a result in the terminal. */
export function print(result: Result): void {
  console.log(section(result));
}

/** Replaces the part's last result in all three files; parts that are not in `order` are dropped. */
export function publish(name: string, result: Result, order: readonly string[]): void {
  const known: Record<string, Result> = existsSync(JSON_FILE)
    ? JSON.parse(readFileSync(JSON_FILE, 'utf8')).parts
    : {};
  const all = { ...known, [name]: result };
  const parts = Object.fromEntries(
    order.flatMap((one) => (all[one] === undefined ? [] : [[one, all[one]] as const])),
  );
  writeFileSync(JSON_FILE, `${JSON.stringify({ parts }, null, 2)}\n`);
  writeFileSync(TABLES_FILE, page(Object.values(parts)));
  writeFileSync(PICTURE_FILE, picture(Object.values(parts)));
}

function page(results: readonly Result[]): string {
  const head = `# What was measured\n\n\`npm run bench\` writes this page; [performance.md](../docs/performance.md) says what it means.\n`;
  return [head, ...results.map(section)].join('\n');
}

function section({ title, question, at, machine, seconds, load, tables, notes }: Result): string {
  const where = `${at.slice(0, 10)}, ${machine}; load ${load[0].toFixed(1)} before and ${load[1].toFixed(1)} after; ${seconds.toFixed(0)} s.`;
  const blocks = [`## ${title}`, question, where, ...tables.map(markdown)];
  if (notes.length > 0) blocks.push(notes.map((note) => `- ${note}`).join('\n'));
  return `${blocks.join('\n\n')}\n`;
}

/** A table in Markdown: the first column to the left, the others to the right. */
export function markdown({ title, columns, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = line(columns.map((_, i) => (i === 0 ? '---' : '--:')));
  return [`**${title}**`, '', line(columns), rule, ...rows.map(line)].join('\n');
}
