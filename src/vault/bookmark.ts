import { bookmarkIsSet, bookmarksToSet, wantsBookmark } from '../catalog/governance/bookmarks.ts';
import { errorCode } from '../errors.ts';
import { setFilesBookmark } from '../slack/files-bookmark.ts';
import type { Vault } from './context.ts';

/** Why a bookmark is not as the settings want it, for people. */
export type BookmarkProblem = 'scope' | 'full' | 'denied' | 'later';

/**
 * Makes the “Files” bookmark of a channel what its settings want. Returns what is in the way, or null; it is tried again
 * by itself.
 */
export async function mendBookmark(vault: Vault, channelId: string): Promise<BookmarkProblem | null> {
  const { catalog, identity, slack, log } = vault;
  const { teamId, botId } = identity;
  const isWanted = await wantsBookmark(catalog, teamId, channelId);
  try {
    await setFilesBookmark(slack, { channelId, teamId, botId, isWanted });
    await bookmarkIsSet(catalog, teamId, { channelId, isThere: isWanted });
    return null;
  } catch (error) {
    const code = errorCode(error);
    log.info({ code, channel: channelId, err: error }, 'the bookmark of a channel could not be set');
    return problemOf(code);
  }
}

/** The same for all channels whose bookmark is not as wanted: after a kill, or when a scope came. */
export async function mendBookmarks(vault: Vault): Promise<void> {
  const { catalog, identity } = vault;
  for (const { channelId } of await bookmarksToSet(catalog, identity.teamId))
    await mendBookmark(vault, channelId);
}

/** Slack's words are those of docs.slack.dev/reference/methods/bookmarks.add. */
function problemOf(code: string): BookmarkProblem {
  if (code === 'missing_scope') return 'scope';
  if (code === 'too_many_bookmarks' || code === 'too_many_tabs') return 'full';
  const isDenied = [
    'permission_denied',
    'access_denied',
    'channel_not_found',
    'not_implemented',
    'is_archived',
  ];
  return isDenied.includes(code) ? 'denied' : 'later';
}
