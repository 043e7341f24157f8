/** Text, options, confirm dialogs: the parts of blocks and elements. */
import {
  boolean,
  byType,
  type Check,
  type Fields,
  isObject,
  type Json,
  list,
  note,
  object,
  oneOf,
  type Rule,
  string,
  url,
} from './check.ts';

const type = oneOf;

/** A plain text object of up to `most` characters. */
export function plainText(most: number, least = 1): Rule {
  return object({ type: type('plain_text'), text: string(most, least) }, { emoji: boolean });
}

/** A mrkdwn text object of up to `most` characters. */
export function mrkdwn(most: number): Rule {
  return object({ type: type('mrkdwn'), text: string(most) }, { verbatim: boolean });
}

/** Either kind of text object. */
export function anyText(most: number): Rule {
  return byType({ plain_text: plainText(most), mrkdwn: mrkdwn(most) });
}

export const confirm: Rule = object(
  { text: anyText(300) },
  {
    title: plainText(100),
    confirm: plainText(30),
    deny: plainText(30),
    style: oneOf('primary', 'danger'),
  },
);

/** An option's value: 150 by the documentation, which the comments of the SDK's types have not followed yet. */
const OPTION_VALUE = 150;

/** An option of a select menu. */
export const option: Rule = object(
  { text: plainText(75), value: string(OPTION_VALUE) },
  { description: plainText(75) },
);

/** An option of an overflow menu: it may be a link and needs no value then. */
export const overflowOption: Rule = object(
  { text: plainText(75) },
  { value: string(OPTION_VALUE), url: url(3000), description: plainText(75) },
);

/** An option of checkboxes or radio buttons: it may be formatted. */
export const choiceOption: Rule = object(
  { text: anyText(75), value: string(OPTION_VALUE) },
  { description: anyText(75) },
);

export const options: Rule = list(option, 1, 100);

const optionGroup: Rule = object({ label: plainText(75), options: list(option, 0, 100) });

export const optionGroups: Rule = list(optionGroup, 1, 100);

/** `options` or `option_groups`, and exactly one of them. */
export const oneListOfOptions: Rule = (check, value, pointer) => {
  if (!isObject(value)) return;
  const given = [value.options, value.option_groups].filter((one) => one !== undefined);
  if (given.length === 1) return;
  const message = 'exactly one of options and option_groups must be provided';
  note(check, given.length === 0 ? 'missing_field' : 'not_allowed', message, pointer);
};

/** The initial choice must be one of the offered options. */
export const initialIsOffered: Rule = (check, value, pointer) => {
  if (!isObject(value)) return;
  const offered: unknown[] = [
    ...(Array.isArray(value.options) ? value.options : []),
    ...(Array.isArray(value.option_groups)
      ? value.option_groups.flatMap((group: Json) => (Array.isArray(group?.options) ? group.options : []))
      : []),
  ];
  const chosen = value.initial_options ?? (value.initial_option === undefined ? [] : [value.initial_option]);
  if (!Array.isArray(chosen)) return;
  for (const one of chosen) {
    if (offered.some((other) => sameOption(one, other))) continue;
    const field = value.initial_options === undefined ? 'initial_option' : 'initial_options';
    note(check, 'not_allowed', `invalid ${field}: not one of the options`, `${pointer}/${field}`);
  }
};

function sameOption(one: unknown, other: unknown): boolean {
  if (!isObject(one) || !isObject(other)) return false;
  return one.value === other.value && one.text?.text === other.text?.text;
}

const slackFile: Rule = (check, value, pointer) => {
  object({}, { id: string(255), url: url(3000) })(check, value, pointer);
  if (isObject(value) && (value.id === undefined) === (value.url === undefined)) {
    note(check, 'missing_field', 'exactly one of id and url must be provided', pointer);
  }
};

/** Where an image comes from: `image_url` or `slack_file`, one of the two. */
export const imageSource: Fields = { image_url: url(3000), slack_file: slackFile };

/** Refuses an image with no source or with two. */
export function oneImageSource(check: Check, value: unknown, pointer: string): void {
  if (!isObject(value)) return;
  if ((value.image_url === undefined) !== (value.slack_file === undefined)) return;
  note(check, 'missing_field', 'exactly one of image_url and slack_file must be provided', pointer);
}
