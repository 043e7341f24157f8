import type { Screen } from '../blocks/kit/elements.ts';

/** Slack accepts answers to a command or click for 30 minutes. This is a little less, to be safe. */
const OPEN_MS = 25 * 60_000;

type Reply = (screen: Screen) => Promise<void>;

/**
 * Ways to answer people who wait for an export. They are kept only in this process: the addresses are secrets and do
 * not go into the catalog. A person who cannot be answered this way gets a direct message.
 */
export interface Replies {
  keep(exportId: string, reply: Reply, now: number): void;
  /** The way to answer. It can be taken once. Undefined when there is none or it is too late. */
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
