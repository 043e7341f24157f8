import { type SlackApi, SlackApiError } from './api.ts';
import { cached } from './cached.ts';
import { pagesOf } from './pages.ts';
import { idOf, objectsOf } from './shapes.ts';

/** Up to this many channels are asked about one by one. For more, Slack lists all public ones, a thousand per page. */
const FEW = 10;

export interface PublicChannels {
  isPublic(channelId: string): Promise<boolean>;
  among(channelIds: readonly string[]): Promise<ReadonlySet<string>>;
  forget(channelId: string): void;
}

/** Which channels are public right now, kept for `ttlMs`. Throws `SlackApiError`. */
export function createPublicChannels(o: {
  api: SlackApi;
  ttlMs: number;
  now: (() => number) | undefined;
  patience(): { patienceMs: number };
  /** The bot's own channels, and whether each is public. */
  ofBot(): Promise<ReadonlyMap<string, boolean>>;
}): PublicChannels {
  const { api, ttlMs, now, patience, ofBot } = o;

  const one = cached<boolean>(ttlMs, now, async (channel, asking) => {
    const options = { ...patience(), ...asking };
    const told = await orHidden(
      api.call<{ channel: Conversation }>('conversations.info', { channel }, options),
    );
    return told !== undefined && isPublic(told.channel);
  });

  const all = cached<ReadonlySet<string>>(ttlMs, now, async (_, asking) => {
    const found = new Set<string>();
    const about = { types: 'public_channel', limit: 999 };
    const read = async () => {
      for await (const page of pagesOf(api, 'conversations.list', about, { ...patience(), ...asking }))
        for (const told of objectsOf<Conversation>(page.channels)) {
          const channelId = idOf(told.id);
          if (channelId !== null && isPublic(told)) found.add(channelId);
        }
    };
    await orHidden(read());
    return found;
  });

  return {
    isPublic: (channelId) => one.get(channelId),
    async among(channelIds) {
      let open: (channelId: string) => boolean | Promise<boolean> = (id) => one.get(id);
      if (channelIds.length > FEW) {
        const ours = await ofBot();
        const others = channelIds.filter((id) => !ours.has(id));
        const listed = others.length > FEW ? await all.get('') : undefined;
        open = (id) => ours.get(id) ?? listed?.has(id) ?? one.get(id);
      }
      const answers = await Promise.all(channelIds.map((id) => open(id)));
      return new Set(channelIds.filter((_, index) => answers[index]));
    },
    forget(channelId) {
      one.forget(channelId);
      all.forgetAll();
    },
  };
}

/** The fields of a conversation that matter here. Source: docs.slack.dev/reference/objects/conversation-object. */
export interface Conversation {
  id?: unknown;
  is_private?: unknown;
  is_im?: unknown;
  is_mpim?: unknown;
}

/** A channel is public only if Slack says so clearly. */
export function isPublic({ is_private, is_im, is_mpim }: Conversation): boolean {
  return is_private === false && is_im !== true && is_mpim !== true;
}

/**
 * Undefined when Slack refuses for good (`channel_not_found`, `missing_scope`, …). The vault shows such a channel only
 * to people who are in it. Errors that may pass are thrown.
 */
function orHidden<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch((error: unknown) => {
    if (error instanceof SlackApiError && error.permanent) return undefined;
    throw error;
  });
}
