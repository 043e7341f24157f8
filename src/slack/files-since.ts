import type { PlacedFile } from '../catalog/sweep/choose.ts';
import type { SlackApi } from './api.ts';
import type { SlackFile } from './file-shape.ts';
import { PATIENCE } from './history.ts';
import { orLost } from './pages.ts';
import { idOf, objectsOf } from './shapes.ts';
import { askedOneByOne, ofWorkspace } from './workspaces.ts';

/** Slack recommends at most 200 per page. Source: docs.slack.dev/apis/web-api/pagination. */
const PAGE_SIZE = 200;
/** More are not read: the channels take turns anyway. */
const MOST_PAGES = 100;

/**
 * The files made since this moment (ms) in all conversations that the bot is in, with their channels. Without `channel`,
 * `files.list` lists what the token can see. Source: docs.slack.dev/reference/methods/files.list (`ts_from`, `page`), and the
 * file object's `channels`, `groups`, `ims` and `shares`. With the token of an organisation, each workspace is asked ("required
 * if org token is used"). Throws `SlackApiError`.
 */
export async function* filesSince(api: SlackApi, since: number): AsyncGenerator<PlacedFile[]> {
  for (const workspace of await askedOneByOne(api)) yield* filesIn(api, since, workspace);
}

async function* filesIn(
  api: SlackApi,
  since: number,
  workspace: string | undefined,
): AsyncGenerator<PlacedFile[]> {
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const args = { ts_from: Math.floor(Math.max(0, since) / 1_000), count: PAGE_SIZE, page };
    const answer = await orLost(api, workspace, () =>
      api.call<{ files?: unknown; paging?: { pages?: number } }>(
        'files.list',
        { ...args, ...ofWorkspace(workspace) },
        PATIENCE,
      ),
    );
    if (answer === undefined) return;
    yield objectsOf<ListedFile>(answer.files).flatMap((file) => {
      const fileId = idOf(file.id);
      return fileId === null ? [] : [{ fileId, channelIds: channelsOf(file) }];
    });
    if (page >= (Number(answer.paging?.pages) || 1)) return;
  }
}

type ListedFile = SlackFile & { channels?: unknown; groups?: unknown; ims?: unknown };

function channelsOf({ channels, groups, ims, shares }: ListedFile): string[] {
  const lists = [channels, groups, ims].flatMap((list) => (Array.isArray(list) ? list : []));
  const shared = Object.values(shares ?? {}).flatMap((places) => Object.keys(places ?? {}));
  return [...new Set([...lists, ...shared].map(idOf).filter((id) => id !== null))];
}
