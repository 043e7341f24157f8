import pLimit from 'p-limit';
import { StorageError } from './errors.ts';

/** Each upload in parts holds up to three parts of 8 MiB in memory. */
const AT_ONCE = 2;

const slots = pLimit(AT_ONCE);

/**
 * Does the work in one of the few slots for uploads in parts. So their memory stays limited in the whole process. Open
 * the source inside `work`: the sender may close a source that waits. Throws `StorageError` `aborted` when the signal
 * comes before the turn; then the work never starts.
 */
export async function inPartSlot<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const leave = () =>
    reject(new StorageError('aborted', 'The transfer to the bucket was stopped.', { cause: signal?.reason }));
  if (signal?.aborted) leave();
  else signal?.addEventListener('abort', leave, { once: true });
  void slots(async () => {
    signal?.removeEventListener('abort', leave);
    if (!signal?.aborted) await work().then(resolve, reject);
  });
  return promise;
}
