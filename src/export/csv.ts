/** One value of a table. */
export type Cell = string | number | null;

/**
 * Signs that begin a formula, and any blanks before them. Also the full-width signs, which some spreadsheets read like
 * the plain ones.
 */
const FORMULA = /^[\s\p{Cf}\p{Cc}]*[=+\-@|%＝＋－＠｜％]/u;

/**
 * In much of Europe, spreadsheets end a cell at `;`, elsewhere at a tab or `|`. Then our quotes are in the middle of a
 * cell and have no effect, also at a line end. So a formula may also begin inside a value:
 * https://owasp.org/www-community/attacks/CSV_Injection.
 */
const LATER_FORMULA = /([;\t|\r\n\v\f\u0085\u2028\u2029；｜][\s\p{Cf}\p{Cc}"]*)(?=[=+\-@|%＝＋－＠｜％])/gu;

/**
 * A line of CSV (RFC 4180), with its line end. Names come from strangers. So text that a spreadsheet would read as a
 * formula gets an apostrophe in front, which spreadsheets hide.
 */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const text = cell.toWellFormed().replace(LATER_FORMULA, "$1'");
  const safe = FORMULA.test(text) || /^[\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) || /^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A line of NDJSON: one object. */
export function jsonLine(names: readonly string[], cells: readonly Cell[]): string {
  return `${JSON.stringify(Object.fromEntries(names.map((name, index) => [name, cells[index] ?? null])))}\n`;
}
