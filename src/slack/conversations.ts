import type { Conversation } from '../capture/sweep.ts';
import type { SlackApi } from './api.ts';
import { unexpectedAnswer } from './api-error.ts';
import { PATIENCE } from './history.ts';
import { pagesOf } from './pages.ts';
import { idOf, msOf, objectsOf, textOf } from './shapes.ts';
import { type SharedWith, workspacesOf } from './workspaces.ts';

/** A conversation, as Slack describes it. Source: docs.slack.dev/reference/objects/conversation-object. */
interface SlackConversation extends SharedWith {
  id?: unknown;
  name?: unknown;
  user?: unknown;
  created?: unknown;
  previous_names?: unknown;
  is_im?: unknown;
  is_mpim?: unknown;
  is_private?: unknown;
  is_archived?: unknown;
}

/**
 * Every conversation that the bot is in, archived ones too. With the token of an organisation, each says in which workspaces it
 * is. Throws `SlackApiError`.
 */
export async function ownConversations(api: SlackApi): Promise<Conversation[]> {
  const found = new Map<string, Conversation>();
  const args = { types: 'public_channel,private_channel,mpim,im', exclude_archived: false, limit: 999 };
  for await (const { channels, workspace } of pagesOf(api, 'users.conversations', args, PATIENCE)) {
    const ours = (await api.workspaces?.ids()) ?? [];
    const listed = objectsOf<SlackConversation>(channels);
    const told = listed.map(conversationOf);
    // A channel that is missing here counts as one that the bot has left. So an incomplete answer is refused.
    if (told.includes(undefined) || told.length !== (channels as unknown[]).length)
      throw unexpectedAnswer('users.conversations');
    for (const [at, one] of told.entries()) {
      if (one === undefined) continue;
      const before = found.get(one.channelId)?.workspaces?.split(' ') ?? [];
      const places = [...new Set([...before, ...listedIn(listed[at] ?? {}, { workspace, ours })])].sort();
      found.set(one.channelId, workspace === undefined ? one : { ...one, workspaces: places.join(' ') });
      if (workspace !== undefined) api.workspaces?.met(one.channelId, places);
    }
  }
  return [...found.values()];
}

/**
 * In which workspaces a conversation is kept that one of them lists: that one too, if it names none of ours. To whom it is open is
 * asked more strictly (`openIn` in public-channels.ts).
 */
function listedIn(
  told: SharedWith,
  { workspace, ours }: { workspace: string | undefined; ours: readonly string[] },
): string[] {
  const named = workspacesOf(told);
  return workspace === undefined || named.some((id) => ours.includes(id)) ? named : [...named, workspace];
}

/**
 * Whether the bot is in one of these conversations right now, so that Slack can show it their files. Conversations
 * that Slack does not show to the bot do not count, and archived ones neither: nobody is in them. Throws
 * `SlackApiError`.
 */
export async function isInAny(api: SlackApi, channelIds: readonly string[]): Promise<boolean> {
  for (const channel of channelIds) {
    const told = await api
      .call<{ channel: Record<string, unknown> }>('conversations.info', { channel }, PATIENCE)
      .catch((error: { code?: string }) => {
        if (error.code === 'channel_not_found' || error.code === 'not_in_channel') return undefined;
        throw error;
      });
    if (told === undefined || told.channel.is_archived === true) continue;
    // Direct messages have no `is_member`: Slack shows the bot only its own.
    const { is_member, is_im, is_mpim } = told.channel;
    if (is_member === true || is_im === true || is_mpim === true) return true;
  }
  return false;
}

function conversationOf(told: SlackConversation): Conversation | undefined {
  const channelId = idOf(told.id);
  if (channelId === null) return undefined;
  const { is_im, is_mpim, is_private, is_archived, previous_names } = told;
  return {
    channelId,
    name: is_im === true ? null : textOf(told.name),
    // The id does not tell: ids of private channels can begin with C, and with another organisation they always do.
    kind: is_im === true ? 'im' : is_mpim === true ? 'mpim' : is_private === true ? 'private' : 'public',
    isArchived: is_archived === true,
    imUserId: idOf(told.user),
    createdAt: msOf(told.created),
    previousNames: Array.isArray(previous_names) ? previous_names.flatMap((name) => textOf(name) ?? []) : [],
  };
}
