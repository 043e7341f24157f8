import type { Button, KnownBlock } from '@slack/types';
import type { TrashedFile } from '../catalog/governance/trash-list.ts';
import type { FoundFile, ListCursor, ListedFile, ListFilter } from '../catalog/model.ts';
import type { Checked } from '../catalog/scan/model.ts';
import { RANK } from '../text/match-rank.ts';
import type { TextMode } from '../text-modes.ts';
import { runButton } from './command-button.ts';
import { type FoundText, fileRow } from './file-row.ts';
import { type Days, filterRow, filtersInWords, isFiltered, orderOf, wordsInput } from './find-filters.ts';
import { encodeCursor, encodePlace, type ListPlace } from './kit/cursor.ts';
import { actions, button, context, type Screen, section } from './kit/elements.ts';
import { LIST_PAGE_SIZE } from './kit/limits.ts';
import { quietName } from './kit/mrkdwn.ts';
import { channelNamed, type Named, NO_NAMES } from './kit/names.ts';
import { sizeInWords } from './kit/size.ts';
import type { SaidShown } from './said.ts';
import { buttons, common, list as words } from './text/wording.ts';
import { find } from './text/wording-find.ts';
import { heading, hint, orders, rows } from './text/wording-rows.ts';
import { trashedRow } from './trashed-row.ts';

/** A file on the page; without words it has no rank. */
type LineFile = ListedFile & Partial<FoundFile>;

export interface ListInput {
  /** The channel whose files are listed; empty for every channel that the asker may see. */
  channelId: string;
  /** At most ten files are shown. */
  page: {
    files: LineFile[];
    newer: ListCursor | null;
    older: ListCursor | null;
    stopped?: true;
    behind?: true;
  };
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
  mayHold?: boolean;
  mayShare?: boolean;
  names?: Named;
  /** The page of a file's message in Slack. */
  messageUrl?: (file: ListedFile) => string | null;
  /** The most bytes that the channel of a file takes, if that matters. */
  maxBytes?: (file: ListedFile) => number | null;
  /** What the malware scanner said of the newest version of a file. */
  check?: (file: ListedFile) => Checked | undefined;
  /** A piece of the text of a file that was found by its contents. */
  snippet?: (file: ListedFile) => FoundText | undefined;
  /** What was said with a file that was found by that. */
  said?: (file: ListedFile) => SaidShown | undefined;
  /** How many files there are in all, and their bytes if these are known; `more`: there are more than that. */
  total?: { files: number; more: boolean; bytes: number | null };
  /** How many files come before this page, and where it is. */
  before?: number;
  cursor?: ListCursor | undefined;
  /** Only so many of the newest could be put in order. */
  sortedOf?: number | undefined;
  /** Files in the trash that the words fit. */
  trashed?: Array<TrashedFile & { mayRestore: boolean }>;
  /** They stand first: the list is of the trash, unless there is nothing of it. */
  trashFirst?: boolean;
  /** Then: the trash has more than these. */
  trashMore?: boolean;
  /** Then: not all of the trash was looked at. */
  trashStopped?: boolean;
  /** What is searched besides names; all if missing. */
  texts?: TextMode;
  /** The menus of the filter are shown. */
  open?: boolean;
  /** The days of the filter's times where the person is. */
  days?: Days;
  /** In a modal, where the words can be typed on the screen. */
  inModal?: boolean;
  /** Small text under the title, for an answer that others read too. */
  note?: string;
}

/** `/vault list` and `/vault find`: one page of files, of one channel or of all that the asker may see. */
export function listScreen(input: ListInput): Screen {
  const { page, now, mayDelete, channelId } = input;
  const files = page.files.slice(0, LIST_PAGE_SIZE);
  if (input.trashFirst && input.trashed?.length) return trashList(input, files.length);
  if (files.length === 0) return emptyList(input);
  const title = titleOf(input, files.length);
  return {
    text: title,
    blocks: [
      ...typedWords(input),
      section(`*${title}*`),
      ...smallPrint(underTitle(input)),
      ...menus(input),
      ...files.flatMap((file, index) => [
        ...otherwiseFrom(files, index),
        ...fileRow(file, {
          ...{ now, mayDelete: mayDelete(file), mayHold: input.mayHold ?? false },
          mayShare: input.mayShare ?? false,
          showChannel: channelId === '',
          names: input.names ?? NO_NAMES,
          maxBytes: input.maxBytes?.(file),
          check: input.check?.(file),
          snippet: input.snippet?.(file),
          said: input.said?.(file),
          messageUrl: input.messageUrl?.(file),
          blockId: encodePlace(index, placeOf(input)) ?? undefined,
        }),
      ]),
      ...trashRows(input),
      ...pageButtons(input),
    ],
  };
}

function placeOf({ channelId, query, cursor, before }: ListInput): ListPlace {
  return {
    ...{ channelId, query },
    ...(before === undefined ? {} : { before }),
    ...(cursor === undefined ? {} : { cursor }),
  };
}

/** `Files in #general · 1–10 of 58`. */
function titleOf(input: ListInput, shown: number): string {
  const { page, before = 0, total } = input;
  const isWhole = before === 0 && page.older === null && !page.stopped;
  const { files, more } = isWhole
    ? { files: shown, more: false }
    : // What is on the page is there, whatever was counted.
      { files: Math.max(total?.files ?? 0, before + shown), more: total?.more ?? true };
  const all = more ? heading.atLeast(files) : heading.exactly(files);
  if (input.before === undefined && input.cursor !== undefined) return `${subject(input)} · ${all}`;
  return `${subject(input)} · ${heading.range(before + 1, before + shown, all)}`;
}

function subject(input: ListInput): string {
  const { channelId, filter } = input;
  const where = channelNamed(channelId, input.names ?? NO_NAMES);
  const typed = typedIn(filter);
  if (typed === '') return channelId === '' ? heading.everywhere : heading.channel(where);
  return channelId === '' ? heading.found(typed) : heading.foundIn(typed, where);
}

/** The words as they were typed, in quotes; in a code span if Slack could read them as formatting. */
function typedIn({ text }: ListFilter): string {
  if (!text) return '';
  const shown = quietName(text, 60);
  return shown.startsWith('`') ? shown : `“${shown}”`;
}

/** One line: the order, the filters, how much it is, and what else is to be said. */
function underTitle(input: ListInput): string {
  const { filter, total, page, note, sortedOf } = input;
  // One file has no order, and says its size itself.
  const isOnly = isOneFile(input);
  const order = isOnly ? '' : orders[orderOf(filter)];
  const { text: _, ...others } = filter;
  const bytes = total !== undefined && !total.more && total.bytes !== null ? total.bytes : null;
  const line = common.joined([
    order,
    filtersInWords(others, input.names, input.texts),
    bytes === null || isOnly ? '' : rows.size(sizeInWords(bytes)),
  ]);
  return [
    line,
    sortedOf === undefined ? '' : rows.sortedSome(sortedOf),
    input.trashFirst ? noneInTrash(input) : '',
    note ?? '',
    page.stopped ? whyStopped(page) : '',
  ]
    .filter((one) => one !== '')
    .join('\n');
}

const whyStopped = ({ behind }: ListInput['page']) => (behind ? find.behind : find.stopped);

function isOneFile({ page, before = 0, cursor, filter }: ListInput): boolean {
  const isWhole = before === 0 && cursor === undefined && page.older === null && !page.stopped;
  return page.files.length === 1 && isWhole && filter.sort === undefined;
}

const smallPrint = (text: string): KnownBlock[] => (text === '' ? [] : [context(text)]);

/** Only who looked at all of the trash may say that nothing is there. */
function noneInTrash(input: ListInput): string {
  const { trashStopped, filter } = input;
  if (trashStopped) return rows.trashStopped;
  const isByName = (filter.text ?? '') !== '' && filter.where === undefined;
  return isByName ? rows.noneInTrashByName[input.texts ?? 'all'] : rows.noneInTrash;
}

/** Says where the files begin that have the words only in them, and those whose names are only similar. */
function otherwiseFrom(files: LineFile[], index: number): KnownBlock[] {
  const rank = files[index]?.rank;
  if (rank === files[index - 1]?.rank) return [];
  if (rank === RANK.said) return [context(find.said)];
  if (rank === RANK.contents) return [context(find.contents)];
  return rank === RANK.similar ? [context(index === 0 ? find.similar : find.alsoSimilar)] : [];
}

function emptyList(input: ListInput): Screen {
  const { channelId, page, filter, cursor, trashed = [] } = input;
  const everywhere = channelId === '';
  const where = channelNamed(channelId, input.names ?? NO_NAMES);
  const { text: _, ...others } = filter;
  const filters = filtersInWords(others, input.names, input.texts);
  const filterButton = isFiltered(filter) || input.open ? menus(input) : [];
  const trash = input.trashFirst && input.trashStopped ? [context(rows.trashStopped)] : trashRows(input);
  const rest = [...filterButton, ...trash, ...pageButtons(input)];
  if (page.stopped) return empty(input, find.nothingSoFar, common.joined([whyStopped(page), filters]), rest);
  if (cursor !== undefined || page.newer || page.older)
    return empty(input, words.pastEnd, everywhere ? find.startAgain : words.pastEndHint, rest);
  const typed = typedIn(filter);
  const isAnything = Object.entries(filter).every(
    ([name, value]) => name === 'sort' || name === 'channelId' || value === undefined,
  );
  if (typed === '' && isAnything && !isFiltered(filter)) {
    const nothing = everywhere ? heading.nothing : heading.nothingIn(where);
    return empty(input, nothing, words.nothingYetHint, trash);
  }
  const none =
    typed === '' ? heading.noneFiltered : everywhere ? heading.none(typed) : heading.noneIn(typed, where);
  const next = isFiltered(filter) ? hint.filters : hint.words;
  const more = trashed.length > 0 ? [] : [next];
  const isAllTrash = input.trashFirst === true && !input.trashStopped;
  const lines = [
    common.joined([filters, ...more]),
    isAllTrash ? noneInTrash(input) : '',
    typed === '' || filter.where !== undefined ? '' : notSearched(input),
  ];
  return empty(input, none, lines.filter((line) => line !== '').join('\n'), rest);
}

const notSearched = ({ texts = 'all' }: ListInput) => (texts === 'all' ? '' : find.notSearched[texts]);

function empty(input: ListInput, text: string, small: string, rest: KnownBlock[] = []): Screen {
  return {
    text,
    blocks: [...typedWords(input), section(text), ...smallPrint(small), ...rest],
  };
}

/** What of the trash the words fit, and a way to the files that are not there. */
function trashList(input: ListInput, others: number): Screen {
  const { query, filter, trashed = [], names = NO_NAMES } = input;
  const typed = typedIn(filter);
  const title = rows.trashTitle(typed === '' ? quietName(query, 60) : typed);
  const place = { channelId: '', query, trashFirst: true } as const;
  const search = runButton({ name: 'find', text: query, button: rows.notInTrash }, rows.notInTrashLabel);
  return {
    text: title,
    blocks: [
      section(`*${title}*`),
      ...trashed.map((file, row) =>
        trashedRow(file, { names, blockId: encodePlace(row, place) ?? undefined }),
      ),
      ...(input.trashStopped
        ? [context(rows.moreInTrashMaybe)]
        : input.trashMore
          ? [context(rows.moreInTrash)]
          : []),
      ...actions(others > 0 ? [search] : []),
    ],
  };
}

/** Files in the trash that the words fit, after all others. */
function trashRows(input: ListInput): KnownBlock[] {
  const { trashed = [], names = NO_NAMES, page } = input;
  if (trashed.length === 0 || page.older !== null) return [];
  const blockId = (row: number) => encodePlace(20 + row, placeOf(input)) ?? undefined;
  return [
    section(rows.trash),
    ...trashed.map((file, row) => trashedRow(file, { names, blockId: blockId(row) })),
  ];
}

function typedWords({ inModal = false, channelId, query, filter, typed }: ListInput): KnownBlock[] {
  return inModal ? wordsInput({ channelId, query }, typed ?? filter.text ?? '') : [];
}

function menus({ channelId, query, filter, time = '', open = false, days }: ListInput): KnownBlock[] {
  const row = filterRow({ sought: { channelId, query }, filter, time, open, days });
  return row === null ? [] : [row];
}

function pageButtons({ channelId, query, page, before, cursor: here }: ListInput): KnownBlock[] {
  const shown: Button[] = [];
  let tooLong = false;
  // A button of an earlier release did not say where its page is.
  const isKnown = before !== undefined || here === undefined;
  const after = (before ?? 0) + Math.min(page.files.length, LIST_PAGE_SIZE);
  const earlier = Math.max(0, (before ?? 0) - LIST_PAGE_SIZE);
  for (const [cursor, start, actionId, text, label] of [
    [page.newer, earlier, 'list_newer', buttons.newer, words.newerLabel],
    [page.older, after, 'list_older', buttons.older, words.olderLabel],
  ] as const) {
    if (cursor === null) continue;
    const value = encodeCursor({ channelId, query, cursor, ...(isKnown ? { before: start } : {}) });
    if (value === null) tooLong = true;
    else shown.push(button({ actionId, text, label, value }));
  }
  return [...actions(shown), ...(tooLong ? [context(words.tooLongToPage)] : [])];
}
