/** What answers instead of a healthy clamd: small servers, each with a habit of a real one. */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { askClamd, clamdVersion, scanStream, takesBytes } from '../../src/scan/clamd.ts';
import type { ScanAddress } from '../../src/scan-address.ts';

const QUICK = { connectMs: 500, questionMs: 300, idleMs: 300 };
const open: Server[] = [];

async function peer(habit: (socket: Socket) => void): Promise<ScanAddress> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    habit(socket);
  });
  open.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { kind: 'tcp', host: '127.0.0.1', port: (server.address() as { port: number }).port };
}

afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

const MiB = 2 ** 20;
/** A body of so many MiB that counts what was read of it. */
function body(mib: number) {
  const read = { pieces: 0 };
  const pieces = async function* () {
    for (; read.pieces < mib; read.pieces++) yield Buffer.alloc(MiB, 65);
  };
  return { read, stream: Readable.from(pieces(), { highWaterMark: 1 }) };
}

const scan = (address: ScanAddress, mib = 1) => scanStream(address, body(mib).stream, QUICK);

describe('a scan', () => {
  it('sends the command, chunks with their length, and the end (clamd(8))', async () => {
    let got = Buffer.alloc(0);
    const address = await peer((socket) =>
      socket.on('data', (piece: Buffer) => {
        got = Buffer.concat([got, piece]);
        if (got.subarray(-4).equals(Buffer.alloc(4))) socket.end('stream: OK\0');
      }),
    );
    const { verdict, sent } = await scanStream(
      address,
      Readable.from([Buffer.from('abc'), Buffer.from('d')]),
      QUICK,
    );
    expect(verdict).toEqual({ kind: 'clean' });
    expect(sent).toBe(4);
    expect(got.toString('latin1')).toBe('zINSTREAM\0\0\0\0\x03abc\0\0\0\x01d\0\0\0\0');
  });

  it('reads an answer that comes in pieces, late, and before the end', async () => {
    const address = await peer((socket) =>
      socket.once('data', () => {
        socket.write('stream: Evil');
        setTimeout(() => socket.end('.Worm FOUND\0'), 50);
      }),
    );
    const { read, stream } = body(200);
    const { verdict } = await scanStream(address, stream, QUICK);
    expect(verdict).toEqual({ kind: 'infected', signature: 'Evil.Worm' });
    expect(read.pieces).toBeLessThan(100);
  });

  it('does not hold what the scanner has not taken yet', async () => {
    const address = await peer((socket) => socket.pause());
    const { read, stream } = body(500);
    await expect(scanStream(address, stream, QUICK)).rejects.toMatchObject({
      code: 'scanner_slow',
      midway: true,
    });
    // What fits into the sockets' own buffers.
    expect(read.pieces).toBeLessThan(60);
    expect(stream.destroyed).toBe(true);
  });

  it.each<[string, (socket: Socket) => void, object]>([
    // A clamd that was killed, or a proxy in front of one that is away.
    ['hangs up at once', (socket) => socket.destroy(), { code: 'scanner_away' }],
    [
      'resets the connection in the middle',
      (socket) => void socket.once('data', () => socket.resetAndDestroy()),
      { code: 'scanner_away', midway: true },
    ],
    [
      'ends without a word',
      (socket) => void socket.once('data', () => socket.end()),
      { code: 'scanner_away', midway: true },
    ],
    // clamd while it loads its signatures with ConcurrentDatabaseReload no, or without a free thread (MaxThreads).
    ['says nothing', (socket) => void socket.resume(), { code: 'scanner_slow', midway: true }],
    // A wrong port: clamd answers only when it is asked, others greet.
    [
      'greets as a mail server',
      (socket) => void socket.end('220 mail.example.com ESMTP Postfix\r\n'),
      { code: 'scanner_strange' },
    ],
    [
      'speaks HTTP',
      (socket) => void socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
      { code: 'scanner_strange' },
    ],
    [
      'answers half a line and hangs up',
      (socket) => void socket.once('data', () => socket.end('stream: O')),
      { code: 'scanner_away' },
    ],
    [
      'talks without end',
      (socket) =>
        void socket.once('data', () => {
          const more = (error?: Error | null) => error || socket.write('x'.repeat(MiB), more);
          more();
        }),
      { code: 'scanner_strange' },
    ],
    // conn_reply_error in clamd/session.c, when TemporaryDirectory is full.
    [
      'has a full disk',
      (socket) => void socket.once('data', () => socket.end('Error writing to temporary file. ERROR\0')),
      { code: 'scanner_failed' },
    ],
  ])('by what %s fails, and says nothing of the file', async (_, habit, error) => {
    await expect(scan(await peer(habit), 3)).rejects.toMatchObject(error);
  });

  it('is never clean by what somebody else says', async () => {
    const address = await peer((socket) => void socket.once('data', () => socket.end('stream: OK')));
    await expect(scan(address)).rejects.toMatchObject({ code: 'scanner_away' });
  });

  it('ends with what broke the body, and hangs up on the scanner', async () => {
    let ended = false;
    const address = await peer(
      (socket) =>
        void socket.resume().on('close', () => {
          ended = true;
        }),
    );
    const broken = Readable.from(
      (async function* () {
        yield Buffer.alloc(10);
        throw new Error('the bucket broke off');
      })(),
    );
    await expect(scanStream(address, broken, QUICK)).rejects.toThrow('the bucket broke off');
    await expect.poll(() => ended).toBe(true);
  });

  it('can be stopped', async () => {
    const address = await peer((socket) => void socket.resume());
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    const waiting = scanStream(address, body(1).stream, { ...QUICK, idleMs: 60_000, signal: stop.signal });
    await expect(waiting).rejects.toMatchObject({ code: 'scanner_away' });
  });
});

describe('questions', () => {
  it('are answered in time or not at all', async () => {
    await expect(askClamd(await peer((socket) => void socket.resume()), 'PING', QUICK)).rejects.toMatchObject(
      { code: 'scanner_slow' },
    );
    await expect(clamdVersion({ kind: 'socket', path: '/nowhere/clamd.ctl' }, QUICK)).rejects.toMatchObject({
      code: 'scanner_away',
    });
    await expect(
      clamdVersion(await peer((socket) => void socket.once('data', () => socket.end('PONG\0'))), QUICK),
    ).rejects.toMatchObject({ code: 'scanner_strange' });
  });

  it('a length alone tells whether so many bytes are taken', async () => {
    const small = await peer(
      (socket) => void socket.once('data', () => socket.end('INSTREAM size limit exceeded. ERROR\0')),
    );
    expect(await takesBytes(small, 100, QUICK)).toBe(false);
    const large = await peer((socket) => void socket.resume());
    expect(await takesBytes(large, 100, { ...QUICK, refusesMs: 30 })).toBe(true);
  });
});
