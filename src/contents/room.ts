import { open } from 'node:fs/promises';
import { devNull, totalmem } from 'node:os';
import { errorCode } from '../errors.ts';
import type { Log } from '../log.ts';
import { canLimit } from '../reading/jail.ts';
import { LIMITS, OCR_LIMITS } from '../reading/limits.ts';
import { readDocument } from '../reading/read-document.ts';
import { lackInWords, type ReadingLack } from '../text/reading-lacks.ts';
import { HOUR_MS } from '../time.ts';

/** What the bot itself takes on a busy day, besides the reading process (docs/operations.md). In MiB. */
const BOT_MB = 384;
const MB = 1024 ** 2;

/** What the machine has to read with; replaced in tests. */
export interface ReadingMachine {
  /** All of the memory that the bot and what it starts may have, in bytes. */
  memory: number;
  /** Whether the system limits what a process takes. */
  limits: boolean;
  /** Whether this Node keeps a reading process from the network: `--permission` does since version 25. */
  closesNetwork: boolean;
  /** Reads nothing in a process of its own. Throws when that cannot be done. */
  tryOut(): Promise<unknown>;
}

export const READING_MACHINE: ReadingMachine = {
  memory: Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY),
  limits: canLimit(),
  closesNetwork: process.allowedNodeEnvironmentFlags.has('--allow-net'),
  async tryOut() {
    const nothing = await open(devNull);
    try {
      await readDocument(nothing, 'text', { previews: false });
    } finally {
      await nothing.close();
    }
  },
};

/** What is lacking as it stands, before anything is tried. With `ocr`, letters in pictures are to be read, too. */
export function readingLacks(
  ocr: readonly string[],
  { memory, limits }: Pick<ReadingMachine, 'memory' | 'limits'>,
): ReadingLack[] {
  if (!limits) return [{ kind: 'limits' }];
  const needed = { memory: BOT_MB + LIMITS.memoryMb, ocr: BOT_MB + (OCR_LIMITS.memoryMb ?? LIMITS.memoryMb) };
  const memoryMb = Math.floor(memory / MB);
  if (memory < needed.memory * MB) return [{ kind: 'memory', memoryMb, neededMb: needed.memory }];
  if (ocr.length > 0 && memory < needed.ocr * MB)
    return [{ kind: 'ocr_memory', memoryMb, neededMb: needed.ocr }];
  return [];
}

/** The room for reading beside the bot. */
export interface ReadingRoom {
  /** The languages that there is room to read in pictures; none where that needs more memory than there is. */
  ocr: readonly string[];
  /** Whether files can be read now. Says so once in the log where they cannot, or not as they should. */
  isThere(): Promise<boolean>;
  /** What is lacking, as far as is known by now. */
  lacks(): ReadingLack[];
}

/**
 * Whether there is room for reading beside the bot: memory enough, and a system that ends a process which takes more. Where there is
 * not, the bot goes on without it; where there is too little for letters in pictures alone, it reads all else. What only failed is
 * tried again an hour later.
 */
export function roomToRead(
  { ocr, log, now }: { ocr: readonly string[]; log: Log; now(): number },
  machine: ReadingMachine = READING_MACHINE,
): ReadingRoom {
  const lacks = readingLacks(ocr, machine);
  const isWithoutOcr = lacks.some(({ kind }) => kind === 'ocr_memory');
  const isLacking = lacks.length > 0 && !isWithoutOcr;
  let isThere = false;
  let failed: ReadingLack | undefined;
  let looksAgainAt = 0;
  const said = new Set<string>();
  const say = (code: string, about: object, sentence: string) => {
    if (!said.has(code)) log.warn({ code, ...about }, sentence);
    said.add(code);
  };
  const sayLacks = () => {
    for (const lack of lacks)
      say(lack.kind === 'ocr_memory' ? 'no_room_for_ocr' : 'no_room_to_read', lack, lackInWords(lack));
    if (!machine.closesNetwork && !isLacking)
      say(
        'reading_reaches_network',
        { node: process.versions.node },
        'files are read, but this Node does not keep the reading process from the network; Node 25 and later do',
      );
  };
  return {
    ocr: isWithoutOcr ? [] : ocr,
    lacks: () => [...lacks, ...(failed === undefined ? [] : [failed])],
    async isThere() {
      if (isThere) return true;
      sayLacks();
      if (isLacking || now() < looksAgainAt) return false;
      try {
        await machine.tryOut();
        isThere = true;
        failed = undefined;
      } catch (error) {
        looksAgainAt = now() + HOUR_MS;
        failed = { kind: 'start', reason: errorCode(error) };
        say('no_room_to_read', { reason: failed.reason, err: error }, lackInWords(failed));
      }
      return isThere;
    },
  };
}
