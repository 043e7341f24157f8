import { type SlackApi, SlackApiError } from './api.ts';
import { objectsOf, textOf } from './shapes.ts';
import { ofWorkspace } from './workspaces.ts';

/** Its name in the channel, and its sign. */
const TITLE = 'Files';
const EMOJI = ':file_cabinet:';
/** A person waits for this. */
const PATIENCE = { patienceMs: 10_000 };

interface Bookmark {
  id: string;
  link?: unknown;
}

/**
 * Sets the “Files” bookmark of a channel, or takes it away. There is at most one afterwards, also when an earlier try
 * was cut off, or when two bots do this at once: each looks again, and both leave the same one. It leads to the app's Home: a bookmark's link begins with http(s) (docs.slack.dev/reference/methods/
 * bookmarks.add, "invalid_link"), and `app_redirect` opens an app (docs.slack.dev/interactivity/deep-linking). There,
 * `tab` is described for `slack://app` alone; apps use it with `app_redirect` too, and without it Slack opens the app all
 * the same. Throws `SlackApiError`.
 */
export async function setFilesBookmark(
  api: SlackApi,
  o: { channelId: string; teamId: string; botId: string; isWanted: boolean },
): Promise<void> {
  const { channelId, teamId, botId, isWanted } = o;
  const about = { channel_id: channelId };
  const workspace = (await api.workspaces?.of(channelId)) ?? null;
  const appId = await appOf(api, botId, workspace);
  const find = async () => {
    const { bookmarks } = await api.call<{ bookmarks: unknown }>('bookmarks.list', about, PATIENCE);
    const ours = objectsOf<Bookmark>(bookmarks).filter(({ link }) => leadsTo(appId, link));
    return ours.sort((a, b) => (a.id < b.id ? -1 : 1));
  };
  let ours = await find();
  if (isWanted && ours.length === 0) {
    const link = `https://slack.com/app_redirect?app=${appId}&team=${workspace ?? teamId}&tab=home`;
    await api.call('bookmarks.add', { ...about, title: TITLE, type: 'link', link, emoji: EMOJI }, PATIENCE);
    ours = await find();
  }
  for (const { id } of isWanted ? ours.slice(1) : ours) await remove(api, channelId, id);
}

/** Somebody else may have removed it meanwhile. */
async function remove(api: SlackApi, channelId: string, bookmarkId: string): Promise<void> {
  try {
    await api.call('bookmarks.remove', { channel_id: channelId, bookmark_id: bookmarkId }, PATIENCE);
  } catch (error) {
    if (!(error instanceof SlackApiError) || error.code !== 'not_found') throw error;
  }
}

/**
 * The app's id: `auth.test` does not name it. The token of an organisation has to name a workspace. Source:
 * docs.slack.dev/reference/methods/bots.info, and errbotio/err-backend-slackv3#101.
 */
async function appOf(api: SlackApi, botId: string, workspace: string | null): Promise<string> {
  const about = { bot: botId, ...ofWorkspace(workspace) };
  const { bot } = await api.call<{ bot?: { app_id?: unknown } }>('bots.info', about, PATIENCE);
  const appId = textOf(bot?.app_id);
  if (appId === null) throw new SlackApiError('bots.info', 'unexpected_answer');
  return appId;
}

function leadsTo(appId: string, link: unknown): boolean {
  const address = typeof link === 'string' ? URL.parse(link) : null;
  return (
    address !== null &&
    address.host === 'slack.com' &&
    address.pathname === '/app_redirect' &&
    address.searchParams.get('app') === appId
  );
}
