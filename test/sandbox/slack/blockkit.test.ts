import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Problem,
  validateMessage,
  validateOptions,
  validateView,
} from '../../../sandbox/slack/blockkit/index.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const button = (extra = {}) => ({ type: 'button', text: plain('Go'), action_id: 'go', ...extra });
const option = (value: string, text = 'One') => ({ text: plain(text), value });
const inMessage = (block: unknown) => validateMessage({ blocks: [block] });
const actions = (element: unknown) => inMessage({ type: 'actions', elements: [element] });
const inModal = (block: unknown, extra = {}) =>
  validateView({ type: 'modal', title: plain('T'), submit: plain('Go'), blocks: [block], ...extra });
const brief = (problems: Problem[]) => problems.map(({ code, pointer }) => `${code} ${pointer}`);
const section = { type: 'section', text: { type: 'mrkdwn', text: '*hi*' } };

describe('a message that Slack takes', () => {
  test.each<[string, unknown]>([
    ['section', section],
    ['section with fields', { type: 'section', fields: [plain('a'), { type: 'mrkdwn', text: 'b' }] }],
    ['header', { type: 'header', text: { ...plain('Title'), emoji: true } }],
    ['divider', { type: 'divider' }],
    [
      'context',
      {
        type: 'context',
        elements: [plain('a'), { type: 'image', image_url: 'https://e.com/a', alt_text: 'a' }],
      },
    ],
    ['actions', { type: 'actions', elements: [button(), button({ action_id: 'other', style: 'danger' })] }],
    ['overflow', { ...section, accessory: { type: 'overflow', action_id: 'm', options: [option('1')] } }],
    ['table', { type: 'table', rows: [[{ type: 'raw_text', text: 'a' }]] }],
    [
      'data_table',
      {
        type: 'data_table',
        caption: 'Files',
        rows: [[{ type: 'raw_text', text: 'Name' }], [{ type: 'raw_number', value: 1, text: '1' }]],
      },
    ],
    [
      'rich text',
      {
        type: 'rich_text',
        elements: [
          { type: 'rich_text_section', elements: [{ type: 'text', text: 'a', style: { bold: true } }] },
        ],
      },
    ],
    ['markdown', { type: 'markdown', text: '# hi' }],
    ['container', { type: 'container', title: plain('Files'), child_blocks: [section] }],
    ['card', { type: 'card', body: { type: 'mrkdwn', text: 'a' }, actions: [button()] }],
  ])('%s', (_name, block) => {
    expect(inMessage(block)).toEqual([]);
  });
});

describe('a message that Slack refuses', () => {
  test.each<[string, unknown, string[]]>([
    ['an unknown block', { type: 'sectoin' }, ['not_allowed /blocks/0/type']],
    ['no type', { text: 'x' }, ['missing_field /blocks/0']],
    ['an empty text', { type: 'section', text: plain('') }, ['too_short /blocks/0/text/text']],
    ['3001 characters', { type: 'section', text: plain('x'.repeat(3001)) }, ['too_long /blocks/0/text/text']],
    ['neither text nor fields', { type: 'section' }, ['missing_field /blocks/0']],
    ['eleven fields', { type: 'section', fields: Array(11).fill(plain('a')) }, ['too_long /blocks/0/fields']],
    [
      'a long field',
      { type: 'section', fields: [plain('x'.repeat(2001))] },
      ['too_long /blocks/0/fields/0/text'],
    ],
    [
      'mrkdwn in a header',
      { type: 'header', text: { type: 'mrkdwn', text: 'a' } },
      ['not_allowed /blocks/0/text/type'],
    ],
    ['a long header', { type: 'header', text: plain('x'.repeat(151)) }, ['too_long /blocks/0/text/text']],
    ['an unknown field', { type: 'divider', colour: 'red' }, ['unknown_field /blocks/0']],
    ['a modal-only block', { type: 'alert', text: plain('a') }, ['not_allowed /blocks/0/type']],
    ['a file block', { type: 'file', source: 'remote', external_id: 'a' }, ['not_allowed /blocks/0/type']],
    ['an image without a source', { type: 'image', alt_text: 'a' }, ['missing_field /blocks/0']],
    ['an image without words', { type: 'image', image_url: 'https://e.com/a' }, ['missing_field /blocks/0']],
    ['no elements', { type: 'actions', elements: [] }, ['too_short /blocks/0/elements']],
    [
      'eleven in a context',
      { type: 'context', elements: Array(11).fill(plain('a')) },
      ['too_long /blocks/0/elements'],
    ],
    [
      'a button in a context',
      { type: 'context', elements: [button()] },
      ['not_allowed /blocks/0/elements/0/type'],
    ],
    [
      'an action id twice',
      { type: 'actions', elements: [button(), button()] },
      ['not_unique /blocks/0/elements/1/action_id'],
    ],
    [
      'a text input among actions',
      { type: 'actions', elements: [{ type: 'plain_text_input' }] },
      ['not_allowed /blocks/0/elements/0/type'],
    ],
    [
      'an empty table cell',
      { type: 'table', rows: [[{ type: 'raw_text', text: '' }]] },
      ['too_short /blocks/0/rows/0/0/text'],
    ],
    [
      'a data_table with a lone header',
      { type: 'data_table', caption: 'a', rows: [[{ type: 'raw_text', text: 'a' }]] },
      ['too_short /blocks/0/rows'],
    ],
    [
      'a card with nothing in it',
      { type: 'card', subtitle: { type: 'mrkdwn', text: 'a' } },
      ['missing_field /blocks/0'],
    ],
  ])('%s', (_name, block, wanted) => {
    expect(brief(inMessage(block))).toEqual(wanted);
  });

  test('more than fifty blocks', () => {
    expect(validateMessage({ blocks: Array(50).fill({ type: 'divider' }) })).toEqual([]);
    expect(brief(validateMessage({ blocks: Array(51).fill({ type: 'divider' }) }))).toEqual([
      'too_long /blocks',
    ]);
  });

  test('a block id twice', () => {
    const block = { type: 'divider', block_id: 'a' };
    expect(brief(validateMessage({ blocks: [block, block] }))).toEqual(['not_unique /blocks/1/block_id']);
  });

  test('two tables, and markdown that is too long only together', () => {
    const table = { type: 'table', rows: [[{ type: 'raw_text', text: 'a' }]] };
    expect(brief(validateMessage({ blocks: [table, table] }))).toEqual(['not_allowed /blocks']);
    const markdown = { type: 'markdown', text: 'x'.repeat(7000) };
    expect(validateMessage({ blocks: [markdown] })).toEqual([]);
    expect(brief(validateMessage({ blocks: [markdown, markdown] }))).toEqual(['too_long /blocks']);
  });

  test('blocks of attachments count too', () => {
    const attachments = [{ blocks: [{ type: 'section', text: plain('') }] }];
    expect(brief(validateMessage({ attachments }))).toEqual(['too_short /attachments/0/blocks/0/text/text']);
  });
});

describe('elements', () => {
  const at = '/blocks/0/elements/0';
  test.each<[string, unknown, string[]]>([
    ['button text', button({ text: plain('x'.repeat(76)) }), [`too_long ${at}/text/text`]],
    ['button value', button({ value: 'x'.repeat(2001) }), [`too_long ${at}/value`]],
    ['button url', button({ url: `https://e.com/${'x'.repeat(3000)}` }), [`too_long ${at}/url`]],
    ['button that is no link', button({ url: 'javascript:alert(1)' }), [`wrong_type ${at}/url`]],
    ['button style', button({ style: 'huge' }), [`not_allowed ${at}/style`]],
    ['confirm without text', button({ confirm: { title: plain('a') } }), [`missing_field ${at}/confirm`]],
    [
      'confirm words',
      button({
        confirm: {
          title: plain('x'.repeat(101)),
          text: plain('x'.repeat(301)),
          confirm: plain('x'.repeat(31)),
        },
      }),
      [
        `too_long ${at}/confirm/text/text`,
        `too_long ${at}/confirm/title/text`,
        `too_long ${at}/confirm/confirm/text`,
      ],
    ],
    [
      'six overflow options',
      { type: 'overflow', options: Array(6).fill(option('1')) },
      [`too_long ${at}/options`],
    ],
    [
      'option value',
      { type: 'overflow', options: [option('x'.repeat(151))] },
      [`too_long ${at}/options/0/value`],
    ],
    [
      'option text',
      { type: 'static_select', options: [option('1', 'x'.repeat(76))] },
      [`too_long ${at}/options/0/text/text`],
    ],
    [
      '101 options',
      { type: 'static_select', options: Array(101).fill(option('1')) },
      [`too_long ${at}/options`],
    ],
    ['no options at all', { type: 'static_select' }, [`missing_field ${at}`]],
    [
      'a strange initial option',
      { type: 'static_select', options: [option('1')], initial_option: option('2') },
      [`not_allowed ${at}/initial_option`],
    ],
    [
      'eleven checkboxes',
      { type: 'checkboxes', options: Array(11).fill(option('1')) },
      [`too_long ${at}/options`],
    ],
    ['a date', { type: 'datepicker', initial_date: '23.11.2026' }, [`wrong_type ${at}/initial_date`]],
    [
      'placeholder',
      { type: 'users_select', placeholder: plain('x'.repeat(151)) },
      [`too_long ${at}/placeholder/text`],
    ],
  ])('%s', (_name, element, wanted) => {
    expect(brief(actions(element))).toEqual(wanted);
  });

  test('each limit is exactly where it is documented', () => {
    const widths = fc.constantFrom<[number, (text: string) => Problem[]]>(
      [75, (text) => actions(button({ text: plain(text) }))],
      [2000, (value) => actions(button({ value }))],
      [150, (text) => inMessage({ type: 'header', text: plain(text) })],
      [3000, (text) => inMessage({ type: 'section', text: plain(text) })],
      [24, (text) => inModal(section, { title: plain(text) })],
      [3000, (private_metadata) => inModal(section, { private_metadata })],
      [255, (block_id) => inMessage({ type: 'divider', block_id })],
    );
    fc.assert(
      fc.property(widths, fc.integer({ min: -3, max: 3 }), ([most, check], offset) => {
        const problems = check('x'.repeat(most + offset));
        expect(problems.map((problem) => problem.constraint)).toEqual(offset > 0 ? [most] : []);
      }),
    );
  });
});

describe('views', () => {
  const input = {
    type: 'input',
    label: plain('Name'),
    element: { type: 'plain_text_input', action_id: 'a' },
  };

  test('a modal with an input needs a submit button', () => {
    expect(inModal(input)).toEqual([]);
    expect(brief(inModal(input, { submit: undefined }))).toEqual(['missing_field ']);
  });

  test('a modal needs a title of 24 characters at most', () => {
    expect(brief(validateView({ type: 'modal', blocks: [] }))).toEqual(['missing_field ']);
    expect(brief(inModal(section, { title: plain('x'.repeat(25)) }))).toEqual(['too_long /title/text']);
  });

  test('a Home has no title, and takes a hundred blocks', () => {
    expect(validateView({ type: 'home', blocks: Array(100).fill({ type: 'divider' }) })).toEqual([]);
    expect(brief(validateView({ type: 'home', blocks: Array(101).fill({ type: 'divider' }) }))).toEqual([
      'too_long /blocks',
    ]);
    expect(brief(validateView({ type: 'home', blocks: [], title: plain('a') }))).toEqual(['unknown_field ']);
  });

  test('files are asked for in modals only, alerts stand in modals only, tables do not', () => {
    const files = {
      type: 'input',
      label: plain('Files'),
      element: { type: 'file_input', action_id: 'f', max_files: 10 },
    };
    expect(inModal(files)).toEqual([]);
    expect(brief(validateView({ type: 'home', blocks: [files] }))).toEqual([
      'not_allowed /blocks/0/element/type',
    ]);
    expect(inModal({ type: 'alert', text: plain('a') })).toEqual([]);
    const table = { type: 'table', rows: [[{ type: 'raw_text', text: 'a' }]] };
    expect(brief(inModal(table))).toEqual(['not_allowed /blocks/0/type']);
  });

  test('one element takes the focus', () => {
    const focused = (block_id: string) => ({
      ...input,
      block_id,
      element: { ...input.element, focus_on_load: true },
    });
    expect(brief(inModal(section, { blocks: [focused('a'), focused('b')] }))).toEqual([
      'not_allowed /blocks',
    ]);
  });

  test('for any input, the answer is a list of problems and never an exception', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('type', 'blocks', 'title', 'submit'), fc.jsonValue()),
        (view) => {
          expect(Array.isArray(validateView(view))).toBe(true);
          expect(Array.isArray(validateMessage(view))).toBe(true);
        },
      ),
    );
    const types = fc.constantFrom(
      'section',
      'actions',
      'context',
      'input',
      'table',
      'data_table',
      'card',
      'rich_text',
    );
    const fields = fc.constantFrom('text', 'elements', 'element', 'fields', 'rows', 'accessory', 'options');
    fc.assert(
      fc.property(types, fc.dictionary(fields, fc.jsonValue()), (type, block) => {
        expect(Array.isArray(inMessage({ ...block, type }))).toBe(true);
      }),
    );
  });
});

test('answers to a block_suggestion: options or groups, a hundred at most', () => {
  expect(validateOptions({ options: [] })).toEqual([]);
  expect(validateOptions({ option_groups: [{ label: plain('a'), options: [option('1')] }] })).toEqual([]);
  expect(brief(validateOptions({}))).toEqual(['missing_field ']);
  expect(brief(validateOptions({ options: Array(101).fill(option('1')) }))).toEqual(['too_long /options']);
});
