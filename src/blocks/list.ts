import type { Button } from '@slack/types';
import type { FilePage, ListedFile, ListFilter } from '../catalog/model.ts';
import { encodeCursor } from './cursor.ts';
import { actions, button, context, type Screen, section } from './elements.ts';
import { fileLine } from './file-line.ts';
import { LIST_PAGE_SIZE } from './limits.ts';
import { channel, code, day, person } from './mrkdwn.ts';
import { buttons, common, list as words } from './wording.ts';

export interface ListInput {
  channelId: string;
  /** At most ten files are shown. */
  page: FilePage;
  filter: ListFilter;
  /** The words that the asker typed; they travel in the page buttons. */
  query: string;
  /** Milliseconds since 1970. */
  now: number;
  mayDelete: (file: ListedFile) => boolean;
  /** True when a page button led here: an empty page then means past the end, not an empty channel. */
  paged?: boolean;
}

/** `/vault list`: one page of the files of a channel, newest first. */
export function listScreen(input: ListInput): Screen {
  const { channelId, page, filter, now, mayDelete } = input;
  const files = page.files.slice(0, LIST_PAGE_SIZE);
  if (files.length === 0) return emptyList(input);
  const where = channel(channelId);
  const filters = filtersInWords(filter);
  return {
    text: words.text(files.length, where),
    blocks: [
      section(words.title(where)),
      context(filters === '' ? words.unfiltered : words.filtered(filters)),
      ...files.map((file) => fileLine(file, { now, mayDelete: mayDelete(file) })),
      ...pageButtons(input),
    ],
  };
}

function emptyList(input: ListInput): Screen {
  const { channelId, page, filter, paged = false } = input;
  const where = channel(channelId);
  const filters = filtersInWords(filter);
  if (paged || page.newer || page.older) return empty(words.pastEnd, words.pastEndHint, pageButtons(input));
  if (filters === '') return empty(words.nothingYet(where), words.nothingYetHint);
  return empty(words.noMatch(where), `${filters}\n${words.noMatchHint}`);
}

function empty(text: string, hint: string, rest: Screen['blocks'] = []): Screen {
  return { text, blocks: [section(text), context(hint), ...rest] };
}

/** What a filter lets through, e.g. `from @ann · type pdf or png · before Nov 1, 2026`. Empty for no filter. */
function filtersInWords({ userId, types = [], before, after, text }: ListFilter): string {
  const shownTypes = types.slice(0, 10).map((type) => code(type, 20));
  return common.joined([
    userId === undefined ? '' : words.from(person(userId)),
    shownTypes.length === 0 ? '' : words.type(shownTypes),
    after === undefined ? '' : words.after(day(after)),
    before === undefined ? '' : words.before(day(before)),
    text ? words.named(code(text, 80)) : '',
  ]);
}

function pageButtons({ channelId, query, page }: ListInput): Screen['blocks'] {
  const shown: Button[] = [];
  let tooLong = false;
  for (const [cursor, actionId, text, label] of [
    [page.newer, 'list_newer', buttons.newer, words.newerLabel],
    [page.older, 'list_older', buttons.older, words.olderLabel],
  ] as const) {
    if (cursor === null) continue;
    const value = encodeCursor({ channelId, query, cursor });
    if (value === null) tooLong = true;
    else shown.push(button({ actionId, text, label, value }));
  }
  return [...actions(shown), ...(tooLong ? [context(words.tooLongToPage)] : [])];
}
