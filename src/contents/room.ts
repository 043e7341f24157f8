import { open } from 'node:fs/promises';
import { devNull, totalmem } from 'node:os';
import { errorCode } from '../errors.ts';
import type { Log } from '../log.ts';
import { canLimit } from '../reading/jail.ts';
import { LIMITS, OCR_LIMITS } from '../reading/limits.ts';
import { readDocument } from '../reading/read-document.ts';
import { HOUR_MS } from '../time.ts';

/** What the bot itself takes on a busy day, besides the reading process (docs/operations.md). In MiB. */
const BOT_MB = 384;
const MB = 1024 ** 2;

/** What the machine has to read with; replaced in tests. */
export interface Machine {
  /** All of the memory that the bot and what it starts may have, in bytes. */
  memory: number;
  /** Whether the system limits what a process takes. */
  limits: boolean;
  /** Reads nothing in a process of its own. Throws when that cannot be done. */
  tryOut(): Promise<unknown>;
}

const HERE: Machine = {
  memory: Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY),
  limits: canLimit(),
  async tryOut() {
    const nothing = await open(devNull);
    try {
      await readDocument(nothing, 'text', { previews: false });
    } finally {
      await nothing.close();
    }
  },
};

/**
 * Whether there is room for reading beside the bot: memory enough, and a system that ends a process which takes more. Where there is
 * not, the bot goes on without it, and says so once. What only failed is tried again an hour later.
 */
export function roomToRead(
  { ocr, log, now }: { ocr: readonly string[]; log: Log; now(): number },
  { memory, limits, tryOut }: Machine = HERE,
): () => Promise<boolean> {
  const needed = BOT_MB + ((ocr.length > 0 ? OCR_LIMITS.memoryMb : undefined) ?? LIMITS.memoryMb);
  let isThere = false;
  let looksAgainAt = 0;
  let isSaid = false;
  const say = (about: object, why: string) => {
    if (!isSaid) log.warn({ code: 'no_room_to_read', ...about }, `files are not read: ${why}`);
    isSaid = true;
    return false;
  };
  return async () => {
    if (isThere) return true;
    if (!limits)
      return say({}, 'this system cannot limit what a reading process takes; VAULT_TEXT=words says so');
    if (memory < needed * MB)
      return say(
        { memoryMb: Math.floor(memory / MB), neededMb: needed },
        `the bot has ${Math.floor(memory / MB)} MB of memory, and reading needs ${needed}; give it more, or set VAULT_TEXT=words`,
      );
    if (now() < looksAgainAt) return false;
    try {
      await tryOut();
      isThere = true;
    } catch (error) {
      looksAgainAt = now() + HOUR_MS;
      say(
        { reason: errorCode(error), err: error },
        'a reading process cannot be started; it is tried again every hour',
      );
    }
    return isThere;
  };
}
