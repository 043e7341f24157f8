import { StorageError } from './errors.ts';

/** Each upload in parts holds up to three parts of 8 MiB in memory. */
const AT_ONCE = 2;

let free = AT_ONCE;
const waiting: (() => void)[] = [];

/**
 * Waits for one of the few places for uploads in parts, so that the memory they hold stays bounded over the whole
 * process, and returns the function that gives the place back. Take it before the source is opened: a source that
 * waits may be closed by its sender. Throws `StorageError` `aborted` when the signal comes first.
 */
export async function takePartSlot(signal?: AbortSignal): Promise<() => void> {
  if (signal?.aborted) throw stopped(signal);
  if (free > 0) free--;
  else await turn(signal);
  let held = true;
  return () => {
    if (!held) return;
    held = false;
    const next = waiting.shift();
    if (next) next();
    else free++;
  };
}

function turn(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const begin = () => {
      signal?.removeEventListener('abort', leave);
      resolve();
    };
    const leave = () => {
      waiting.splice(waiting.indexOf(begin), 1);
      reject(stopped(signal));
    };
    waiting.push(begin);
    signal?.addEventListener('abort', leave, { once: true });
  });
}

function stopped(signal: AbortSignal | undefined): StorageError {
  return new StorageError('aborted', 'The transfer to the bucket was stopped.', { cause: signal?.reason });
}
