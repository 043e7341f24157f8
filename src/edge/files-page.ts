import type { Screen } from '../blocks/kit/elements.ts';
import { LIST_PAGE_SIZE } from '../blocks/kit/limits.ts';
import { plainDay, plainPerson } from '../blocks/kit/mrkdwn.ts';
import { listScreen } from '../blocks/list.ts';
import { queryNote } from '../blocks/query-note.ts';
import { dayAt, type Zone } from '../local-day.ts';
import { messagePermalink } from '../slack/permalink.ts';
import type { Vault } from '../vault/context.ts';
import { type FilesPage, filesPage, type PageAsked } from '../vault/files/page.ts';
import { filterWords } from '../vault/query/filter.ts';

/** How a page is shown. */
interface Shown {
  query: string;
  cursor?: PageAsked['cursor'];
  /** How many files come before the page. */
  before?: number;
  /** The menus of the filter are shown. */
  open?: boolean;
  inModal?: boolean;
  note?: string;
  /** What is in the trash stands first. */
  trashFirst?: boolean;
}

export type FilesAsked = Omit<PageAsked, 'limit'> & Shown;

/** One page of files as a screen. Throws `UserError`. */
export async function filesScreen(vault: Vault, asked: FilesAsked): Promise<Screen> {
  return screenOf(vault, await filesPage(vault, { ...asked, limit: LIST_PAGE_SIZE }), asked);
}

/** For an answer that everybody in a channel reads: where Slack did not tell a name in time, a mention would notify. */
export function withoutMentions(found: FilesPage): FilesPage {
  const people = new Map(found.names.people);
  const files = found.page.files.map(({ listedBy, uploaderId }) => listedBy ?? uploaderId ?? '');
  const { userId = '', notUserIds = [] } = found.filter;
  for (const id of [...files, userId, ...notUserIds])
    if (!people.has(id)) people.set(id, plainPerson(null, people));
  return { ...found, names: { ...found.names, people } };
}

/** The days that the filter's times are on, where the person is. */
function daysOf({ after, before }: FilesPage['filter'], zone: Zone) {
  const named = (at: number) => plainDay(dayAt(at, zone));
  return {
    ...(after === undefined ? {} : { after: named(after) }),
    ...(before === undefined ? {} : { before: named(before) }),
  };
}

/** Makes a screen of a page that was already found. */
export function screenOf(vault: Vault, found: FilesPage, shown: Shown): Screen {
  const { filter, notes, channelId, page, deletable, mayHold, mayShare, maxBytes, checks } = found;
  const { total, names, messages, trashed, trashMore, trashStopped, zone, snippets, said, texts } = found;
  const { query, cursor, before, open, inModal, note, trashFirst } = shown;
  const screen = listScreen({
    channelId,
    page,
    filter,
    query,
    typed: filterWords(query, 'words'),
    time: filterWords(query, 'time'),
    now: vault.now(),
    mayDelete: ({ fileId }) => deletable.has(fileId),
    mayHold,
    mayShare,
    names,
    messageUrl: ({ fileId }) => {
      const message = messages.get(fileId);
      return message === undefined ? null : messagePermalink(vault.identity.url, message);
    },
    maxBytes: ({ listedChannelId }) => maxBytes.get(listedChannelId) ?? null,
    check: ({ fileId }) => checks.get(fileId),
    snippet: ({ fileId }) => snippets.get(fileId),
    said: ({ fileId }) => said.get(fileId),
    total,
    // At the beginning nothing comes before, also when a page button led back there.
    ...(page.newer === null ? { before: 0 } : before === undefined ? {} : { before }),
    cursor: page.newer === null && page.files.length > 0 ? undefined : cursor,
    sortedOf: page.sortedOf,
    trashed,
    days: daysOf(filter, zone),
    ...(texts === undefined ? {} : { texts }),
    ...(open === undefined ? {} : { open }),
    ...(inModal === undefined ? {} : { inModal }),
    ...(note === undefined ? {} : { note }),
    ...(trashFirst === undefined ? {} : { trashFirst }),
    ...(trashMore === undefined ? {} : { trashMore }),
    ...(trashStopped === undefined ? {} : { trashStopped }),
  });
  const isEmpty = page.files.length === 0;
  return { ...screen, blocks: [...queryNote({ notes, channelId, isEmpty }), ...screen.blocks] };
}
