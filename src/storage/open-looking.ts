import type { Bucket } from './bucket.ts';
import { type BucketConfig, makeClients } from './client.ts';

/** A silent connection is given up soon: somebody waits for the answer. */
const STALL_MS = 6_000;

/**
 * The bucket for a look at what it allows: requests go out as they are asked for, nothing is tried out before, and the
 * least is assumed of it. `onTime` is told the `Date` of each answer, and when its request was sent (ms). Throws
 * `StorageError` when the settings alone cannot work.
 */
export async function openLooking(
  config: BucketConfig,
  onTime: (date: string | undefined, sentAt: number) => void,
): Promise<Bucket> {
  const clients = await makeClients({ ...config, stallMs: STALL_MS, maxAttempts: 2 });
  clients.client.middlewareStack.add(
    (next) => async (call) => {
      const sentAt = Date.now();
      const result = await next(call);
      const { headers } = result.response as { headers?: Record<string, string> };
      onTime(headers?.date, sentAt);
      return result;
    },
    // Beside the connection: each try, also one that is refused.
    { step: 'deserialize', priority: 'low', name: 'timeOfStore' },
  );
  const nothing = { trailers: false, conditionalPut: false, checksums: false, etagIsMd5: false } as const;
  return {
    name: config.bucket,
    capabilities: { ...nothing, versioning: 'unknown', proof: 'size' },
    ...clients,
  };
}
