import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { CRC32_TRAILER, createFrame } from './aws-chunked.ts';
import type { Clients } from './client.ts';
import { isTaken, statusOf } from './errors.ts';
import { measure, measureBuffer } from './measure.ts';
import { DISPOSITION } from './metadata.ts';
import { BYTES } from './probe-bytes.ts';
import { encodeSeen, type Seen } from './probe-object.ts';
import { type Put, type PutAnswer, streamShape } from './send-put.ts';

const DIGEST = measureBuffer(BYTES, true);
const MD5 = Buffer.from(DIGEST.md5 ?? '', 'hex').toString('base64');
const WRONG = { crc32: 'AAAAAA==', md5: Buffer.alloc(16).toString('base64') };
/** In ms. For a store that never answers to what it does not know. The simplest put has all the time of a real one. */
export const SHORT_MS = 5_000;
const FIRST_PAUSE_MS = 100;
/** Bots that start at once meet at the key again and again, until all know what they want to know. */
const MEETINGS = 20;
const LONGEST_MEETING_MS = 250;

/** How a put is made: a stream with its CRC-32 behind it, a bare stream, or bytes whose hash is in a header. */
export type Shape = 'trailer' | 'bare' | 'crc32' | 'md5';

export interface Trial {
  shape: Shape;
  /** Only if the key is free, like real writes. */
  conditional: boolean;
  /** The checksum that is sent does not fit the bytes. */
  wrong?: boolean;
}

export type Outcome =
  | { kind: 'stored'; answer: PutAnswer }
  /** The key is taken, so the condition was understood. */
  | { kind: 'taken' }
  | { kind: 'refused'; error: unknown }
  /** May be different the next time: the store is busy or away, or does not answer. */
  | { kind: 'failed'; error: unknown };

/** The simplest put: when it fails, nothing can be stored. */
export const PLAIN: Trial = { shape: 'md5', conditional: false };

/**
 * Sends one put to the key, with what was seen so far. A failure that often passes at once is tried again, `tries`
 * times in all.
 */
export async function sendTrial(
  { sendPut, place }: Clients,
  { key, trial, seen, tries }: { key: string; trial: Trial; seen: Seen; tries: number },
): Promise<Outcome> {
  for (let [attempt, meetings] = [1, 0]; ; ) {
    const late = trial === PLAIN ? undefined : AbortSignal.timeout(SHORT_MS);
    const { headers: own, ...body } = bodyOf(trial);
    const headers = {
      'content-type': 'text/plain',
      'content-disposition': DISPOSITION,
      ...(trial.conditional && { 'if-none-match': '*' }),
      ...encodeSeen(seen, trial.shape, place),
      ...own,
    };
    try {
      return { kind: 'stored', answer: await sendPut({ key, headers, ...body, signal: late }) };
    } catch (error) {
      if (isTaken(error)) return { kind: 'taken' };
      if (statusOf(error) === 409 && meetings++ < MEETINGS) {
        await sleep(Math.random() * LONGEST_MEETING_MS);
        continue;
      }
      const passes = mayPass(error);
      if (passes === 'no') return { kind: 'refused', error };
      if (passes === 'later' || late?.aborted || attempt >= tries) return { kind: 'failed', error };
      await sleep(FIRST_PAUSE_MS * 2 ** attempt++);
    }
  }
}

function bodyOf({ shape, wrong = false }: Trial): Pick<Put, 'headers' | 'body' | 'length' | 'payload'> {
  const length = BYTES.length;
  if (shape === 'crc32' || shape === 'md5') {
    const right = shape === 'crc32' ? DIGEST.crc32 : MD5;
    const headers = { [shape === 'crc32' ? CRC32_TRAILER : 'content-md5']: wrong ? WRONG[shape] : right };
    return { headers, body: BYTES, length, payload: DIGEST.sha256 };
  }
  const right = shape === 'trailer' ? createFrame(length) : undefined;
  const frame = right && wrong ? { add: right.add, end: () => right.end(WRONG.crc32) } : right;
  const { body } = measure(Readable.from([BYTES]), { length, frame });
  return { ...streamShape(length, shape === 'trailer'), body };
}

/** When the same put may work: never, at once, or some time later. */
export function mayPass(error: unknown): 'no' | 'soon' | 'later' {
  const status = statusOf(error);
  if (status !== null) {
    const passing = status === 408 || status === 409 || status === 429 || status >= 500;
    return passing && status !== 501 && status !== 505 && status !== 507 ? 'soon' : 'no';
  }
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && /^E[A-Z]+$|^UND_ERR_SOCKET$/.test(code) ? 'soon' : 'later';
}

/** Does this refusal say that the checksum does not fit? `BadDigest`, or `XAmzContentChecksumMismatch` (MinIO, Ceph). */
export function isAboutSum(error: unknown): boolean {
  const { Code = '' } = (error ?? {}) as { Code?: string };
  return statusOf(error) === 400 && /digest|checksum|mismatch/i.test(Code);
}
