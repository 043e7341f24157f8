/** Holds a message or a view to Slack's limits, and to the sandbox's own validator, which refuses as Slack would. */
import { expect } from 'vitest';
import { validateMessage, validateView } from '../../sandbox/slack/blockkit/index.ts';
import { LIMITS } from './slack-limits.ts';

type Json = Record<string, unknown>;
type Problems = string[];

/** Fails with a list of everything that Slack would refuse. */
export function expectMessage(message: { text: string; blocks: unknown[] }): void {
  const problems = blocksProblems(message.blocks, LIMITS.messageBlocks);
  length(problems, 'text', message.text, 1, LIMITS.messageText);
  expect(problems).toEqual([]);
  expect(validateMessage({ ...message })).toEqual([]);
  expectWellFormed(message);
}

export function expectView(view: unknown): void {
  const { type, blocks, title, submit, close, callback_id, private_metadata } = view as Json;
  const problems = blocksProblems(blocks as unknown[], LIMITS.viewBlocks);
  if (type !== 'home' && type !== 'modal') problems.push(`view type ${type}`);
  if (type === 'modal') plainText(problems, 'title', title, LIMITS.viewTitle);
  if (submit !== undefined) plainText(problems, 'submit', submit, LIMITS.viewButton);
  if (close !== undefined) plainText(problems, 'close', close, LIMITS.viewButton);
  if (callback_id !== undefined) length(problems, 'callback_id', callback_id, 1, LIMITS.callbackId);
  if (private_metadata !== undefined)
    length(problems, 'private_metadata', private_metadata, 0, LIMITS.privateMetadata);
  if (JSON.stringify(view).length > LIMITS.viewBytes) problems.push('view larger than 250 kB');
  expect(problems).toEqual([]);
  expect(validateView(view as Json)).toEqual([]);
  expectWellFormed(view);
}

/** A lone surrogate cannot be sent as UTF-8. */
function expectWellFormed(payload: unknown): void {
  expect(JSON.stringify(payload)).not.toMatch(/(?<!\\)(?:\\\\)*\\ud[89a-f]/);
}

function blocksProblems(blocks: unknown[], max: number): Problems {
  const problems: Problems = [];
  if (blocks.length < 1 || blocks.length > max) problems.push(`${blocks.length} blocks`);
  const ids = blocks.map((block) => (block as Json).block_id).filter((id) => id !== undefined);
  if (new Set(ids).size !== ids.length) problems.push('a block_id comes twice');
  blocks.forEach((block, i) => {
    blockProblems(problems, `blocks[${i}]`, block as Json);
  });
  return problems;
}

function blockProblems(problems: Problems, at: string, block: Json): void {
  if (block.block_id !== undefined) length(problems, `${at}.block_id`, block.block_id, 1, LIMITS.blockId);
  switch (block.type) {
    case 'header':
      plainText(problems, `${at}.text`, block.text, LIMITS.headerText);
      break;
    case 'divider':
      break;
    case 'section': {
      const fields = (block.fields ?? []) as unknown[];
      if (block.text === undefined && fields.length === 0) problems.push(`${at} is empty`);
      if (block.text !== undefined) anyText(problems, `${at}.text`, block.text, LIMITS.sectionText);
      if (fields.length > LIMITS.sectionFields) problems.push(`${at} has ${fields.length} fields`);
      for (const field of fields) anyText(problems, `${at}.fields`, field, LIMITS.fieldText);
      const accessory = block.accessory as Json | undefined;
      if (accessory?.type === 'image') picture(problems, `${at}.accessory`, accessory);
      else if (accessory !== undefined) element(problems, `${at}.accessory`, accessory);
      break;
    }
    case 'context':
      children(problems, at, block, LIMITS.contextElements, (child) =>
        anyText(problems, at, child, LIMITS.text),
      );
      break;
    case 'actions': {
      const ids = (block.elements as Json[]).map(({ action_id }) => action_id);
      if (new Set(ids).size !== ids.length) problems.push(`${at} repeats an action_id`);
      children(problems, at, block, LIMITS.actionsElements, (child) => element(problems, at, child));
      break;
    }
    case 'input': {
      plainText(problems, `${at}.label`, block.label, LIMITS.inputLabel);
      if (block.hint !== undefined) plainText(problems, `${at}.hint`, block.hint, LIMITS.inputLabel);
      element(problems, `${at}.element`, block.element as Json);
      break;
    }
    case 'image':
      picture(problems, at, block);
      break;
    case 'rich_text':
      children(problems, at, block, LIMITS.richTextElements, (child) => {
        if (child.type !== 'rich_text_preformatted') problems.push(`${at}: unexpected ${child.type}`);
      });
      break;
    default:
      problems.push(`${at}: unexpected block ${block.type}`);
  }
}

function picture(problems: Problems, at: string, it: Json): void {
  length(problems, `${at}.image_url`, it.image_url, 1, LIMITS.imageUrl);
  length(problems, `${at}.alt_text`, it.alt_text, 1, LIMITS.altText);
}

function children(
  problems: Problems,
  at: string,
  block: Json,
  max: number,
  check: (child: Json) => void,
): void {
  const elements = block.elements as Json[];
  if (elements.length < 1 || elements.length > max) problems.push(`${at} has ${elements.length} elements`);
  elements.forEach(check);
}

function element(problems: Problems, at: string, it: Json): void {
  length(problems, `${at}.action_id`, it.action_id, 1, LIMITS.actionId);
  if (it.confirm !== undefined) {
    const confirm = it.confirm as Json;
    plainText(problems, `${at}.confirm.title`, confirm.title, LIMITS.confirmTitle);
    anyText(problems, `${at}.confirm.text`, confirm.text, LIMITS.confirmText);
    plainText(problems, `${at}.confirm.confirm`, confirm.confirm, LIMITS.confirmButton);
    plainText(problems, `${at}.confirm.deny`, confirm.deny, LIMITS.confirmButton);
  }
  if (it.type === 'button') {
    plainText(problems, `${at}.text`, it.text, LIMITS.buttonText);
    length(problems, `${at}.accessibility_label`, it.accessibility_label, 1, LIMITS.accessibilityLabel);
    if (it.value !== undefined) length(problems, `${at}.value`, it.value, 1, LIMITS.buttonValue);
    if (it.url !== undefined) length(problems, `${at}.url`, it.url, 1, LIMITS.url);
  } else if (it.type === 'overflow') {
    const options = it.options as Json[];
    if (options.length < 1 || options.length > LIMITS.overflowOptions)
      problems.push(`${at} has ${options.length} options`);
    for (const option of options) {
      plainText(problems, `${at}.option`, option.text, LIMITS.optionText);
      length(problems, `${at}.option.value`, option.value, 1, LIMITS.optionValue);
    }
  } else if (it.type === 'users_select' || it.type === 'conversations_select') {
    if (it.placeholder !== undefined)
      plainText(problems, `${at}.placeholder`, it.placeholder, LIMITS.placeholder);
  } else if (it.type === 'static_select') {
    plainText(problems, `${at}.placeholder`, it.placeholder, LIMITS.placeholder);
    const groups = it.option_groups as Json[] | undefined;
    if (groups !== undefined && (groups.length < 1 || groups.length > LIMITS.selectOptions))
      problems.push(`${at}: ${groups.length} groups of options`);
    for (const group of groups ?? []) {
      plainText(problems, `${at}.group`, group.label, LIMITS.optionText);
      const { length } = group.options as Json[];
      if (length < 1 || length > LIMITS.selectOptions) problems.push(`${at}: ${length} options in a group`);
    }
    const options = groups?.flatMap((group) => group.options as Json[]) ?? (it.options as Json[]);
    if (groups === undefined && (options.length < 1 || options.length > LIMITS.selectOptions))
      problems.push(`${at} has ${options.length} options`);
    for (const option of options) {
      plainText(problems, `${at}.option`, option.text, LIMITS.optionText);
      length(problems, `${at}.option.value`, option.value, 1, LIMITS.optionValue);
    }
    if (it.initial_option !== undefined) expect(options).toContainEqual(it.initial_option);
  } else if (it.type === 'checkboxes') {
    const options = it.options as Json[];
    if (options.length < 1 || options.length > LIMITS.checkboxes)
      problems.push(`${at} has ${options.length} boxes`);
    for (const option of options) {
      anyText(problems, `${at}.option`, option.text, LIMITS.optionText);
      length(problems, `${at}.option.value`, option.value, 1, LIMITS.optionValue);
    }
  } else if (it.type === 'datepicker') {
    if (it.initial_date !== undefined) expect(it.initial_date).toMatch(/^\d{4}-\d\d-\d\d$/);
  } else if (it.type === 'plain_text_input') {
    if (it.placeholder !== undefined)
      plainText(problems, `${at}.placeholder`, it.placeholder, LIMITS.placeholder);
    if (it.initial_value !== undefined)
      length(problems, `${at}.initial_value`, it.initial_value, 1, LIMITS.typedText);
  } else if (it.type !== 'file_input') problems.push(`${at}: unexpected element ${it.type}`);
}

function plainText(problems: Problems, at: string, it: unknown, max: number): void {
  const { type, text } = (it ?? {}) as Json;
  if (type !== 'plain_text') problems.push(`${at} is ${type}`);
  length(problems, at, text, 1, max);
}

function anyText(problems: Problems, at: string, it: unknown, max: number): void {
  const { type, text, verbatim } = it as Json;
  if (type !== 'plain_text' && type !== 'mrkdwn') problems.push(`${at} is ${type}`);
  if (type === 'mrkdwn' && verbatim !== true) problems.push(`${at} lets Slack make links by itself`);
  length(problems, at, text, 1, max);
}

function length(problems: Problems, at: string, it: unknown, min: number, max: number): void {
  if (typeof it !== 'string') problems.push(`${at} is ${typeof it}`);
  else if (it.length < min || it.length > max) problems.push(`${at} has ${it.length} characters`);
}
