/** A real clamd with signatures of the test's own: on a socket, its files in a temporary folder. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { askClamd } from '../../src/scan/clamd.ts';
import type { ScanAddress } from '../../src/scan-address.ts';

/** Where Debian's package puts the program. */
const PROGRAM = '/usr/sbin/clamd';

/** What the first signature finds: harmless words. */
export const BAD_WORDS = 'harmless words that this test calls malware 4711';
export const SIGNATURE = 'Vault.Test.Words.UNOFFICIAL';

export interface Clamd {
  address: ScanAddress;
  /** The value of VAULT_SCAN. */
  url: string;
  /** Adds a signature for these words, and waits until clamd knows it. */
  learn(name: string, words: string): Promise<void>;
  /** Ends it at once, as a kill -9 does. */
  kill(): Promise<void>;
  /** Starts it again, and waits until it answers. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Why no clamd can be started here; undefined if one can. */
export function noClamd(): string | undefined {
  return existsSync(PROGRAM) ? undefined : 'clamd is not installed (Debian: clamav-daemon)';
}

/** The lines that docs/scan.md asks for; a test may set others. */
const ASKED_FOR = ['AlertExceedsMax yes', 'AlertEncrypted yes'];

export async function startClamd(settings: readonly string[] = ASKED_FOR): Promise<Clamd> {
  const folder = mkdtempSync(join(tmpdir(), 'ria-vault-clamd-'));
  const path = join(folder, 'clamd.sock');
  const address = { kind: 'socket', path } as const;
  for (const name of ['signatures', 'temporary']) mkdirSync(join(folder, name));
  const signatures = join(folder, 'signatures', 'own.ndb');
  // Name, any type of file, anywhere in it, the bytes. Source: docs.clamav.net/manual/Signatures/ExtendedSignatures.html.
  const line = (name: string, words: string) => `${name}:0:*:${Buffer.from(words).toString('hex')}\n`;
  writeFileSync(signatures, line('Vault.Test.Words', BAD_WORDS));
  const conf = join(folder, 'clamd.conf');
  writeFileSync(
    conf,
    [
      ...['Foreground yes', `LocalSocket ${path}`, `DatabaseDirectory ${join(folder, 'signatures')}`],
      ...[`TemporaryDirectory ${join(folder, 'temporary')}`, 'User root', ...settings],
    ].join('\n'),
  );
  let child: ChildProcess | undefined;
  const end = () => void child?.kill('SIGKILL');
  process.once('exit', end);
  const answers = () =>
    askClamd(address, 'PING')
      .then(() => true)
      .catch(() => false);
  const start = async () => {
    // A clamd that was killed leaves its socket behind.
    rmSync(path, { force: true });
    child = spawn(PROGRAM, ['-c', conf], { stdio: 'ignore' });
    for (let tries = 0; tries < 600 && !(await answers()); tries++) await sleep(50);
  };
  const kill = async () => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  await start();
  if (!(await answers())) throw new Error('clamd did not start');
  return {
    address,
    url: `clamd://${path}`,
    start,
    kill,
    async learn(name, words) {
      appendFileSync(signatures, line(name, words));
      await say(path, 'zRELOAD\0');
      for (let tries = 0; tries < 600; tries++) {
        const length = Buffer.alloc(4);
        length.writeUInt32BE(Buffer.byteLength(words));
        const said = await say(
          path,
          Buffer.concat([Buffer.from('zINSTREAM\0'), length, Buffer.from(words), Buffer.alloc(4)]),
        );
        if (said.includes('FOUND')) return;
        await sleep(50);
      }
      throw new Error('clamd did not learn the signature');
    },
    async close() {
      await kill();
      process.off('exit', end);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function say(path: string, words: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const line = connect(path, () => line.write(words));
    line.on('data', (piece) => {
      said += String(piece);
    });
    line.on('error', reject);
    line.on('close', () => resolve(said));
  });
}

/**
 * Stands before a clamd and answers VERSION in its place, with a number of official signatures: those are signed, so no
 * test can make them. The form is that of clamd/session.c. All else goes to clamd and back as it is.
 */
export async function officialClamd(
  clamd: Clamd,
): Promise<{ url: string; release(n: number): void; close(): void }> {
  const { path } = clamd.address as Extract<ScanAddress, { kind: 'socket' }>;
  let number = 28_001;
  const madeAt = new Date().toUTCString().replace(/^(\w+), (\d+) (\w+) (\d+) (\S+) GMT$/, '$1 $3 $2 $5 $4');
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (first) => {
      socket.pause();
      if (String(first) === 'zVERSION\0') {
        socket.end(`ClamAV 1.4.6/${number}/${madeAt}\0`);
        return;
      }
      const line = connect(path);
      // Before what comes next, whether the line stands already or not.
      line.write(first);
      line.on('error', () => socket.destroy());
      line.pipe(socket);
      socket.pipe(line);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return {
    url: `clamd://127.0.0.1:${port}`,
    release(n) {
      number = n;
    },
    close: () => void server.close(),
  };
}
