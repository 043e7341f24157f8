import type { Block } from '../../slack/page-api.ts';

/** The current state of a message's or view's inputs, as Slack's `state.values`. */
export type Values = Record<string, Record<string, Record<string, unknown>>>;

/** Which key of the state holds an element's value, and the value before anybody has touched it. */
function initial(element: Block): Record<string, unknown> | null {
  const { type } = element;
  switch (type) {
    case 'plain_text_input':
    case 'email_text_input':
    case 'url_text_input':
    case 'number_input':
      return { type, value: element.initial_value ?? null };
    case 'static_select':
    case 'external_select':
    case 'radio_buttons':
      return { type, selected_option: element.initial_option ?? null };
    case 'multi_static_select':
    case 'multi_external_select':
    case 'checkboxes':
      return { type, selected_options: element.initial_options ?? [] };
    case 'users_select':
      return { type, selected_user: element.initial_user ?? null };
    case 'multi_users_select':
      return { type, selected_users: element.initial_users ?? [] };
    case 'channels_select':
      return { type, selected_channel: element.initial_channel ?? null };
    case 'multi_channels_select':
      return { type, selected_channels: element.initial_channels ?? [] };
    case 'conversations_select':
      return { type, selected_conversation: element.initial_conversation ?? null };
    case 'multi_conversations_select':
      return { type, selected_conversations: element.initial_conversations ?? [] };
    case 'datepicker':
      return { type, selected_date: element.initial_date ?? null };
    case 'timepicker':
      return { type, selected_time: element.initial_time ?? null };
    case 'datetimepicker':
      return { type, selected_date_time: element.initial_date_time ?? null };
    case 'file_input':
      return { type, files: [] };
    default:
      return null;
  }
}

/** The elements of a block that a person can act on. */
function elementsOf(block: Block): Block[] {
  if (block.type === 'actions') return block.elements ?? [];
  if (block.type === 'input') return block.element ? [block.element] : [];
  return block.accessory ? [block.accessory] : [];
}

/**
 * The state of the inputs for these blocks. As in Slack, what a person entered survives an update of the view
 * where block and action keep their ids.
 */
export function valuesFor(blocks: Block[], entered: Values): Values {
  const values: Values = {};
  for (const block of blocks) {
    for (const element of elementsOf(block)) {
      const start = initial(element);
      if (!start) continue;
      const kept = entered[block.block_id]?.[element.action_id];
      const value = kept && kept.type === element.type ? kept : start;
      values[block.block_id] = { ...values[block.block_id], [element.action_id]: value };
    }
  }
  return values;
}

/** True when nothing has been entered. */
export function isEmpty(value: Record<string, unknown> | undefined): boolean {
  return Object.entries(value ?? {}).every(
    ([key, one]) => key === 'type' || one === null || one === '' || (Array.isArray(one) && one.length === 0),
  );
}

/** What Slack's own client refuses before a modal is sent: text by the input's block. */
export function check(blocks: Block[], values: Values): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const block of blocks) {
    if (block.type !== 'input') continue;
    const value = values[block.block_id]?.[block.element?.action_id];
    const text = typeof value?.value === 'string' ? value.value : '';
    if (isEmpty(value)) {
      if (!block.optional) errors[block.block_id] = 'Please complete this required field.';
    } else if (text !== '' && text.length < (block.element.min_length ?? 0)) {
      errors[block.block_id] = `Must be at least ${block.element.min_length} characters long.`;
    } else if (text.length > (block.element.max_length ?? Number.POSITIVE_INFINITY)) {
      errors[block.block_id] = `Must be ${block.element.max_length} characters or fewer.`;
    } else if (block.element.type === 'number_input' && !isNumber(text, block.element)) {
      errors[block.block_id] = 'Please enter a valid number.';
    }
  }
  return errors;
}

function isNumber(text: string, element: Block): boolean {
  const value = Number(text);
  if (!Number.isFinite(value) || (!element.is_decimal_allowed && !Number.isInteger(value))) return false;
  return value >= Number(element.min_value ?? -Infinity) && value <= Number(element.max_value ?? Infinity);
}
