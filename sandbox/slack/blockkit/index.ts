/**
 * Block Kit as Slack enforces it, as far as its documentation and SDK types say: counts, lengths, required and
 * unknown fields, what may stand where, ids used twice. Facts: docs.slack.dev/reference/block-kit.
 */
import { anyBlock } from './blocks.ts';
import {
  boolean,
  type Check,
  isObject,
  type Json,
  list,
  note,
  object,
  oneOf,
  type Problem,
  type Surface,
  string,
} from './check.ts';
import { optionGroups, options, plainText } from './composition.ts';
import { checkTables } from './tables.ts';

export type { Problem } from './check.ts';

/** Blocks in a message, in a view, and in one attachment. */
const MESSAGE_BLOCKS = 50;
const VIEW_BLOCKS = 100;
const ATTACHMENT_BLOCKS = 20;
const ATTACHMENTS = 100;

/** Characters in all markdown blocks of a message together. */
const MARKDOWN = 12_000;

/** What is wrong with the blocks and attachments of a message; empty if Slack would take it. */
export function validateMessage(payload: Json): Problem[] {
  const check = begin('message');
  const { blocks, attachments } = payload;
  if (blocks !== undefined && blocks !== null) checkBlocks(check, blocks, '/blocks', 0, MESSAGE_BLOCKS);
  if (attachments === undefined || attachments === null) return check.problems;
  if (!Array.isArray(attachments)) note(check, 'wrong_type', 'must be an array', '/attachments');
  else {
    if (attachments.length > ATTACHMENTS) {
      note(check, 'too_long', `no more than ${ATTACHMENTS} items allowed`, '/attachments', ATTACHMENTS);
    }
    attachments.forEach((attachment, at) => {
      if (!isObject(attachment)) note(check, 'wrong_type', 'must be an object', `/attachments/${at}`);
      else if (attachment.blocks !== undefined) {
        checkBlocks(check, attachment.blocks, `/attachments/${at}/blocks`, 0, ATTACHMENT_BLOCKS);
      }
    });
  }
  return check.problems;
}

const view = {
  private_metadata: string(3000, 0),
  callback_id: string(255, 0),
  external_id: string(255, 0),
};

const home = object({ type: oneOf('home'), blocks: list(anyBlock, 0, VIEW_BLOCKS) }, view);
const modal = object(
  { type: oneOf('modal'), title: plainText(24), blocks: list(anyBlock, 0, VIEW_BLOCKS) },
  {
    ...view,
    submit: plainText(24),
    close: plainText(24),
    clear_on_close: boolean,
    notify_on_close: boolean,
    submit_disabled: boolean,
  },
);

/** What is wrong with a modal or a Home; empty when Slack would take it. Its weight is checked elsewhere. */
export function validateView(given: Json): Problem[] {
  const surface: Surface = given.type === 'home' ? 'home' : 'modal';
  const check = begin(surface);
  (surface === 'home' ? home : modal)(check, given, '');
  const blocks: unknown[] = Array.isArray(given.blocks) ? given.blocks : [];
  checkTogether(check, blocks, '/blocks');
  const hasInput = blocks.some((block) => isObject(block) && block.type === 'input');
  if (surface === 'modal' && hasInput && !given.submit) {
    note(check, 'missing_field', 'missing required field: submit (there are input blocks)', '');
  }
  if (JSON.stringify(blocks).split('"focus_on_load":true').length > 2) {
    note(check, 'not_allowed', 'only one element can have focus_on_load', '/blocks', 1);
  }
  return check.problems;
}

/** What is wrong with the answer to a block_suggestion. */
export function validateOptions(answer: Json): Problem[] {
  const check = begin('message');
  if ((answer.options === undefined) === (answer.option_groups === undefined)) {
    note(check, 'missing_field', 'exactly one of options and option_groups must be provided', '');
  }
  // An empty list is a good answer: nothing matches.
  const nothing = Array.isArray(answer.options) && answer.options.length === 0;
  if (answer.options !== undefined && !nothing) options(check, answer.options, '/options');
  if (answer.option_groups !== undefined) optionGroups(check, answer.option_groups, '/option_groups');
  return check.problems;
}

function begin(surface: Surface): Check {
  return { surface, problems: [] };
}

function checkBlocks(check: Check, blocks: unknown, pointer: string, least: number, most: number): void {
  list(anyBlock, least, most)(check, blocks, pointer);
  if (Array.isArray(blocks)) checkTogether(check, blocks, pointer);
}

/** Checks that need all the blocks together. */
function checkTogether(check: Check, blocks: unknown[], pointer: string): void {
  const objects = blocks.filter(isObject);
  const seen = new Set<string>();
  blocks.forEach((block, at) => {
    if (!isObject(block)) return;
    checkActionIds(check, block, `${pointer}/${at}`);
    if (typeof block.block_id !== 'string') return;
    if (seen.has(block.block_id)) {
      const message = `block_id already exists: ${block.block_id}`;
      note(check, 'not_unique', message, `${pointer}/${at}/block_id`);
    }
    seen.add(block.block_id);
  });
  checkTables(check, objects, pointer);
  const markdown = objects
    .filter((block) => block.type === 'markdown')
    .reduce((sum, block) => sum + String(block.text ?? '').length, 0);
  if (markdown > MARKDOWN) {
    note(check, 'too_long', `markdown must be less than ${MARKDOWN + 1} characters`, pointer, MARKDOWN);
  }
}

function checkActionIds(check: Check, block: Json, pointer: string): void {
  if (!Array.isArray(block.elements)) return;
  const seen = new Set<string>();
  block.elements.forEach((element, at) => {
    if (!isObject(element) || typeof element.action_id !== 'string') return;
    if (seen.has(element.action_id)) {
      const message = `action_id already exists: ${element.action_id}`;
      note(check, 'not_unique', message, `${pointer}/elements/${at}/action_id`);
    }
    seen.add(element.action_id);
  });
}
