/** A real PgBouncer in front of a test's PostgreSQL: on loopback, its files in a temporary folder. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, noPostgres, type PostgresServer } from './postgres.ts';

/** Where Debian's package puts the program. */
const PROGRAM = '/usr/sbin/pgbouncer';

export interface PgBouncer {
  /** The address through the pooler, for one that leads straight to the server. */
  through(databaseUrl: string): string;
  close(): Promise<void>;
}

/** Why no PgBouncer can be started here; undefined if one can. */
export function noPgBouncer(): string | undefined {
  return existsSync(PROGRAM) ? noPostgres() : 'PgBouncer is not installed (Debian: pgbouncer)';
}

/** Starts a pooler. Few connections are shared by many clients, so that none keeps one by chance. */
export async function startPgBouncer(
  server: PostgresServer,
  {
    mode = 'transaction',
    connections = 3,
  }: { mode?: 'transaction' | 'session' | 'statement'; connections?: number } = {},
): Promise<PgBouncer> {
  const folder = mkdtempSync(join(tmpdir(), 'ria-vault-pgbouncer-'));
  const port = await freePort();
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const users = file('users.txt', '"postgres" ""\n');
  const settings = file(
    'pgbouncer.ini',
    `[databases]
* = host=127.0.0.1 port=${server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${users}
pool_mode = ${mode}
default_pool_size = ${connections}
max_client_conn = 300
`,
  );
  chmodSync(folder, 0o755);
  const asUser = process.getuid?.() === 0 ? ['-u', 'postgres'] : [];
  const child = spawn(PROGRAM, ['-q', ...asUser, settings], { stdio: 'ignore' });
  const end = () => void child.kill('SIGKILL');
  process.once('exit', end);
  await listening(port, child);
  return {
    through(databaseUrl) {
      const url = new URL(databaseUrl);
      url.port = String(port);
      return url.href;
    },
    async close() {
      process.off('exit', end);
      if (child.exitCode === null) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function listening(port: number, child: ChildProcess): Promise<void> {
  for (let waited = 0; waited < 10_000; waited += 50) {
    if (child.exitCode !== null) throw new Error(`PgBouncer ended with ${child.exitCode}`);
    const socket = connect(port, '127.0.0.1');
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
    await sleep(50);
  }
  throw new Error('PgBouncer does not listen');
}
