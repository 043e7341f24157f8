import { randomBytes, randomInt } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** A new id in Slack's style: the letter that names the kind, `0`, then nine capitals and digits. */
export function newId(kind: string): string {
  let id = `${kind}0`;
  while (id.length < 11) id += ALPHABET[randomInt(ALPHABET.length)];
  return id;
}

/** A short random word, as Slack gives to blocks without a `block_id`. */
export function newWord(length = 5): string {
  return randomBytes(16)
    .toString('base64')
    .replace(/[^A-Za-z0-9]/g, '')
    .slice(0, length);
}

/** The current time in whole seconds since 1970, as Slack counts. */
export function seconds(now = Date.now()): number {
  return Math.floor(now / 1000);
}

/**
 * A source of message timestamps: `seconds.microseconds`, each greater than every one before and than `last`.
 */
export function tsSource(last: string | undefined): () => string {
  let previous = last === undefined ? 0n : microseconds(last);
  return () => {
    const now = BigInt(Date.now()) * 1000n;
    previous = now > previous ? now : previous + 1n;
    return `${previous / 1_000_000n}.${String(previous % 1_000_000n).padStart(6, '0')}`;
  };
}

function microseconds(ts: string): bigint {
  return BigInt(ts.replace('.', ''));
}
