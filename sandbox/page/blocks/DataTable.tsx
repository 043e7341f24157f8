import type { ReactNode } from 'react';
import type { Block } from '../../slack/page-api.ts';
import { LibraryBlock } from './LibraryBlock.tsx';
import { plain } from './Text.tsx';

/** `data_table`, which the library does not draw: the first row heads the columns. */
export function DataTable({ block }: { block: Block }): ReactNode {
  const rows: Block[][] = block.rows ?? [];
  const [head = [], ...body] = rows;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must scroll by keys too
    <div className="data-table" tabIndex={0}>
      <table>
        {block.caption && (
          <caption>{typeof block.caption === 'string' ? block.caption : plain(block.caption)}</caption>
        )}
        <thead>
          <tr>{head.map(drawHead)}</tr>
        </thead>
        <tbody>{body.map(drawRow)}</tbody>
      </table>
    </div>
  );
}

// A table's rows and cells have no identity but their place.
function drawHead(cell: Block, key: number): ReactNode {
  return (
    <th key={key} scope="col">
      <Cell cell={cell} />
    </th>
  );
}

function drawRow(row: Block[], key: number): ReactNode {
  return <tr key={key}>{row.map(drawCell)}</tr>;
}

function drawCell(cell: Block, key: number): ReactNode {
  return (
    <td key={key} className={cell.type === 'raw_number' ? 'number' : ''}>
      <Cell cell={cell} />
    </td>
  );
}

function Cell({ cell }: { cell: Block }): ReactNode {
  if (cell.type === 'rich_text') return <LibraryBlock block={cell} />;
  return cell.text ?? cell.value ?? '';
}
