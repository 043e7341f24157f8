import { describe, expect, it } from 'vitest';
import { type SlackApi, SlackApiError } from '../../src/slack/api.ts';
import { setFilesBookmark } from '../../src/slack/files-bookmark.ts';

const OURS = 'https://slack.com/app_redirect?app=A1&team=T1&tab=home';

/** A channel's bookmarks, and the calls that changed them. */
function channelWith(links: string[]) {
  const bookmarks = links.map((link, at) => ({ id: `Bk${at}`, link }));
  const changes: string[] = [];
  const call = async (method: string, args: Record<string, string>) => {
    if (method === 'bots.info') return { bot: { app_id: 'A1' } };
    if (method === 'bookmarks.list') return { bookmarks };
    changes.push(`${method} ${args.bookmark_id ?? args.link}`);
    if (args.bookmark_id === 'Bk9') throw new SlackApiError(method, 'not_found');
    return {};
  };
  const api = { call } as unknown as SlackApi;
  const set = (isWanted: boolean) =>
    setFilesBookmark(api, { channelId: 'C1', teamId: 'T1', botId: 'B1', isWanted });
  return { set, changes, bookmarks };
}

describe('the “Files” bookmark', () => {
  it('is added once, and leads to the app’s Home with an address that Slack takes', async () => {
    const { set, changes } = channelWith(['https://example.com', 'https://slack.com/app_redirect?app=A2']);
    await set(true);
    expect(changes).toEqual([`bookmarks.add ${OURS}`]);
    expect(OURS).toMatch(/^https:/);
  });

  it('stays as it is when it is there', async () => {
    const { set, changes } = channelWith([OURS]);
    await set(true);
    expect(changes).toEqual([]);
  });

  it('is one again after tries that were cut off', async () => {
    const { set, changes } = channelWith([OURS, 'https://example.com', OURS, OURS]);
    await set(true);
    expect(changes).toEqual(['bookmarks.remove Bk2', 'bookmarks.remove Bk3']);
  });

  it('is one when two bots make it at once', async () => {
    const bookmarks: Array<{ id: string; link: string }> = [];
    let [made, turns] = [0, 0];
    const call = async (method: string, args: Record<string, string>) => {
      if (method === 'bots.info') return { bot: { app_id: 'A1' } };
      if (method === 'bookmarks.remove') {
        const at = bookmarks.findIndex(({ id }) => id === args.bookmark_id);
        if (at < 0) throw new SlackApiError(method, 'not_found');
        bookmarks.splice(at, 1);
      }
      if (method === 'bookmarks.add') {
        const id = `Bk${9 - made++}`;
        // Both have looked before either of them adds its own.
        while (turns < 2) await Promise.resolve();
        bookmarks.push({ id, link: args.link as string });
      }
      if (method === 'bookmarks.list') turns++;
      return { bookmarks: [...bookmarks] };
    };
    const about = { channelId: 'C1', teamId: 'T1', botId: 'B1', isWanted: true };
    const bot = () => setFilesBookmark({ call } as unknown as SlackApi, about);
    await Promise.all([bot(), bot()]);
    expect(made).toBe(2);
    expect(bookmarks.map(({ id }) => id)).toEqual(['Bk8']);
  });

  it('is taken away, and nobody else’s', async () => {
    const { set, changes } = channelWith(['https://example.com', OURS]);
    await set(false);
    expect(changes).toEqual(['bookmarks.remove Bk1']);
  });

  it('may be gone already', async () => {
    const { set, bookmarks } = channelWith([]);
    bookmarks.push({ id: 'Bk9', link: OURS });
    await expect(set(false)).resolves.toBeUndefined();
  });

  it('a broken link of somebody else’s is in nobody’s way', async () => {
    const { set, changes } = channelWith(['not a link', '']);
    await set(true);
    expect(changes).toHaveLength(1);
  });
});
