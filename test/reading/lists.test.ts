import { describe, expect, it } from 'vitest';
import { hintOf } from '../../src/reading/hint.ts';
import { readAs } from './read.ts';

const list = (bytes: unknown, hint = hintOf({ name: 'list', mimetype: null, mode: 'list' })) =>
  readAs(typeof bytes === 'string' ? bytes : JSON.stringify(bytes), hint);

describe('a list of Slack’s', () => {
  it('gives the names of its columns and a line for each row, without what only programs read', async () => {
    expect(
      await list({
        list_id: 'F0123ABCD',
        columns: [
          { id: 'Col0123ABC', name: 'Name', key: 'name', type: 'text' },
          { id: 'Col0456DEF', name: 'Ort', key: 'ort', type: 'text' },
        ],
        items: [
          ['Listeneintrag', 'Kassel'],
          ['Zweiter', 'Köln', 7],
        ],
      }),
    ).toBe('Name\nOrt\nListeneintrag Kassel\nZweiter Köln 7');
  });

  it('has what people wrote under the name of a column that programs use, too', async () => {
    const fields = {
      status: 'Offen',
      type: 'Dringend',
      color: 'Rot',
      user: 'Meier',
      created_by: 'Schulz',
      ids: 'AZ4711',
    };
    const programs = {
      key: 'k_1',
      format: 'rich_text',
      updated_by: 'U0123ABCD',
      style: '#ff0000',
      ts: '1750000000.1',
    };
    expect(await list({ items: [{ fields: { ...fields, ...programs } }] })).toBe(
      'Offen Dringend Rot Meier Schulz AZ4711',
    );
  });

  it('in the form that Slack’s own methods give: cells with their text, choices by their labels', async () => {
    const text = (words: string) => ({
      type: 'rich_text',
      elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: words }] }],
    });
    const cell = (column_id: string, more: object) => ({ key: 'k', column_id, ...more });
    expect(
      await list({
        list: {
          id: 'F0123ABCD',
          title: 'Offers',
          list_metadata: {
            schema: [
              { id: 'Col01', name: 'Customer', key: 'customer', type: 'text', is_primary_column: true },
              {
                id: 'Col02',
                name: 'State',
                key: 'state',
                type: 'select',
                options: {
                  format: 'single_select',
                  choices: [{ value: 'OptA1', label: 'Sent to them', color: 'red' }],
                },
              },
            ],
          },
        },
        items: [
          {
            id: 'Rec018ALE9720',
            list_id: 'F0123ABCD',
            date_created: 1_750_000_000,
            created_by: 'U0123ABCD',
            updated_by: 'U0123ABCD',
            updated_timestamp: '1750000000',
            fields: [
              cell('Col01', {
                value: 'Miller & Sons',
                text: 'Miller & Sons',
                rich_text: [text('Miller & Sons')],
              }),
              cell('Col02', { value: 'OptA1', select: ['OptA1'] }),
              cell('Col03', { value: 12.5, number: [12.5] }),
              cell('Col04', { checkbox: true, value: true }),
              cell('Col05', { date: ['2026-05-03'], value: '2026-05-03' }),
              cell('Col06', {
                link: [
                  {
                    original_url: 'https://example.com/plan',
                    display_name: 'the plan',
                    display_as_url: false,
                  },
                ],
              }),
            ],
            messages: [{ ts: '1750000000.000100', user: 'U0123ABCD', text: 'who calls them?' }],
          },
        ],
      }),
    ).toBe(
      'Offers Customer\nState Sent to them\nMiller & Sons Sent to them 12.5 2026-05-03 https://example.com/plan the plan who calls them?',
    );
  });

  it('as a table with commas is read as it stands', async () => {
    expect(await list('Name,Ort\r\n"Müller, Anna",Köln\r\n')).toBe('Name,Ort\n"Müller, Anna",Köln');
    expect(await list('[note],x\n1,2')).toBe('[note],x\n1,2');
  });

  it('that is cut off is read as JSON is; of one in itself without end, nothing', async () => {
    expect(await list('{"items":[["K\\u00f6ln","Kas')).toBe('{"items":[["Köln","Kas');
    const deep = `${'['.repeat(50_000)}"x"${']'.repeat(50_000)}`;
    expect(await list(deep)).toBe('');
    expect(await list('')).toBe('');
  });

  it('another JSON file keeps its names and signs', async () => {
    expect(hintOf({ name: 'a.json', mimetype: 'application/json' })).toBe('json');
    expect(await list('{"name":"Köln"}', 'json')).toBe('{"name":"Köln"}');
  });
});
