/** Tries to leave the reading process. Writes what it could do, one word a line. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync, writeSync } from 'node:fs';
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';

const tries: Record<string, () => unknown> = {
  'read a file': () => readFileSync('/etc/hostname'),
  'read the settings': () => readFileSync(new URL('../../.env', import.meta.url)),
  'read its parent': () => readFileSync(`/proc/${process.ppid}/environ`),
  'write a file': () => writeFileSync(`/tmp/escaped-${process.pid}`, 'x'),
  'start a program': () => execFileSync('/bin/true'),
  'start a thread': () => new Worker('0', { eval: true }),
  // biome-ignore lint/security/noGlobalEval: it must not work.
  'make code of text': () => eval('1'),
  'load machine code': () => process.dlopen({ exports: {} }, '/lib/x86_64-linux-gnu/libc.so.6'),
};

const done: string[] = [];
for (const [what, act] of Object.entries(tries)) {
  try {
    act();
    done.push(what);
  } catch (error) {
    const { code, name } = error as Error & { code?: string };
    if (code !== 'ERR_ACCESS_DENIED' && code !== 'ERR_DLOPEN_DISABLED' && name !== 'EvalError')
      done.push(`${what}: ${code ?? name}`);
  }
}
const secrets = Object.keys(process.env).filter(
  (name) => !['UV_THREADPOOL_SIZE', 'MALLOC_ARENA_MAX', 'TZ', 'PWD', 'SHLVL', '_', 'OLDPWD'].includes(name),
);
if (secrets.length > 0) done.push(`read settings: ${secrets}`);

try {
  const socket = connect(9, '127.0.0.1', () => end('open a connection'));
  socket.on('error', (error: Error & { code?: string }) =>
    end(...(error.code === 'ERR_ACCESS_DENIED' ? [] : [`open a connection: ${error.code}`])),
  );
} catch {
  end();
}

function end(...more: string[]): void {
  writeSync(1, JSON.stringify([...done, ...more]));
  process.exit(0);
}
