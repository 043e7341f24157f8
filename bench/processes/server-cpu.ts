import { readdirSync, readFileSync } from 'node:fs';
import { sql } from 'kysely';
import type { Catalog } from '../../src/catalog/db/open.ts';

/** Linux counts processor time in hundredths of a second for all programs to see, whatever the kernel ticks at. */
const TICKS_A_SECOND = 100;

/**
 * Seconds of processor time that a catalog's PostgreSQL server, on this machine, has used with all its processes,
 * also those that have ended. Null if there is no `/proc`.
 */
export async function serverCpuSeconds({ db }: Catalog): Promise<number | null> {
  const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db);
  // The process that serves this connection is a child of the server's first process.
  const first = statOf(rows[0]?.pid ?? 0)?.parent;
  if (first === undefined) return null;
  const stats = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (statOf(name) ?? []) : []));
  const ticks = stats
    .filter(({ pid, parent }) => pid === first || parent === first)
    .reduce((sum, { pid, own, ended }) => sum + own + (pid === first ? ended : 0), 0);
  return ticks / TICKS_A_SECOND;
}

/** What `/proc/<pid>/stat` says; undefined when there is no such process. Source: man 5 proc_pid_stat. */
function statOf(pid: string | number) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets, which may hold anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const at = (number: number) => Number(fields[number - 3]);
    return { pid: Number(pid), parent: at(4), own: at(14) + at(15), ended: at(16) + at(17) };
  } catch {
    return undefined;
  }
}
