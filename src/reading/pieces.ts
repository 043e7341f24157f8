import { Enough } from './output.ts';
import { ReadingError } from './reading.ts';

/** So many in a row, and nothing of what follows is looked at: no document that people still open has them. */
const MOST_IN_A_ROW = 20;

/** The pages or parts of a document, read one after the other. A damaged one hides none of those behind it. */
export interface Pieces {
  read(piece: () => Promise<void>): Promise<void>;
  /** Whether none was damaged. */
  isWhole(): boolean;
  /** Throws what was wrong with the first damaged one. */
  end(): void;
}

export function openPieces(): Pieces {
  let fault: ReadingError | null = null;
  let inARow = 0;
  return {
    async read(piece) {
      try {
        await piece();
        inARow = 0;
      } catch (error) {
        if (!isDamage(error)) throw error;
        fault ??= asDamage(error);
        inARow += 1;
        if (inARow >= MOST_IN_A_ROW) throw fault;
      }
    },
    isWhole: () => fault === null,
    end() {
      if (fault !== null) throw fault;
    },
  };
}

/** Whatever a parser says. What concerns the whole document ends it: a limit, a password, no memory left. */
function isDamage(error: unknown): boolean {
  if (error instanceof Enough || error instanceof RangeError) return false;
  return !(error instanceof ReadingError) || error.code === 'damaged';
}

function asDamage(cause: unknown): ReadingError {
  return cause instanceof ReadingError
    ? cause
    : new ReadingError('damaged', 'A part cannot be read.', { cause });
}
