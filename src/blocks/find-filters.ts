import type {
  ActionsBlock,
  ConversationsSelect,
  InputBlock,
  KnownBlock,
  PlainTextOption,
  StaticSelect,
  UsersSelect,
} from '@slack/types';
import type { ListFilter } from '../catalog/model.ts';
import type { TextMode } from '../text-modes.ts';
import { encodeSought, type Sought } from './kit/cursor.ts';
import { button, plain } from './kit/elements.ts';
import { cutEnd, limits } from './kit/limits.ts';
import { code, day } from './kit/mrkdwn.ts';
import { channelNamed, type Named, NO_NAMES, personNamed } from './kit/names.ts';
import { sizeInWords } from './kit/size.ts';
import { common, list } from './text/wording.ts';
import { find as words } from './text/wording-find.ts';
import { orders, filters as shared } from './text/wording-rows.ts';

/**
 * What a filter lets through, e.g. `from @ann · type pdf or png · before Nov 1, 2026`. Empty for no filter. `texts`: what is searched
 * besides names.
 */
export function filtersInWords(filter: ListFilter, names: Named = NO_NAMES, texts: TextMode = 'all'): string {
  const { userId, types = [], before, after, text, channelId, minBytes, maxBytes, sha256, where } = filter;
  const { notTypes = [], notUserIds = [], notChannelIds = [] } = filter;
  const listed = (some: string[], shown: (one: string) => string) => some.slice(0, 10).map(shown);
  const inCode = (type: string) => code(type, 20);
  const without = [
    notTypes.length === 0 ? '' : list.notType(listed(notTypes, inCode)),
    notUserIds.length === 0 ? '' : list.notFrom(listed(notUserIds, (id) => personNamed(id, names))),
    notChannelIds.length === 0 ? '' : list.notIn(listed(notChannelIds, (id) => channelNamed(id, names))),
  ];
  return common.joined([
    userId === undefined ? '' : list.from(personNamed(userId, names)),
    channelId === undefined ? '' : words.inChannel(channelNamed(channelId, names)),
    types.length === 0 ? '' : list.type(listed(types, inCode)),
    after === undefined ? '' : list.after(day(after)),
    before === undefined ? '' : list.before(day(before)),
    minBytes === undefined ? '' : words.largerThan(sizeInWords(minBytes)),
    maxBytes === undefined ? '' : words.smallerThan(sizeInWords(maxBytes)),
    sha256 === undefined ? '' : words.sha256(code(sha256, 64)),
    text ? list.named(code(text, 80)) : '',
    where === undefined ? '' : where === 'name' ? words.inNames : words.inTexts[texts],
    ...without,
  ]);
}

/** Whether anything besides the words narrows the list. */
export function isFiltered(filter: ListFilter): boolean {
  return chosen(filter) > 0;
}

/** How many filters are set. In a channel, the channel itself is none. */
function chosen(filter: ListFilter): number {
  const { userId, channelId, types, before, after, minBytes, maxBytes, sha256 } = filter;
  const { notTypes, notUserIds, notChannelIds, where } = filter;
  const set = [
    ...[userId, channelId, types, before ?? after, minBytes ?? maxBytes, sha256],
    ...[notTypes, notUserIds, notChannelIds, where],
  ];
  return set.filter((value) => value !== undefined).length;
}

/** The order of a list. */
export function orderOf({ sort, text }: ListFilter): keyof typeof orders {
  return sort ?? (text ? 'match' : 'newest');
}

/** Days such as `Nov 29, 2026`. */
export interface Days {
  after?: string;
  before?: string;
}

export interface FiltersInput {
  sought: Sought;
  filter: ListFilter;
  /** The days of `after` and `before` where the person is, plain. */
  days?: Days | undefined;
  /** The words of the query that give a time, as typed. */
  time: string;
  /** Whether the menus are shown, or only the button that opens them. */
  open: boolean;
}

/**
 * The button *Filter*; when it is open, a menu for each filter in its place, and the order. Null when the words are too
 * long for the row to carry. In a channel there is no menu of channels.
 */
export function filterRow({ sought, filter, time, open, days }: FiltersInput): ActionsBlock | null {
  const blockId = encodeSought(open ? 'menus' : 'find', sought);
  if (blockId === null) return null;
  const set = chosen(filter);
  const clear = button({
    actionId: 'find_clear',
    text: shared.clear,
    label: shared.clearLabel,
    value: open ? 'open' : 'closed',
  });
  const elements: ActionsBlock['elements'] = open
    ? [
        ...menusOf(sought, filter, time, days),
        ...(set > 0 ? [clear] : []),
        button({ actionId: 'find_close', text: shared.done, label: shared.doneLabel, value: 'close' }),
      ]
    : [
        button({
          actionId: 'find_open',
          text: set > 0 ? shared.filterOf(set) : shared.filter,
          label: shared.filterLabel,
          value: 'open',
        }),
        ...(set > 0 ? [clear] : []),
      ];
  return { type: 'actions', block_id: blockId, elements };
}

function menusOf(
  sought: Sought,
  filter: ListFilter,
  time: string,
  days: Days = {},
): ActionsBlock['elements'] {
  const types = (filter.types ?? []).join(',');
  const span = [
    days.after === undefined ? '' : list.after(days.after),
    days.before === undefined ? '' : list.before(days.before),
  ];
  const { minBytes, maxBytes } = filter;
  const sizes = [
    minBytes === undefined ? '' : words.largerThan(sizeInWords(minBytes)),
    maxBytes === undefined ? '' : words.smallerThan(sizeInWords(maxBytes)),
  ];
  return [
    personMenu(filter.userId),
    ...(sought.channelId === '' ? [channelMenu(filter.channelId)] : []),
    choice('find_type', words.type, words.types, {
      value: typeKey(types),
      text: said([list.type(types.split(','))]),
    }),
    choice('find_time', words.time, words.times, { value: time.toLowerCase(), text: said(span) }),
    choice('find_size', shared.size, shared.sizes, { value: sizeKey(filter), text: said(sizes) }),
    orderMenu(filter),
  ];
}

const said = (parts: string[]) => {
  const text = parts.filter((part) => part !== '').join(', ');
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
};

/** The choice with just these types, in any order. */
function typeKey(types: string): string {
  const sorted = (list: string) => list.split(',').sort().join(',');
  return Object.keys(words.types).find((key) => sorted(key) === sorted(types)) ?? types;
}

const MB = 2 ** 20;
const SIZE_KEYS: Record<string, [min?: number, max?: number]> = {
  'size:<1mb': [undefined, MB - 1],
  'size:>=1mb': [MB],
  'size:>=10mb': [10 * MB],
  'size:>=100mb': [100 * MB],
  'size:>=1gb': [1024 * MB],
};

/** The choice with just these sizes. */
function sizeKey({ minBytes, maxBytes }: ListFilter): string {
  const same = ([min, max]: [number?, number?]) => min === minBytes && max === maxBytes;
  const [key] = Object.entries(SIZE_KEYS).find(([, sizes]) => same(sizes)) ?? [];
  return key ?? (minBytes === undefined && maxBytes === undefined ? '' : shared.asTyped);
}

function orderMenu(filter: ListFilter): StaticSelect {
  const { match, ...rest } = orders;
  const usual = filter.text ? { match, ...rest } : rest;
  const options = Object.entries(usual).map(([value, text]) => option(text, value));
  const initial = options.find(({ value }) => value === orderOf(filter)) as PlainTextOption;
  return {
    type: 'static_select',
    action_id: 'find_sort',
    placeholder: plain(orders.newest, limits.placeholder),
    options,
    initial_option: initial,
  };
}

/** More letters than a name needs; the menus carry them. */
const TYPED = 120;

/** The field for the words, in a modal. */
export function wordsInput(sought: Sought, text: string): KnownBlock[] {
  const blockId = encodeSought('words', sought);
  if (blockId === null) return [];
  const input: InputBlock = {
    type: 'input',
    block_id: blockId,
    dispatch_action: true,
    optional: true,
    label: plain(words.words, limits.placeholder),
    hint: plain(words.wordsHint, limits.placeholder),
    element: {
      type: 'plain_text_input',
      action_id: 'find_words',
      ...(text === '' ? {} : { initial_value: cutEnd(text.toWellFormed(), TYPED) }),
      max_length: TYPED,
      dispatch_action_config: { trigger_actions_on: ['on_enter_pressed'] },
    },
  };
  return [input];
}

function personMenu(userId: string | undefined): UsersSelect {
  return {
    type: 'users_select',
    action_id: 'find_person',
    placeholder: plain(words.person, limits.placeholder),
    // Slack refuses an id with a wrong form.
    ...(userId !== undefined && /^[UW][A-Z0-9]{1,30}$/.test(userId) ? { initial_user: userId } : {}),
  };
}

function channelMenu(channelId: string | undefined): ConversationsSelect {
  return {
    type: 'conversations_select',
    action_id: 'find_channel',
    placeholder: plain(words.channel, limits.placeholder),
    filter: { include: ['public', 'private'] },
    // The menu offers only channels, and Slack refuses any other choice.
    ...(channelId?.startsWith('C') ? { initial_conversation: channelId } : {}),
  };
}

const ANY = 'any';

/**
 * A menu of fixed choices; the first removes the filter. What was typed and is no such choice stands among them in its
 * own words: the menu tells the truth.
 */
function choice(
  actionId: string,
  any: string,
  choices: Record<string, string>,
  set: { value: string; text: string },
): StaticSelect {
  const isOther = set.text !== '' && set.value !== '' && choices[set.value] === undefined;
  const options: PlainTextOption[] = [
    option(any, ANY),
    ...(isOther ? [option(set.text, shared.asTyped)] : []),
    ...Object.entries(choices).map(([value, text]) => option(text, value)),
  ];
  const initial = options.find(({ value }) => value === (isOther ? shared.asTyped : set.value));
  return {
    type: 'static_select',
    action_id: actionId,
    placeholder: plain(any, limits.placeholder),
    options,
    ...(initial === undefined ? {} : { initial_option: initial }),
  };
}

function option(text: string, value: string): PlainTextOption {
  return { text: plain(text, limits.optionText), value };
}
