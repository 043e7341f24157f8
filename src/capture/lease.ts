import { errorCode } from '../errors.ts';
import type { Log } from '../log.ts';

/**
 * Renews a lease of `leaseMs` while the work goes on on a file, an export or a long job. `renew` returns false when another process has taken
 * the row; then `lost` is aborted, and the work must stop. A renewal that fails is tried again at the next turn.
 */
export function keepLease(
  { leaseMs, log, now }: { leaseMs: number; log: Log; now(): number },
  about: { file: string } | { export: string } | { job: string },
  renew: (until: number) => Promise<boolean>,
): { lost: AbortSignal; end(): void } {
  const lost = new AbortController();
  const timer = setInterval(async () => {
    try {
      if (!(await renew(now() + leaseMs))) lost.abort(new Error('the lease was lost'));
    } catch (error) {
      log.warn({ code: errorCode(error), ...about }, 'cannot renew a lease');
    }
  }, leaseMs / 3);
  return { lost: lost.signal, end: () => clearInterval(timer) };
}
