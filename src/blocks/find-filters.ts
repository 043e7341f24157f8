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
import { encodeSought, type Sought } from './kit/cursor.ts';
import { button, plain } from './kit/elements.ts';
import { cutEnd, limits } from './kit/limits.ts';
import { channel, code, day, person } from './kit/mrkdwn.ts';
import { sizeInWords } from './kit/size.ts';
import { common, list } from './text/wording.ts';
import { find as words } from './text/wording-find.ts';

/** What a filter lets through, e.g. `from @ann · type pdf or png · before Nov 1, 2026`. Empty for no filter. */
export function filtersInWords(filter: ListFilter): string {
  const { userId, types = [], before, after, text, channelId, minBytes, maxBytes, sha256 } = filter;
  const shownTypes = types.slice(0, 10).map((type) => code(type, 20));
  return common.joined([
    userId === undefined ? '' : list.from(person(userId)),
    channelId === undefined ? '' : words.inChannel(channel(channelId)),
    shownTypes.length === 0 ? '' : list.type(shownTypes),
    after === undefined ? '' : list.after(day(after)),
    before === undefined ? '' : list.before(day(before)),
    minBytes === undefined ? '' : words.largerThan(sizeInWords(minBytes)),
    maxBytes === undefined ? '' : words.smallerThan(sizeInWords(maxBytes)),
    sha256 === undefined ? '' : words.sha256(code(sha256, 64)),
    text ? list.named(code(text, 80)) : '',
  ]);
}

export interface FiltersInput {
  sought: Sought;
  filter: ListFilter;
  /** The words of the query that give a time, as typed. */
  time: string;
}

/**
 * The filters as menus, in one row. Null when the words are too long for the menus to carry. In a channel there is no
 * menu of channels.
 */
export function filterMenus({ sought, filter, time }: FiltersInput): ActionsBlock | null {
  const blockId = encodeSought('find', sought);
  if (blockId === null) return null;
  const elements: ActionsBlock['elements'] = [
    personMenu(filter.userId),
    ...(sought.channelId === '' ? [channelMenu(filter.channelId)] : []),
    choice('find_type', words.type, words.types, (filter.types ?? []).join(',')),
    choice('find_time', words.time, words.times, time.toLowerCase()),
  ];
  if (sought.query !== '') {
    elements.push(
      button({ actionId: 'find_clear', text: words.clear, label: words.clearLabel, value: 'clear' }),
    );
  }
  return { type: 'actions', block_id: blockId, elements };
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

/** A menu of fixed choices; the first removes the filter. */
function choice(
  actionId: string,
  any: string,
  choices: Record<string, string>,
  chosen: string,
): StaticSelect {
  const options: PlainTextOption[] = [
    option(any, ANY),
    ...Object.entries(choices).map(([value, text]) => option(text, value)),
  ];
  const initial = options.find(({ value }) => value === chosen);
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
