import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { markdown } from '../publish.ts';
import type { Counts } from './scenes.ts';
import { billTable, commandsTable, countedTable, slackTable } from './tables.ts';

const COUNTED = join(import.meta.dirname, 'counted.json');
const PAGE = join(import.meta.dirname, '../../docs/cost.md');
const [BEGIN, END] = ['<!-- The benchmark writes from here … -->', '<!-- … to here. -->'];

/** What the last whole run counted. */
export function keptCounts(): Counts {
  return JSON.parse(readFileSync(COUNTED, 'utf8')) as Counts;
}

/** Keeps what was counted, and renews the tables of `docs/cost.md`. */
export function keepCounts(counts: Counts): void {
  writeFileSync(COUNTED, `${JSON.stringify(counts, null, 2)}\n`);
  writeFileSync(PAGE, withTables(readFileSync(PAGE, 'utf8'), costTables(counts)));
}

/** The page with other tables. Throws when it has no place for them. */
export function withTables(page: string, tables: string): string {
  const [begin, end] = placeIn(page);
  return page.slice(0, begin) + tables + page.slice(end);
}

/** The part of the page that is written by the benchmark. Throws when the page has none. */
export function tablesIn(page: string): string {
  return page.slice(...placeIn(page));
}

function placeIn(page: string): [number, number] {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error('docs/cost.md has no place for the tables');
  return [begin + BEGIN.length, end];
}

/** The tables of the page. */
export function costTables(counts: Counts): string {
  const tables = [billTable, slackTable, countedTable, commandsTable].map((table) => markdown(table(counts)));
  return `\n\n${tables.join('\n\n')}\n\n`;
}
