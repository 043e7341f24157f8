/** Ids for blocks, finding elements in them, and the initial values of inputs. */
import { newWord } from './ids.ts';
import type { Json } from './types.ts';

export interface Found {
  block: Json;
  element: Json;
}

/** Every element of these blocks that a person can act on, with its block; also inside containers. */
function* elementsOf(blocks: Json[]): Generator<Found> {
  for (const block of blocks) {
    const elements = [block.accessory, block.element, ...(block.elements ?? []), ...(block.actions ?? [])];
    for (const element of elements) {
      if (typeof element?.action_id === 'string') yield { block, element };
    }
    for (const inner of [...(block.child_blocks ?? []), ...(block.cards ?? [])]) yield* elementsOf([inner]);
  }
}

/** The element with this action id, in the block with this id if one is given. */
export function findElement(
  blocks: Json[],
  blockId: string | undefined,
  actionId: string,
): Found | undefined {
  for (const found of elementsOf(blocks)) {
    if (found.element.action_id !== actionId) continue;
    if (blockId === undefined || found.block.block_id === blockId) return found;
  }
  return undefined;
}

const STATELESS = new Set([
  'button',
  'overflow',
  'image',
  'workflow_button',
  'icon_button',
  'feedback_buttons',
]);

/** `state.values` of blocks: what each input starts with, then what `given` says of it. */
export function stateValues(
  blocks: Json[],
  given: Record<string, Record<string, unknown>> = {},
): Record<string, Record<string, Json>> {
  const values: Record<string, Record<string, Json>> = {};
  for (const { block, element } of elementsOf(blocks)) {
    if (STATELESS.has(element.type)) continue;
    const here = values[block.block_id] ?? {};
    values[block.block_id] = here;
    const told = given[block.block_id]?.[element.action_id];
    here[element.action_id] = { ...initialValue(element), ...(told as Json | undefined), type: element.type };
  }
  return values;
}

function initialValue(element: Json): Json {
  switch (element.type) {
    case 'plain_text_input':
    case 'number_input':
    case 'email_text_input':
    case 'url_text_input':
      return { value: element.initial_value ?? null };
    case 'rich_text_input':
      return { rich_text_value: element.initial_value ?? null };
    case 'checkboxes':
      return { selected_options: element.initial_options ?? [] };
    case 'radio_buttons':
    case 'static_select':
    case 'external_select':
      return { selected_option: element.initial_option ?? null };
    case 'multi_static_select':
    case 'multi_external_select':
      return { selected_options: element.initial_options ?? [] };
    case 'users_select':
      return { selected_user: element.initial_user ?? null };
    case 'multi_users_select':
      return { selected_users: element.initial_users ?? [] };
    case 'conversations_select':
      return { selected_conversation: element.initial_conversation ?? null };
    case 'multi_conversations_select':
      return { selected_conversations: element.initial_conversations ?? [] };
    case 'channels_select':
      return { selected_channel: element.initial_channel ?? null };
    case 'multi_channels_select':
      return { selected_channels: element.initial_channels ?? [] };
    case 'datepicker':
      return { selected_date: element.initial_date ?? null };
    case 'timepicker':
      return { selected_time: element.initial_time ?? null };
    case 'datetimepicker':
      return { selected_date_time: element.initial_date_time ?? null };
    case 'file_input':
      return { files: [] };
    default:
      return {};
  }
}

/** Whether a person has filled in an input. */
export function isFilled(value: Json | undefined): boolean {
  if (value === undefined) return false;
  return Object.entries(value).some(([key, held]) => {
    if (key === 'type' || held === null || held === undefined || held === '') return false;
    return !Array.isArray(held) || held.length > 0;
  });
}

/** Gives every block an id, and every interactive element an action id, as Slack does. */
export function withIds(blocks: Json[]): Json[] {
  return blocks.map((block) => {
    const copy: Json = { ...block, block_id: block.block_id ?? newWord() };
    if (block.accessory !== undefined) copy.accessory = withActionId(block.accessory);
    if (block.type === 'input') copy.element = withActionId(block.element);
    if (block.type === 'actions') copy.elements = block.elements.map(withActionId);
    return copy;
  });
}

function withActionId(element: Json): Json {
  if (element.type === 'image') return element;
  return { ...element, action_id: element.action_id ?? newWord() };
}
