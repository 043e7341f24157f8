import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { addressInWords, type ScanAddress } from '../scan-address.ts';
import { ScannerError, type ScannerVersion, type Verdict, verdictOf, versionOf } from './answers.ts';

/** clamd accepts at once, or not at all. */
const CONNECT_MS = 5_000;
/** For small questions. While clamd reloads its signatures, it may answer late. */
const QUESTION_MS = 10_000;
/**
 * No byte taken and no answer for so long: more than clamd's MaxScanTime, which is two minutes unless it was set
 * (clamd.conf(5)). It cannot be asked for, so whoever tries a file again waits longer.
 */
export const IDLE_MS = 180_000;
/** Nobody needs more words than these. */
const LONGEST_ANSWER = 64 * 1024;
/** Bytes in one chunk. clamd reads 64 KiB at once. */
const CHUNK = 64 * 1024;
/** After a broken connection, an answer that was sent before it broke is still waited for. */
const LAST_WORDS_MS = 2_000;

export interface Patience {
  connectMs?: number;
  questionMs?: number;
  idleMs?: number;
}

/** Asks one of clamd's simple questions, with a connection of its own. Throws {@link ScannerError}. */
export async function askClamd(
  address: ScanAddress,
  question: 'PING' | 'VERSION',
  patience: Patience = {},
): Promise<string> {
  const line = await connect(address, patience);
  const answer = listen(line, patience.questionMs ?? QUESTION_MS);
  line.write(`z${question}\0`);
  try {
    return await answer.whole;
  } finally {
    line.destroy();
  }
}

/** The scanner's version and that of its signatures. Throws {@link ScannerError}. */
export async function clamdVersion(address: ScanAddress, patience?: Patience): Promise<ScannerVersion> {
  return versionOf(await askClamd(address, 'VERSION', patience));
}

/**
 * Has clamd scan a stream (INSTREAM: each chunk with its length before it in four bytes, big-endian; a length of 0 ends
 * it; clamd(8)). Memory stays flat: the body is read only as fast as clamd takes it. Where clamd answers before the end, it
 * has seen enough, and the rest is not sent. Throws {@link ScannerError}, and what reading the body throws.
 */
export async function scanStream(
  address: ScanAddress,
  body: Readable,
  o: Patience & { signal?: AbortSignal } = {},
): Promise<{ verdict: Verdict; sent: number }> {
  const line = await connect(address, o).catch((error) => {
    body.destroy();
    throw error;
  });
  const answer = listen(line, o.idleMs ?? IDLE_MS, o.signal);
  const stop = () => line.destroy(new ScannerError('scanner_away', 'The scan was stopped.'));
  o.signal?.addEventListener('abort', stop, { once: true });
  let sent = 0;
  try {
    line.write('zINSTREAM\0');
    for await (const piece of body as AsyncIterable<Buffer>) {
      for (let at = 0; at < piece.length && !answer.over(); at += CHUNK) {
        const part = piece.subarray(at, at + CHUNK);
        await send(line, part, answer);
        sent += part.length;
      }
      if (answer.over()) break;
    }
    if (!answer.over()) line.write(Buffer.alloc(4));
    return { verdict: verdictOf(await answer.whole), sent };
  } finally {
    o.signal?.removeEventListener('abort', stop);
    body.destroy();
    line.destroy();
  }
}

/** An answer to a length alone comes at once, or not at all. */
const REFUSES_MS = 300;

/**
 * Whether clamd takes a stream of so many bytes. It compares the length before a chunk with StreamMaxLength at once
 * (parse_dispatch_cmd and handle_stream in clamd/server-th.c), so only the length is sent. Throws {@link ScannerError}
 * if nobody listens.
 */
export async function takesBytes(
  address: ScanAddress,
  bytes: number,
  { refusesMs = REFUSES_MS, ...patience }: Patience & { refusesMs?: number } = {},
): Promise<boolean> {
  const line = await connect(address, patience);
  const answer = listen(line, refusesMs);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes);
  line.write(Buffer.concat([Buffer.from('zINSTREAM\0'), length]));
  const said = await answer.whole.catch(() => '');
  line.destroy();
  return !said.startsWith('INSTREAM size limit exceeded');
}

/** Sends one chunk, and waits until clamd has room for more, has answered, or is gone. */
async function send(line: Socket, part: Buffer, answer: Answer): Promise<void> {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(part.length);
  answer.alive();
  line.write(length);
  if (line.write(part) || line.destroyed) return;
  const done = new AbortController();
  try {
    await Promise.race([once(line, 'drain', { signal: done.signal }).catch(() => undefined), answer.begun]);
  } finally {
    done.abort();
  }
}

async function connect(address: ScanAddress, { connectMs = CONNECT_MS }: Patience): Promise<Socket> {
  const line = createConnection(
    address.kind === 'socket' ? { path: address.path } : { host: address.host, port: address.port },
  );
  line.setNoDelay(true);
  const where = addressInWords(address);
  const timer = setTimeout(
    () => line.destroy(new ScannerError('scanner_slow', `Nobody answers at ${where}.`)),
    connectMs,
  );
  try {
    await once(line, 'connect');
    return line;
  } catch (cause) {
    line.destroy();
    if (cause instanceof ScannerError) throw cause;
    const { code = 'no connection' } = cause as { code?: string };
    throw new ScannerError('scanner_away', `No scanner listens at ${where} (${code}).`, { cause });
  } finally {
    clearTimeout(timer);
  }
}

interface Answer {
  /** All that was said, when the other side has ended. Rejects with {@link ScannerError}. */
  whole: Promise<string>;
  /** Resolves when something was said, or the connection is over. */
  begun: Promise<void>;
  over(): boolean;
  /** The work goes on: the patience begins anew. */
  alive(): void;
}

/**
 * Gathers what the other side says until it ends. When it closes early, because a limit was reached, our own writing
 * fails (EPIPE, ECONNRESET), often before its answer was read: the answer counts, and only without one the error does.
 */
function listen(line: Socket, idleMs: number, signal?: AbortSignal): Answer {
  const { promise: whole, resolve, reject } = Promise.withResolvers<string>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  whole.catch(() => undefined);
  let said = '';
  let isOver = false;
  let timer: NodeJS.Timeout;
  const finish = (error?: unknown) => {
    clearTimeout(timer);
    isOver = true;
    begin();
    const stopped = signal?.aborted === true;
    if (!stopped && /[\0\n]$/.test(said)) resolve(said);
    else reject(error ?? broke());
  };
  const broke = (cause?: unknown) =>
    new ScannerError('scanner_away', 'The scanner closed the connection without an answer.', {
      midway: true,
      cause,
    });
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(
      () => line.destroy(new ScannerError('scanner_slow', 'The scanner does not answer.', { midway: true })),
      said === '' ? idleMs : LAST_WORDS_MS,
    );
  };
  alive();
  line.on('drain', alive);
  line.on('data', (piece: Buffer) => {
    said += piece.toString('latin1');
    isOver = true;
    begin();
    alive();
    if (said.length > LONGEST_ANSWER)
      line.destroy(new ScannerError('scanner_strange', 'What answers there is not clamd.'));
  });
  line.on('end', () => finish());
  line.on('error', (error) => finish(error instanceof ScannerError ? error : broke(error)));
  line.on('close', () => finish());
  return { whole, begun, over: () => isOver, alive };
}
