/** A new PostgreSQL server for a test: on loopback, in a temporary folder, removed afterwards. */
import { execFile } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);

/** Where Debian's packages put the programs; elsewhere they are on the path or not there. */
const DEBIAN = '/usr/lib/postgresql';
/** Debian's name for the user that the server runs as: it refuses to run as root. */
const USER = 'postgres';

export interface PostgresServer {
  /** An address of a fresh, empty database. */
  createDatabase(): Promise<string>;
  /** Runs one statement as the superuser, in the server's own database or another one. */
  query(text: string, database?: string): Promise<pg.QueryResult>;
  /** The TCP port, and the folder of the Unix socket. */
  port: number;
  socket: string;
  /** Ends the server, politely (`fast`) or as a crash does (`immediate`). */
  stop(mode: 'fast' | 'immediate'): Promise<void>;
  start(): Promise<void>;
  /** The server takes connections and queries, and answers none, until it is thawed. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Stops the server and removes everything. */
  close(): Promise<void>;
}

/** Why no PostgreSQL can be started here; undefined if one can. */
export function noPostgres(): string | undefined {
  if (binFolder() === undefined) return 'PostgreSQL is not installed (Debian: postgresql)';
  if (process.getuid?.() === 0 && !existsSync('/usr/sbin/runuser') && !existsSync('/sbin/runuser'))
    return 'runuser is missing: PostgreSQL does not run as root';
  return undefined;
}

export interface PostgresOptions {
  /** Protects data from power cuts. Without it the server is quicker. */
  durable?: boolean;
  /** PEM texts: the server has TLS, and takes nothing else over TCP. */
  tls?: { key: string; certificate: string };
}

/** Starts a server. */
export async function startPostgres({ durable = false, tls }: PostgresOptions = {}): Promise<PostgresServer> {
  const bin = binFolder() as string;
  const folder = mkdtempSync(join(tmpdir(), 'ria-vault-postgres-'));
  const asUser = await asPostgres(folder);
  const data = join(folder, 'data');
  let port = await freePort();
  let databases = 0;
  await asUser(join(bin, 'initdb'), ['-D', data, '-U', USER, '--auth=trust', '--encoding=UTF8', '--no-sync']);
  if (tls) {
    const put = (name: string, text: string, mode: string) =>
      asUser('sh', ['-c', 'printf %s "$1" > "$0" && chmod "$2" "$0"', join(data, name), text, mode]);
    await put('server.key', tls.key, '600');
    await put('server.crt', tls.certificate, '644');
    await put('pg_hba.conf', 'local all all trust\nhostssl all all 127.0.0.1/32 trust\n', '600');
  }
  const settings = () =>
    [
      `-p ${port}`,
      '-c listen_addresses=127.0.0.1',
      `-c unix_socket_directories=${folder}`,
      ...(durable ? [] : ['-c fsync=off -c full_page_writes=off']),
      '-c max_connections=200',
      ...(tls ? ['-c ssl=on'] : []),
    ].join(' ');
  const control = (...words: string[]) =>
    asUser(join(bin, 'pg_ctl'), ['-D', data, '-w', '-t', '60', '-s', ...words]);
  const start = () => control('start', '-l', join(folder, 'log'), '-o', settings());
  const url = (database: string) => `postgres://${USER}@127.0.0.1:${port}/${database}`;
  const query = async (text: string, database = USER) => {
    const client = new pg.Client({ host: folder, port, user: USER, database });
    client.on('error', () => {});
    await client.connect();
    return client.query(text).finally(() => client.end());
  };
  let frozen: number[] = [];
  const thaw = async () => {
    for (const pid of frozen.splice(0)) send(pid, 'SIGCONT');
  };
  // Another process may have taken the port meanwhile.
  for (let tries = 1; ; tries++) {
    try {
      await start();
      break;
    } catch (error) {
      if (tries === 3) throw error;
      port = await freePort();
    }
  }
  return {
    start,
    thaw,
    port,
    socket: folder,
    async freeze() {
      const main = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n', 1)[0]);
      const { stdout } = await run('ps', ['-o', 'pid=', '--ppid', String(main)]);
      frozen = [main, ...stdout.split(/\s+/).filter(Boolean).map(Number)];
      for (const pid of frozen) send(pid, 'SIGSTOP');
    },
    query,
    async createDatabase() {
      const name = `vault_${++databases}`;
      await query(`create database ${name}`);
      return url(name);
    },
    stop: (mode) => control('stop', '-m', mode),
    async close() {
      await thaw();
      await control('stop', '-m', 'immediate').catch(() => {});
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A process of the server may have ended by itself. */
function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function binFolder(): string | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(DEBIAN, version, 'bin')),
    ...(process.env.PATH ?? '').split(':'),
  ];
  return folders.find((folder) => existsSync(join(folder, 'pg_ctl')) && existsSync(join(folder, 'initdb')));
}

/** Runs programs as the server's user: directly, or through `runuser` where the tests run as root. */
async function asPostgres(folder: string): Promise<(file: string, words: string[]) => Promise<void>> {
  if (process.getuid?.() !== 0) {
    return async (file, words) => {
      await run(file, words);
    };
  }
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, USER])).stdout)),
  );
  chownSync(folder, uid as number, gid as number);
  mkdirSync(join(folder, 'data'), { mode: 0o700 });
  chownSync(join(folder, 'data'), uid as number, gid as number);
  return async (file, words) => {
    // The server outlives pg_ctl, so it must not hold our pipes open.
    await run('runuser', ['-u', USER, '--', 'sh', '-c', '"$0" "$@" >/dev/null 2>&1', file, ...words], {
      cwd: folder,
    });
  };
}

/** A port that nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
