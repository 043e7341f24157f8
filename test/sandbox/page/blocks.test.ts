import { describe, expect, test } from 'vitest';
import { check, isEmpty, valuesFor } from '../../../sandbox/page/blocks/values.ts';
import { folders, tail } from '../../../sandbox/page/bucket/tree.ts';
import type { Block } from '../../../sandbox/slack/page-api.ts';

const option = { text: { type: 'plain_text', text: 'A' }, value: 'a' };

function input(id: string, element: Block, more: Block = {}): Block {
  return {
    type: 'input',
    block_id: id,
    label: { text: id },
    element: { action_id: 'x', ...element },
    ...more,
  };
}

describe('the state of inputs', () => {
  const blocks = [
    input('text', { type: 'plain_text_input', initial_value: 'hello' }),
    input('box', { type: 'checkboxes', options: [option] }),
    {
      type: 'actions',
      block_id: 'row',
      elements: [
        { type: 'button', action_id: 'b' },
        { type: 'datepicker', action_id: 'd' },
      ],
    },
    {
      type: 'section',
      block_id: 'sec',
      accessory: { type: 'users_select', action_id: 'u', initial_user: 'U1' },
    },
  ];

  test('begins with what the app set, in the shape that Slack sends', () => {
    expect(valuesFor(blocks, {})).toEqual({
      text: { x: { type: 'plain_text_input', value: 'hello' } },
      box: { x: { type: 'checkboxes', selected_options: [] } },
      row: { d: { type: 'datepicker', selected_date: null } },
      sec: { u: { type: 'users_select', selected_user: 'U1' } },
    });
  });

  test('keeps what was entered across an update, unless the element became another kind', () => {
    const entered = { text: { x: { type: 'plain_text_input', value: 'mine' } } };
    expect(valuesFor(blocks, entered).text?.x?.value).toBe('mine');
    expect(valuesFor([input('text', { type: 'datepicker' })], entered).text?.x).toEqual({
      type: 'datepicker',
      selected_date: null,
    });
  });

  test.each([undefined, {}, { type: 'x' }, { type: 'x', value: null }, { type: 'x', selected_options: [] }])(
    '%j is empty',
    (value) => expect(isEmpty(value)).toBe(true),
  );
});

describe('what is refused before a modal is sent', () => {
  const errorFor = (element: Block, value: unknown, more?: Block) =>
    check([input('b', element, more)], { b: { x: { type: element.type, value } } }).b;

  test('an empty input, unless it is optional', () => {
    expect(errorFor({ type: 'plain_text_input' }, null)).toMatch(/required/);
    expect(errorFor({ type: 'plain_text_input' }, null, { optional: true })).toBeUndefined();
  });

  test('too short, too long, and no number', () => {
    expect(errorFor({ type: 'plain_text_input', min_length: 3 }, 'ab')).toMatch(/at least 3/);
    expect(errorFor({ type: 'plain_text_input', max_length: 3 }, 'abcd')).toMatch(/3 characters or fewer/);
    expect(errorFor({ type: 'number_input' }, '1.5')).toMatch(/number/);
    expect(
      errorFor({ type: 'number_input', is_decimal_allowed: true, max_value: '2' }, '1.5'),
    ).toBeUndefined();
    expect(errorFor({ type: 'number_input', max_value: '2' }, '3')).toMatch(/number/);
  });
});

describe("the bucket's folders", () => {
  const object = (key: string, modifiedAt: number) => ({
    ...{ key, modifiedAt, bytes: 1, etag: '', crc32: '' },
    versionId: null,
  });

  test('keys group by day, the newest day first, the newest object first', () => {
    const grouped = folders([
      object('T/C/2026/11/22/F1/a.pdf', 1),
      object('T/C/2026/11/23/F2/b.pdf', 2),
      object('T/C/2026/11/23/F3/c.pdf', 3),
      object('catalog/snapshot', 0),
    ]);
    expect(
      grouped.map(({ prefix, objects }) => [prefix, objects.map((one) => tail(one.key, prefix))]),
    ).toEqual([
      ['T/C/2026/11/23', ['F3/c.pdf', 'F2/b.pdf']],
      ['T/C/2026/11/22', ['F1/a.pdf']],
      ['catalog', ['snapshot']],
    ]);
  });

  test('a key without a folder is its own name', () => {
    expect(folders([object('lonely', 1)])[0]?.prefix).toBe('');
    expect(tail('lonely', '')).toBe('lonely');
  });
});
