/** Fields of a modal. Typed text comes back in a submission, under `block` and the action id `value`. */
import type { InputBlock, PlainTextOption } from '@slack/types';
import { plain } from './elements.ts';
import { limits } from './limits.ts';

/** Slack's limits for labels, hints and placeholders. Source: docs.slack.dev/reference/block-kit/blocks/input-block. */
const LABEL = 2000;
const PLACEHOLDER = 150;

export interface Field {
  block: string;
  /** Plain. */
  label: string;
  hint?: string;
  required?: boolean;
}

export interface Choice {
  text: string;
  value: string;
}

function field({ block, label, hint, required = false }: Field, element: InputBlock['element']): InputBlock {
  return {
    type: 'input',
    block_id: block,
    label: plain(label, LABEL),
    ...(hint === undefined ? {} : { hint: plain(hint, LABEL) }),
    optional: !required,
    element,
  };
}

export function textField(
  about: Field & { initial?: string; placeholder?: string; maxLength?: number; multiline?: boolean },
): InputBlock {
  const { initial, placeholder, maxLength, multiline } = about;
  return field(about, {
    type: 'plain_text_input',
    action_id: 'value',
    ...(initial ? { initial_value: initial } : {}),
    ...(placeholder ? { placeholder: plain(placeholder, PLACEHOLDER) } : {}),
    ...(maxLength === undefined ? {} : { max_length: maxLength }),
    ...(multiline ? { multiline } : {}),
  });
}

export function selectField(about: Field & { choices: Choice[]; chosen: string }): InputBlock {
  const options = about.choices.map(choice);
  const initial = options.find(({ value }) => value === about.chosen);
  return field(about, {
    type: 'static_select',
    action_id: 'value',
    placeholder: plain(about.label, PLACEHOLDER),
    options,
    ...(initial === undefined ? {} : { initial_option: initial }),
  });
}

/** One box to tick. */
export function tickField(about: Field & { tick: string }): InputBlock {
  const options = [choice({ text: about.tick, value: 'yes' })];
  return field(about, { type: 'checkboxes', action_id: 'value', options });
}

export function choice({ text, value }: Choice): PlainTextOption {
  return { text: plain(text, limits.optionText), value: value.slice(0, limits.optionValue) };
}

export function dateField(about: Field): InputBlock {
  return field(about, { type: 'datepicker', action_id: 'value' });
}

export function personField(about: Field): InputBlock {
  return field(about, { type: 'users_select', action_id: 'value' });
}

/** A channel, public or private; `initial` is chosen already. */
export function channelField(about: Field & { initial: string | null }): InputBlock {
  return field(about, {
    type: 'conversations_select',
    action_id: 'value',
    filter: { include: ['public', 'private'], exclude_bot_users: true },
    ...(about.initial === null ? {} : { initial_conversation: about.initial }),
  });
}

/** Any conversation that the person filling it in can see. */
export function conversationField(about: Field): InputBlock {
  return field(about, { type: 'conversations_select', action_id: 'value' });
}
