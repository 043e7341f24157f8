import type { Screen } from '../blocks/kit/elements.ts';
import { LIST_PAGE_SIZE } from '../blocks/kit/limits.ts';
import { listScreen } from '../blocks/list.ts';
import type { Vault } from '../vault/context.ts';
import { type FilesPage, filesPage, type PageAsked } from '../vault/files/page.ts';
import { filterWords } from '../vault/query/filter.ts';

/** How a page is shown. */
interface Shown {
  query: string;
  cursor?: PageAsked['cursor'];
  inModal?: boolean;
  note?: string;
}

export type FilesAsked = Omit<PageAsked, 'limit'> & Shown;

/** One page of files as a screen. Throws `UserError`. */
export async function filesScreen(vault: Vault, asked: FilesAsked): Promise<Screen> {
  return screenOf(vault, await filesPage(vault, { ...asked, limit: LIST_PAGE_SIZE }), asked);
}

/** Makes a screen of a page that was already found. */
export function screenOf(vault: Vault, found: FilesPage, shown: Shown): Screen {
  const { filter, channelId, page, deletable, maxBytes, checks } = found;
  const { query, cursor, inModal, note } = shown;
  return listScreen({
    channelId,
    page,
    filter,
    query,
    typed: filterWords(query, 'words'),
    time: filterWords(query, 'time'),
    now: vault.now(),
    mayDelete: ({ fileId }) => deletable.has(fileId),
    maxBytes: ({ listedChannelId }) => maxBytes.get(listedChannelId) ?? null,
    check: ({ fileId }) => checks.get(fileId),
    paged: cursor !== undefined,
    ...(inModal === undefined ? {} : { inModal }),
    ...(note === undefined ? {} : { note }),
  });
}
