/** Slack's rate limits: by tier for each method, and about one message a second for each channel. */

export type Tier = 1 | 2 | 3 | 4 | 'special';

/** Calls a minute that Slack promises for each tier ("1+", "20+", "50+", "100+"). */
const CALLS_PER_MINUTE: Record<Exclude<Tier, 'special'>, number> = { 1: 1, 2: 20, 3: 50, 4: 100 };

/**
 * The "+" in Slack's tiers: bursts are allowed. How many calls may come at once is not published; this is one minute's
 * worth, and at least twenty, because apps do open ten sockets in a row at the lowest tier.
 */
export const LEAST_BURST = 20;

/** chat.postMessage: one a second for each channel, "short bursts" allowed; four is our reading of "short". */
export const POST_BURST = 4;

/** chat.postMessage: "several hundred messages per minute" for a workspace. */
const POSTS_PER_MINUTE = 300;

export interface Limits {
  /** Counts one call; returns the seconds to wait if it is one too many, otherwise 0. */
  call(method: string, tier: Tier): number;
  /** Counts one message to a channel; answers as `call`. */
  post(channel: string): number;
}

interface Bucket {
  left: number;
  at: number;
}

/** Limits as Slack has them, or none at all. */
export function createLimits(mode: 'slack' | 'off'): Limits {
  if (mode === 'off') return { call: () => 0, post: () => 0 };
  const buckets = new Map<string, Bucket>();
  const wait = (key: string, burst: number, perSecond: number): number => {
    const now = Date.now();
    const bucket = buckets.get(key) ?? { left: burst, at: now };
    buckets.set(key, bucket);
    bucket.left = Math.min(burst, bucket.left + ((now - bucket.at) / 1000) * perSecond);
    bucket.at = now;
    if (bucket.left >= 1) {
      bucket.left -= 1;
      return 0;
    }
    return Math.max(1, Math.ceil((1 - bucket.left) / perSecond));
  };
  return {
    call(method, tier) {
      if (tier === 'special') return 0;
      const perMinute = CALLS_PER_MINUTE[tier];
      return wait(method, Math.max(LEAST_BURST, perMinute), perMinute / 60);
    },
    post(channel) {
      return wait(`post ${channel}`, POST_BURST, 1) || wait('posts', POSTS_PER_MINUTE, POSTS_PER_MINUTE / 60);
    },
  };
}
