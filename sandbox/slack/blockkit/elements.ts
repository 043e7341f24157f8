/** The elements that people act on, and where each may stand. */
import {
  anything,
  boolean,
  both,
  byType,
  type Fields,
  integer,
  isObject,
  list,
  matching,
  note,
  object,
  oneOf,
  type Rule,
  string,
  url,
} from './check.ts';
import {
  anyText,
  choiceOption,
  confirm,
  imageSource,
  initialIsOffered,
  oneImageSource,
  oneListOfOptions,
  option,
  optionGroups,
  options,
  overflowOption,
  plainText,
} from './composition.ts';
import { richText } from './rich-text.ts';

const actionId = string(255);
const placeholder = plainText(150);
const word = string(255);
const words = list(word, 0, 100);
const dispatch = object({
  trigger_actions_on: list(oneOf('on_enter_pressed', 'on_character_entered'), 1, 2),
});

/** An element of a type, with an optional action id and what else it takes. */
function element(type: string, required: Fields, optional: Fields): Rule {
  return object({ type: oneOf(type), ...required }, { action_id: actionId, ...optional });
}

/** A menu, with what all menus take. */
function menu(type: string, required: Fields, optional: Fields): Rule {
  const several: Fields = type.startsWith('multi_') ? { max_selected_items: integer(1, 100) } : {};
  return element(type, required, { placeholder, confirm, focus_on_load: boolean, ...several, ...optional });
}

/** An input for typed text. */
function typed(type: string, optional: Fields, required: Fields = {}): Rule {
  return element(type, required, {
    placeholder,
    focus_on_load: boolean,
    dispatch_action_config: dispatch,
    ...optional,
  });
}

const button = element(
  'button',
  { text: plainText(75) },
  {
    value: string(2000),
    url: url(3000),
    style: oneOf('primary', 'danger'),
    confirm,
    accessibility_label: string(75),
  },
);

const workflowButton = element(
  'workflow_button',
  { text: plainText(75), workflow: anything },
  { style: oneOf('primary', 'danger'), accessibility_label: string(75) },
);

const filter = object(
  {},
  {
    include: list(oneOf('im', 'mpim', 'private', 'public'), 1, 4),
    exclude_external_shared_channels: boolean,
    exclude_bot_users: boolean,
  },
);
const conversations = { default_to_current_conversation: boolean, filter };
const respondable = { response_url_enabled: boolean };

const image = both(object({ type: oneOf('image'), alt_text: string(2000) }, imageSource), oneImageSource);

/** Numbers come as text. */
const number = matching(/^-?\d+(\.\d+)?$/, 'a number in a string');

const inputLength: Rule = (check, value, pointer) => {
  if (isObject(value) && value.min_length > value.max_length) {
    note(check, 'not_allowed', 'min_length cannot exceed max_length', pointer);
  }
};

const date = matching(/^\d{4}-\d{2}-\d{2}$/, 'a date, YYYY-MM-DD');
const time = matching(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time, HH:mm');
const feedback = object({ text: plainText(75), value: string(2000) }, { accessibility_label: string(75) });

const ELEMENTS: Record<string, Rule> = {
  button,
  workflow_button: workflowButton,
  image,
  overflow: element('overflow', { options: list(overflowOption, 1, 5) }, { confirm }),
  checkboxes: both(
    element(
      'checkboxes',
      { options: list(choiceOption, 1, 10) },
      { initial_options: list(choiceOption, 1, 10), confirm, focus_on_load: boolean },
    ),
    initialIsOffered,
  ),
  radio_buttons: both(
    element(
      'radio_buttons',
      { options: list(choiceOption, 1, 10) },
      { initial_option: choiceOption, confirm, focus_on_load: boolean },
    ),
    initialIsOffered,
  ),
  static_select: both(
    menu('static_select', {}, { options, option_groups: optionGroups, initial_option: option }),
    oneListOfOptions,
    initialIsOffered,
  ),
  multi_static_select: both(
    menu(
      'multi_static_select',
      {},
      { options, option_groups: optionGroups, initial_options: list(option, 1, 100) },
    ),
    oneListOfOptions,
    initialIsOffered,
  ),
  external_select: menu(
    'external_select',
    {},
    { initial_option: option, min_query_length: integer(0, 3000) },
  ),
  multi_external_select: menu(
    'multi_external_select',
    {},
    { initial_options: list(option, 1, 100), min_query_length: integer(0, 3000) },
  ),
  users_select: menu('users_select', {}, { initial_user: word }),
  multi_users_select: menu('multi_users_select', {}, { initial_users: words }),
  conversations_select: menu(
    'conversations_select',
    {},
    { ...conversations, ...respondable, initial_conversation: word },
  ),
  multi_conversations_select: menu(
    'multi_conversations_select',
    {},
    { ...conversations, initial_conversations: words },
  ),
  channels_select: menu('channels_select', {}, { ...respondable, initial_channel: word }),
  multi_channels_select: menu('multi_channels_select', {}, { initial_channels: words }),
  datepicker: menu('datepicker', {}, { initial_date: date }),
  timepicker: menu('timepicker', {}, { initial_time: time, timezone: word }),
  datetimepicker: element(
    'datetimepicker',
    {},
    { initial_date_time: integer(1_000_000_000, 9_999_999_999), confirm, focus_on_load: boolean },
  ),
  plain_text_input: both(
    typed('plain_text_input', {
      initial_value: string(3000, 0),
      multiline: boolean,
      min_length: integer(0, 3000),
      max_length: integer(1, 3000),
    }),
    inputLength,
  ),
  email_text_input: typed('email_text_input', { initial_value: string(3000, 0) }),
  url_text_input: typed('url_text_input', { initial_value: string(3000, 0) }),
  number_input: typed(
    'number_input',
    { initial_value: number, min_value: number, max_value: number },
    { is_decimal_allowed: boolean },
  ),
  rich_text_input: typed('rich_text_input', {
    initial_value: richText,
    min_lines: integer(1, 100),
    max_lines: integer(1, 100),
  }),
  file_input: element('file_input', {}, { filetypes: list(string(255), 0, 100), max_files: integer(1, 10) }),
  icon_button: element(
    'icon_button',
    { icon: string(255), text: plainText(75) },
    {
      accessibility_label: string(75),
      value: string(2000),
      visible_to_user_ids: words,
      confirm,
    },
  ),
  feedback_buttons: element('feedback_buttons', { positive_button: feedback, negative_button: feedback }, {}),
};

const SELECTS = ['static', 'external', 'users', 'conversations', 'channels'].flatMap((kind) => [
  `${kind}_select`,
  `multi_${kind}_select`,
]);
const COMMON = ['checkboxes', 'datepicker', 'radio_buttons', 'timepicker', ...SELECTS];

/** What may stand beside a section's text. */
export const accessory: Rule = byType(ELEMENTS, [
  'button',
  'image',
  'overflow',
  'workflow_button',
  ...COMMON,
]);

/** What may stand in an actions block. */
export const actionElement: Rule = byType(ELEMENTS, [
  ...['button', 'overflow', 'workflow_button', 'datetimepicker', 'rich_text_input'],
  ...COMMON,
]);

/** What may stand in a context_actions block. */
export const contextAction: Rule = byType(ELEMENTS, ['icon_button', 'feedback_buttons']);

const INPUTS = [
  ...['datetimepicker', 'plain_text_input', 'email_text_input', 'url_text_input', 'number_input'],
  ...['rich_text_input', 'file_input'],
  ...COMMON,
];

/** What may stand in an input block. Files can be asked for in modals only. */
export const inputElement: Rule = (check, value, pointer) => {
  const allowed = check.surface === 'modal' ? INPUTS : INPUTS.filter((type) => type !== 'file_input');
  byType(ELEMENTS, allowed)(check, value, pointer);
};

/** A card's buttons. */
export const cardButton: Rule = byType(ELEMENTS, ['button']);

export const imageElement: Rule = byType(ELEMENTS, ['image']);

/** What may stand in a context block: images and text. */
export const contextElement: Rule = (check, value, pointer) => {
  const isImage = isObject(value) && value.type === 'image';
  (isImage ? imageElement : anyText(3000))(check, value, pointer);
};
