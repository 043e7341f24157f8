/** The table blocks. Their limits on characters count over the whole message. */
import {
  anything,
  boolean,
  byType,
  type Check,
  integer,
  isObject,
  type Json,
  list,
  note,
  object,
  oneOf,
  type Rule,
  string,
} from './check.ts';
import { richText } from './rich-text.ts';

const rawText = object({ type: oneOf('raw_text'), text: string(10_000) });
const rawNumber = object({
  type: oneOf('raw_number'),
  value: (check, value, pointer) => {
    if (typeof value !== 'number') note(check, 'wrong_type', 'must be a number', pointer);
  },
  text: string(10_000),
});
const cell = byType({ raw_text: rawText, raw_number: rawNumber, rich_text: richText });
const headerCell = byType({ raw_text: rawText, raw_number: rawNumber });
const blockId = { block_id: string(255) };

/** A table block: 100 rows of 20 cells. */
export const table: Rule = object(
  { type: oneOf('table'), rows: list(list(cell, 1, 20), 1, 100) },
  {
    ...blockId,
    column_settings: list(
      object({}, { align: oneOf('left', 'center', 'right'), is_wrapped: boolean }),
      0,
      20,
    ),
  },
);

/** A data_table block: a header and up to 100 rows, all of the same width. */
export const dataTable: Rule = (check, value, pointer) => {
  object(
    { type: oneOf('data_table'), caption: string(2000), rows: list(list(cell, 1, 20), 2, 101) },
    { ...blockId, page_size: integer(1, 100), row_header_column_index: integer(0, 19) },
  )(check, value, pointer);
  if (!isObject(value) || !Array.isArray(value.rows)) return;
  const [header, ...rows] = value.rows;
  if (!Array.isArray(header)) return;
  header.forEach((one, at) => {
    headerCell(check, one, `${pointer}/rows/0/${at}`);
  });
  rows.forEach((row, at) => {
    if (!Array.isArray(row) || row.length === header.length) return;
    const message = `each row must have ${header.length} cells`;
    note(check, 'not_allowed', message, `${pointer}/rows/${at + 1}`, header.length);
  });
};

/** A chart. Only Slack can judge its content. */
export const dataVisualization: Rule = (check, value, pointer) => {
  if (isObject(value))
    object({ type: oneOf('data_visualization') }, looseFields(value))(check, value, pointer);
};

function looseFields(value: Json): Record<string, Rule> {
  return Object.fromEntries(Object.keys(value).map((name) => [name, anything]));
}

/** The limits that count over all the blocks of a message or a Home. */
export function checkTables(check: Check, blocks: Json[], pointer: string): void {
  const of = (type: string) => blocks.filter((block) => isObject(block) && block.type === type);
  const tables = of('table');
  if (tables.length > 1) note(check, 'not_allowed', 'only one table is allowed per message', pointer, 1);
  const limits = [
    ['table', tables, 10_000],
    ['data_table', of('data_table'), 20_000],
  ] as const;
  for (const [type, found, most] of limits) {
    const characters = found.reduce((sum, block) => sum + charactersIn(block.rows), 0);
    if (characters > most) {
      note(check, 'too_long', `${type} text must be less than ${most + 1} characters`, pointer, most);
    }
  }
  if (of('data_visualization').length > 2) {
    note(check, 'not_allowed', 'no more than 2 data_visualization blocks', pointer, 2);
  }
}

function charactersIn(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + charactersIn(one), 0);
  if (!isObject(value)) return 0;
  const own = typeof value.text === 'string' ? value.text.length : 0;
  return own + charactersIn(value.elements);
}
