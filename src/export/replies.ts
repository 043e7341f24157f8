import type { Screen } from '../blocks/kit/elements.ts';

/** Slack takes answers to a command or click for 30 minutes; a little less, to be sure. */
const OPEN_MS = 25 * 60_000;

type Reply = (screen: Screen) => Promise<void>;

/**
 * Ways to answer people who wait for an export, kept in this process alone: the addresses are secrets and go into no
 * catalog. Whoever cannot be answered so gets a direct message.
 */
export interface Replies {
  keep(exportId: string, reply: Reply, now: number): void;
  /** The way to answer, once; undefined when there is none, or too late. */
  take(exportId: string, now: number): Reply | undefined;
}

export function createReplies(): Replies {
  const kept = new Map<string, { reply: Reply; until: number }>();
  return {
    keep(exportId, reply, now) {
      for (const [id, { until }] of kept) if (until <= now) kept.delete(id);
      kept.set(exportId, { reply, until: now + OPEN_MS });
    },
    take(exportId, now) {
      const found = kept.get(exportId);
      kept.delete(exportId);
      return found !== undefined && found.until > now ? found.reply : undefined;
    },
  };
}
