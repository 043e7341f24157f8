import type { Scope } from '../../catalog/db/schema.ts';
import { type ExpiryCursor, retainedChannels } from '../../catalog/governance/retention.ts';

/** How far a walk through all channels with retention is; empty between walks. */
export interface RetainedWalk {
  channelId?: string;
  after?: ExpiryCursor | null;
}

/** Sorts after every channel's id. */
const AFTER_ALL = '~';

/**
 * The channel where a walk stands, and where in it. `goOn` says how far the walk is after a page of that channel whose next
 * one begins at `next` (null: it was the last). Undefined when all channels are done.
 */
export async function channelOfWalk(
  catalog: Scope,
  o: { teamId: string; defaultDays: number },
  { channelId: from = '', after = null }: RetainedWalk,
): Promise<
  | {
      channelId: string;
      days: number;
      after: ExpiryCursor | null;
      goOn(next: ExpiryCursor | null): RetainedWalk;
    }
  | undefined
> {
  const channels = await retainedChannels(catalog, o.teamId, o.defaultDays);
  const index = channels.findIndex(({ channelId }) => channelId >= from);
  const channel = channels[index];
  if (channel === undefined) return undefined;
  const { channelId, days } = channel;
  return {
    ...{ channelId, days, after: channelId === from ? after : null },
    goOn: (next) => ({
      channelId: next === null ? (channels[index + 1]?.channelId ?? AFTER_ALL) : channelId,
      after: next,
    }),
  };
}
