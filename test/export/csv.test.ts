import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvLine, jsonLine } from '../../src/export/csv.ts';

/** Reads one line of CSV, as RFC 4180 has it. */
function readCsv(line: string): string[] {
  expect(line.endsWith('\r\n')).toBe(true);
  const cells: string[] = [];
  const pattern = /("(?:[^"]|"")*"|[^,"\r\n]*)(,|\r\n$)/gy;
  const text = line;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const [, cell = '', end] = match;
    cells.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end === '\r\n') return cells;
  }
  throw new Error(`not CSV: ${JSON.stringify(line)}`);
}

const nasty = fc.array(
  fc.constantFrom(
    '=',
    '+',
    '-',
    '@',
    '\t',
    '\r',
    '\n',
    '"',
    ',',
    ' ',
    "'",
    '|',
    ';',
    '；',
    '\u2028',
    '＝',
    '\u200b',
    '\ufeff',
    'a',
    '1',
  ),
  { maxLength: 12 },
);
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  nasty.map((parts) => parts.join('')),
);

describe('CSV', () => {
  it('is read back as it was, except for the apostrophe before what could be a formula', () => {
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 1, maxLength: 6 }), (cells) => {
        const read = readCsv(csvLine(cells));
        const withoutOurs = (text: string) => text.replaceAll("'", '');
        expect(read.map(withoutOurs)).toEqual(cells.map((cell) => withoutOurs(cell.toWellFormed())));
      }),
    );
  });

  it('no cell begins like a formula, whatever blanks come first', () => {
    fc.assert(
      fc.property(anyText, (cell) => {
        const [read = ''] = readCsv(csvLine([cell]));
        expect(/^[\s\p{Cf}\p{Cc}]*[=+\-@＝＋－＠]/u.test(read)).toBe(false);
      }),
    );
  });

  it('no piece of a cell does either, whatever a spreadsheet takes for the end of a cell', () => {
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 1, maxLength: 4 }), (cells) => {
        const line = csvLine(cells);
        for (const end of [';', '\t', '|', '；', /[\r\n\u2028\u2029\u0085]/])
          for (const piece of line.split(end).slice(1))
            expect(/^[\s\p{Cf}\p{Cc}"]*[=+\-@%＝＋－＠]/u.test(piece)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('an ordinary name stays as it is', () => {
    for (const name of ['Q3; draft - final.pdf', 'a=b; c', 'x-y', 'a@b.example', '50 % off', "it's"])
      expect(readCsv(csvLine([name]))).toEqual([name]);
  });

  it.each([
    ['a;=1+1', "a;'=1+1\r\n"],
    ['a\t=1+1', "a\t'=1+1\r\n"],
    ['a; "=1+1', `"a; ""'=1+1"\r\n`],
    ['=HYPERLINK("https://evil.example","x")', `"'=HYPERLINK(""https://evil.example"",""x"")"\r\n`],
    ['-1+cmd|calc', "'-1+cmd|calc\r\n"],
    ['report.pdf', 'report.pdf\r\n'],
    [-5, '-5\r\n'],
    [null, '\r\n'],
  ])('%j', (cell, line) => {
    expect(csvLine([cell])).toBe(line);
  });

  it('NDJSON is one object a line', () => {
    expect(JSON.parse(jsonLine(['a', 'b', 'c'], ['x\n', 1, null]))).toEqual({ a: 'x\n', b: 1, c: null });
    expect(jsonLine(['a'], ['x\n']).split('\n')).toHaveLength(2);
  });
});
