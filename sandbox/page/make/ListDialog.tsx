import { type ReactNode, useState } from 'react';
import type { ListTable } from '../store/make.ts';
import { TextField } from './Field.tsx';
import { FormDialog } from './FormDialog.tsx';

export const NEW_LIST: ListTable = {
  title: '',
  columns: ['Task', 'Owner', 'Done'],
  rows: [
    ['', '', ''],
    ['', '', ''],
  ],
};

interface Props {
  heading: string;
  verb: string;
  begin: ListTable;
  onSave(list: ListTable): Promise<void>;
  onClose(): void;
}

/** A list to fill in: a title and a small table. */
export function ListDialog({ heading, verb, begin, onSave, onClose }: Props): ReactNode {
  const [title, setTitle] = useState(begin.title);
  const [columns, setColumns] = useState(begin.columns);
  const [rows, setRows] = useState(begin.rows);
  const setCell = (row: number, column: number, value: string) =>
    setRows(
      rows.map((cells, at) =>
        at === row ? columns.map((_, one) => (one === column ? value : (cells[one] ?? ''))) : cells,
      ),
    );
  return (
    <FormDialog
      title={heading}
      verb={verb}
      wide
      onSubmit={() => onSave({ title, columns, rows })}
      onClose={onClose}
    >
      <TextField label="Title" value={title} onChange={setTitle} placeholder="Untitled list" focus />
      <div className="list-scroll">
        <table className="list-table">
          <thead>
            <tr>
              {columns.map((name, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns never change places here
                <th key={column}>
                  <input
                    aria-label={`Name of column ${column + 1}`}
                    value={name}
                    onChange={(event) =>
                      setColumns(columns.map((one, at) => (at === column ? event.target.value : one)))
                    }
                  />
                </th>
              ))}
              <th>
                <span className="visually-hidden">Remove</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((cells, row) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: every cell is drawn from the state
              <tr key={row}>
                {columns.map((name, column) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: columns never change places here
                  <td key={column}>
                    <input
                      aria-label={`${name || `Column ${column + 1}`}, row ${row + 1}`}
                      value={cells[column] ?? ''}
                      onChange={(event) => setCell(row, column, event.target.value)}
                    />
                  </td>
                ))}
                <td>
                  <button
                    type="button"
                    className="chip-remove"
                    aria-label={`Remove row ${row + 1}`}
                    onClick={() => setRows(rows.filter((_, at) => at !== row))}
                  >
                    ×
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="list-more">
        <button
          type="button"
          className="button small"
          onClick={() => setRows([...rows, columns.map(() => '')])}
        >
          Add a row
        </button>
        <button
          type="button"
          className="button small"
          onClick={() => setColumns([...columns, `Column ${columns.length + 1}`])}
        >
          Add a column
        </button>
      </div>
    </FormDialog>
  );
}
