import type { Button, KnownBlock } from '@slack/types';
import type { FoundFile, ListCursor, ListedFile, ListFilter } from '../catalog/model.ts';
import type { Checked } from '../catalog/scan/model.ts';
import { RANK } from '../text/match-rank.ts';
import { fileLine } from './file-line.ts';
import { filterMenus, filtersInWords, wordsInput } from './find-filters.ts';
import { encodeCursor } from './kit/cursor.ts';
import { actions, button, context, type Screen, section } from './kit/elements.ts';
import { LIST_PAGE_SIZE } from './kit/limits.ts';
import { channel } from './kit/mrkdwn.ts';
import { buttons, count, list as words } from './text/wording.ts';
import { find } from './text/wording-find.ts';

/** A file on the page; without words it has no rank. */
type LineFile = ListedFile & Partial<FoundFile>;

export interface ListInput {
  /** The channel whose files are listed; empty for every channel that the asker may see. */
  channelId: string;
  /** At most ten files are shown. */
  page: { files: LineFile[]; newer: ListCursor | null; older: ListCursor | null; stopped?: true };
  filter: ListFilter;
  /** The words that the asker typed; the page buttons and menus carry them. */
  query: string;
  /** The words that belong to the name, with their quotes. */
  typed?: string;
  /** The words that give a time. */
  time?: string;
  /** Milliseconds since 1970. */
  now: number;
  mayDelete: (file: ListedFile) => boolean;
  /** The most bytes that the channel of a file takes, if that matters. */
  maxBytes?: (file: ListedFile) => number | null;
  /** What the malware scanner said of the newest version of a file. */
  check?: (file: ListedFile) => Checked | undefined;
  /** True when a page button led here: then an empty page means the end, not an empty channel. */
  paged?: boolean;
  /** In a modal, where the words can be typed on the screen. */
  inModal?: boolean;
  /** Small text under the title, for an answer that others read too. */
  note?: string;
}

/** `/vault list` and `/vault find`: one page of files, of one channel or of all that the asker may see. */
export function listScreen(input: ListInput): Screen {
  const { channelId, page, filter, now, mayDelete, note } = input;
  const files = page.files.slice(0, LIST_PAGE_SIZE);
  if (files.length === 0) return emptyList(input);
  const where = channel(channelId);
  const everywhere = channelId === '';
  const order = filter.text ? find.bestFirst : words.unfiltered;
  const filters = filtersInWords(filter);
  const shown = count(files.length, 'file');
  return {
    text: everywhere ? find.text(shown) : words.text(files.length, where),
    blocks: [
      ...typedWords(input),
      section(everywhere ? find.title : words.title(where)),
      context(filters === '' ? order : `${order} · ${filters}`),
      ...(note === undefined ? [] : [context(note)]),
      ...stopped(input),
      ...menus(input),
      ...files.flatMap((file, index) => [
        ...similarFrom(files, index),
        fileLine(file, {
          ...{ now, mayDelete: mayDelete(file), showChannel: everywhere },
          maxBytes: input.maxBytes?.(file),
          check: input.check?.(file),
        }),
      ]),
      ...pageButtons(input),
    ],
  };
}

/** Says that the time ended before everything was searched. */
function stopped({ page }: ListInput): KnownBlock[] {
  return page.stopped ? [context(find.stopped)] : [];
}

/** Says where the names begin that are only similar. */
function similarFrom(files: LineFile[], index: number): KnownBlock[] {
  if (files[index]?.rank !== RANK.similar || files[index - 1]?.rank === RANK.similar) return [];
  return [context(index === 0 ? find.similar : find.alsoSimilar)];
}

function emptyList(input: ListInput): Screen {
  const { channelId, page, filter, paged = false } = input;
  const everywhere = channelId === '';
  const where = channel(channelId);
  const filters = filtersInWords(filter);
  const rest = [...stopped(input), ...menus(input), ...pageButtons(input)];
  if (page.stopped) return empty(input, find.nothingSoFar, filters === '' ? words.unfiltered : filters, rest);
  if (paged || page.newer || page.older) {
    return empty(input, words.pastEnd, everywhere ? find.startAgain : words.pastEndHint, rest);
  }
  if (filters === '') {
    return everywhere
      ? empty(input, find.nothingYet, words.nothingYetHint)
      : empty(input, words.nothingYet(where), words.nothingYetHint);
  }
  const hint = everywhere ? find.noMatchHint : words.noMatchHint;
  return empty(input, everywhere ? find.noMatch : words.noMatch(where), `${filters}\n${hint}`, rest);
}

function empty(input: ListInput, text: string, hint: string, rest: KnownBlock[] = []): Screen {
  return { text, blocks: [...typedWords(input), section(text), context(hint), ...rest] };
}

function typedWords({ inModal = false, channelId, query, filter, typed }: ListInput): KnownBlock[] {
  return inModal ? wordsInput({ channelId, query }, typed ?? filter.text ?? '') : [];
}

function menus({ channelId, query, filter, time = '' }: ListInput): KnownBlock[] {
  const row = filterMenus({ sought: { channelId, query }, filter, time });
  return row === null ? [] : [row];
}

function pageButtons({ channelId, query, page }: ListInput): KnownBlock[] {
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
