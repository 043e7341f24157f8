import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { FileHandle } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import type { Hint } from './hint.ts';
import { jailed } from './jail.ts';
import { LIMITS, type Limits, OCR_LIMITS } from './limits.ts';
import { type ReadDocument, type ReadingCode, ReadingError } from './reading.ts';
import { type Heard, listen } from './told.ts';

const CHILD = resolve(import.meta.dirname, 'child.ts');

export interface ReadingWish {
  signal?: AbortSignal;
  /** The languages that are read in pictures and scans. */
  ocr?: readonly string[] | undefined;
  /** Whether a small picture of the first page is made. */
  previews?: boolean;
}

/**
 * Reads a document in a process of its own, which ends with it, and is killed when it takes too long or too much. What was read
 * until then counts. Throws `ReadingError` when nothing could be read, and the signal's reason when that is aborted.
 */
export async function readDocument(
  file: FileHandle,
  hint: Hint,
  o: Partial<Limits> & ReadingWish = {},
): Promise<ReadDocument> {
  o.signal?.throwIfAborted();
  const { ocr = [], previews = false } = o;
  const limits = { ...LIMITS, ...(ocr.length > 0 ? OCR_LIMITS : {}), ...o };
  const args = [`--hint=${hint}`, `--letters=${limits.letters}`, `--unpacked=${limits.unpackedBytes}`];
  if (ocr.length > 0) args.push(`--ocr=${ocr.join('+')}`);
  if (previews) args.push('--picture');
  const command = jailed(CHILD, args, limits);
  const child = spawn(command.file, command.args, {
    env: command.env,
    stdio: [file.fd, 'pipe', 'ignore'],
  });
  const closed = once(child, 'close').catch(() => [null, null]);
  behindEverybody(child);
  let isLate = false;
  const kill = () => child.kill('SIGKILL');
  const deadline = setTimeout(() => {
    isLate = true;
    kill();
  }, limits.deadlineMs);
  o.signal?.addEventListener('abort', kill);
  try {
    const heard = await listen(child.stdout as Readable, limits.letters);
    // It has nothing more to say, or nothing that counts.
    kill();
    const [, signal] = await closed;
    o.signal?.throwIfAborted();
    return readingOf(heard, heard.end === undefined ? endedBy(signal, isLate) : heard.end);
  } finally {
    clearTimeout(deadline);
    o.signal?.removeEventListener('abort', kill);
    kill();
  }
}

function readingOf({ parts, picture }: Heard, end: ReadingCode | null): ReadDocument {
  // Of a scan without any text, nobody expects one where letters in pictures are not read.
  const stopped = end === 'pictures_not_read' && parts.length === 0 ? null : end;
  if (parts.length === 0 && stopped !== null) throw new ReadingError(stopped, SAID[stopped]);
  return { parts, stopped, ...(picture && { picture }) };
}

/** V8 aborts when it has no memory left. The system kills by name when it runs out of it, and at the limit of time. */
const OUT_OF_MEMORY = new Set(['SIGABRT', 'SIGTRAP', 'SIGILL', 'SIGKILL']);

function endedBy(signal: string | null, isLate: boolean): ReadingCode {
  if (isLate || signal === 'SIGXCPU') return 'took_too_long';
  return signal !== null && OUT_OF_MEMORY.has(signal) ? 'too_large' : 'broke';
}

/** Capture and people's questions come first. */
function behindEverybody(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended already, or the system knows no order.
  }
}

const SAID: Record<ReadingCode, string> = {
  password_protected: 'The document is protected by a password.',
  damaged: 'The document is damaged.',
  too_large: 'The document is larger than what may be read.',
  took_too_long: 'The document took too long to read.',
  not_readable: 'There is no text in it.',
  kind_not_read: 'The document is of a kind that is not read.',
  pictures_not_read: 'There are only pictures in it.',
  broke: 'The reading process ended without a word.',
};
