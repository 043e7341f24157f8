/** One value of a table. */
export type Cell = string | number | null;

/**
 * A line of CSV (RFC 4180), with its line end. Text that a spreadsheet would take for a formula gets an apostrophe in
 * front, which spreadsheets hide: names come from strangers.
 */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const text = cell.toWellFormed();
  // Also the full-width signs, which some spreadsheets read as the plain ones, and whatever blanks go before.
  const safe =
    /^[\s\p{Cf}\p{Cc}]*[=+\-@|%＝＋－＠]/u.test(text) || /^[\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) || /^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A line of NDJSON: one object. */
export function jsonLine(names: readonly string[], cells: readonly Cell[]): string {
  return `${JSON.stringify(Object.fromEntries(names.map((name, index) => [name, cells[index] ?? null])))}\n`;
}
