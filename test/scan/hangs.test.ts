/** A clamd that says its version and then answers to no file: it counts as away, soon, and is tried again. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { Readable } from 'node:stream';
import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { createScanner } from '../../src/scan/scanner.ts';

const log = pino({ level: 'silent' });

/** Answers to VERSION at once; to files what `answer` gives after so many ms, or never. */
async function halfClamd(answer: () => { afterMs: number } | null) {
  const streams: number[] = [];
  const server = createServer((socket) => {
    let said = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (piece: Buffer) => {
      said = Buffer.concat([said, piece]);
      if (said.toString('latin1').startsWith('zVERSION'))
        return void socket.end('ClamAV 1.4.6/1/Thu Nov 26 08:26:31 2026\0');
      if (!said.subarray(-4).equals(Buffer.alloc(4))) return;
      streams.push(said.length);
      const given = answer();
      if (given !== null) setTimeout(() => socket.end('stream: OK\0'), given.afterMs);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  return { address: { kind: 'tcp', host: '127.0.0.1', port } as const, streams };
}

const body = async () => Readable.from([Buffer.from('a file')]);

it('is away after the first look, and after it began to hang; and is there when it works again', async () => {
  let mode: { afterMs: number } | null = null;
  let clock = 1_000_000;
  const { address } = await halfClamd(() => mode);
  const patience = { questionMs: 300, idleMs: 60 };
  const scanner = createScanner({ address, log, now: () => clock, patience });
  expect(await scanner.isThere()).toBe(false);
  expect(scanner.facts()).toMatchObject({ awaySince: clock, problem: 'scanner_slow' });
  mode = { afterMs: 0 };
  clock = scanner.nextLookAt();
  expect(await scanner.isThere()).toBe(true);
  expect(scanner.facts().awaySince).toBe(null);
  expect((await scanner.scan(6, body)).verdict).toEqual({ kind: 'clean' });
  // Now it hangs, and still says its version.
  mode = null;
  await expect(scanner.scan(6, body)).rejects.toMatchObject({ code: 'scanner_slow', midway: true });
  clock += 1_000;
  expect(await scanner.isThere()).toBe(false);
  expect(scanner.facts().awaySince).toBe(clock);
});

it('waits twice as long each time for a file on which it broke: MaxScanTime may be set to more', async () => {
  const peer = await halfClamd(() => ({ afterMs: peer.streams.length <= 2 ? 0 : 400 }));
  const scanner = createScanner({ address: peer.address, log, now: () => 1, patience: { idleMs: 100 } });
  // The two harmless files are answered at once.
  expect(await scanner.isThere()).toBe(true);
  expect((await scanner.scan(6, body, undefined, 3)).verdict).toEqual({ kind: 'clean' });
  await expect(scanner.scan(6, body, undefined, 1)).rejects.toMatchObject({ code: 'scanner_slow' });
});
