import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Limits } from './limits.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const SHELL = '/bin/sh';

/** What Node reserves for itself before it does anything: threads, code, its snapshot. Measured: 570 MiB on Linux. */
const OWN_MB = 600;
/** Beside its heap, a parser has buffers. */
const HEAP_SHARE = 0.6;

/**
 * The operating system's part: no core file, no file longer than nothing, so much processor time, so much memory that can be
 * written to (Linux 4.7 and later count all of it as data, setrlimit(2)). If the machine itself runs out of memory, this process
 * goes first. What a system does not know is left out.
 */
const LIMITED = `
echo 1000 2>/dev/null >/proc/self/oom_score_adj
ulimit -c 0; ulimit -f 0
ulimit -S -t "$1"; ulimit -H -t "$(($1 + 2))"
ulimit -d "$2"
shift 2
exec "$@"`;

/** Whether the operating system can do its part here. */
export const canLimit = (): boolean => existsSync(SHELL);

export interface Command {
  file: string;
  args: string[];
  env: Record<string, string>;
}

/**
 * How to start a module of this room so that it can do nothing but reckon: it reads the code and no other file, writes none, starts
 * no process and no thread, loads no machine code, makes no code out of text, opens no connection (Node 25 and later), and
 * knows none of our secrets. `--permission` is Node's own part of it (nodejs.org/api/permissions.html); it lets files through
 * that are open already, which is how the document comes in.
 */
export function jailed(module: string, args: readonly string[], limits: Limits): Command {
  const node = [
    '--permission',
    ...['src/', 'node_modules/', 'package.json'].map((path) => `--allow-fs-read=${resolve(ROOT, path)}`),
    `--allow-fs-read=${module}`,
    '--disallow-code-generation-from-strings',
    '--no-warnings',
    `--max-old-space-size=${Math.floor(limits.memoryMb * HEAP_SHARE)}`,
    '--v8-pool-size=1',
    module,
    ...args,
  ];
  // One thread beside the main one, one arena: so the memory that Node takes for itself is the same everywhere.
  const env = { UV_THREADPOOL_SIZE: '1', MALLOC_ARENA_MAX: '1', TZ: 'UTC' };
  if (!canLimit()) return { file: process.execPath, args: node, env };
  const kib = (OWN_MB + limits.memoryMb) * 1_024;
  const seconds = String(limits.processorSeconds);
  return { file: SHELL, args: ['-c', LIMITED, 'sh', seconds, String(kib), process.execPath, ...node], env };
}
