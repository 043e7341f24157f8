import { type SlackApi, SlackApiError } from './api.ts';
import { cached } from './cached.ts';
import { pagesOf } from './pages.ts';
import type { Person } from './person.ts';
import { idOf, objectsOf } from './shapes.ts';
import { type SharedWith, workspacesOf } from './workspaces.ts';

/** Up to this many channels are asked about one by one. For more, Slack lists all public ones, a thousand per page. */
const FEW = 10;

export interface PublicChannels {
  isPublic(channelId: string): Promise<boolean>;
  among(channelIds: readonly string[], to?: Pick<Person, 'workspaces'>): Promise<ReadonlySet<string>>;
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
  /** In an organisation: the workspaces of the bot's own channels; null for one that is not public. */
  placesOfBot(): Promise<ReadonlyMap<string, Openness>>;
}): PublicChannels {
  const { api, ttlMs, now, patience, ofBot, placesOfBot } = o;

  const one = cached<Openness>(ttlMs, now, async (channel, asking) => {
    const options = { ...patience(), ...asking };
    const told = await orHidden(
      api.call<{ channel: Conversation }>('conversations.info', { channel }, options),
    );
    return told !== undefined && isPublic(told.channel) ? workspacesOf(told.channel) : null;
  });

  /** The public channels of a workspace of the organisation, by its id; of all (`''`). */
  const all = cached<ReadonlyMap<string, readonly string[]>>(ttlMs, now, async (workspace, asking) => {
    const found = new Map<string, readonly string[]>();
    const about = { types: 'public_channel', limit: 999 };
    const among = workspace === '' ? undefined : [workspace];
    const options = { ...patience(), ...asking, among };
    const read = async () => {
      for await (const page of pagesOf(api, 'conversations.list', about, options))
        for (const told of objectsOf<Conversation>(page.channels)) {
          const channelId = idOf(told.id);
          if (channelId === null || !isPublic(told)) continue;
          found.set(channelId, [...(found.get(channelId) ?? []), ...openIn(told, page.workspace)]);
        }
    };
    await orHidden(read());
    return found;
  });

  /** Those of these channels that are public in one of these workspaces. */
  async function amongWorkspaces(ids: readonly string[], workspaces: readonly string[]) {
    const isMine = (told: Openness) => told?.some((id) => workspaces.includes(id)) === true;
    const isListed = async (id: string) => {
      const lists = await Promise.all(workspaces.map((workspace) => all.get(workspace)));
      return isMine(lists.flatMap((list) => list.get(id) ?? []));
    };
    const own = ids.length > FEW ? await placesOfBot() : undefined;
    const isMany = ids.filter((id) => own?.has(id) !== true).length > FEW;
    const answers = await Promise.all(
      ids.map(async (id) => {
        const known = own?.get(id);
        if (known !== undefined) return isMine(known);
        if (isMany) return isListed(id);
        const told = await one.get(id);
        // A channel that names no workspace may be the whole organisation's: then the workspaces' lists say it.
        return told?.length === 0 ? isListed(id) : isMine(told);
      }),
    );
    return new Set(ids.filter((_, index) => answers[index]));
  }

  return {
    isPublic: async (channelId) => (await one.get(channelId)) !== null,
    async among(channelIds, to) {
      if (to?.workspaces !== undefined) return amongWorkspaces(channelIds, to.workspaces);
      const alone = async (id: string) => (await one.get(id)) !== null;
      let open: (channelId: string) => boolean | Promise<boolean> = alone;
      if (channelIds.length > FEW) {
        const ours = await ofBot();
        const others = channelIds.filter((id) => !ours.has(id));
        const listed = others.length > FEW ? await all.get('') : undefined;
        open = (id) => ours.get(id) ?? listed?.has(id) ?? alone(id);
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

/** The workspaces that a public channel says it is in; null for a channel that is not public. */
export type Openness = readonly string[] | null;

/** The workspaces of a channel that one of them lists. What it says of itself counts more than the list that it stands in. */
export function openIn(told: Conversation, workspace: string | undefined): string[] {
  const named = workspacesOf(told);
  return workspace === undefined || named.length > 0 ? named : [workspace];
}

/** The fields of a conversation that matter here. Source: docs.slack.dev/reference/objects/conversation-object. */
export interface Conversation extends SharedWith {
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
