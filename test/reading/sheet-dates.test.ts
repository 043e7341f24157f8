import { describe, expect, it } from 'vitest';
import { xlsx } from './office.ts';
import { textOf } from './read.ts';

/** Cells, each a number and the number of its format. */
async function shown(cells: [value: number | string, format: number][], { workbook = '', own = '' } = {}) {
  const formats = [...new Set(cells.map(([, format]) => format))];
  const row = cells.map(([value, format]) => `<c s="${formats.indexOf(format)}"><v>${value}</v></c>`);
  const file = await xlsx('s', [], {
    'xl/styles.xml': `<styleSheet><numFmts>${own}</numFmts><cellStyleXfs><xf numFmtId="14"/><xf numFmtId="14"/></cellStyleXfs><cellXfs>${formats.map((id) => `<xf numFmtId="${id}"/>`).join('')}</cellXfs></styleSheet>`,
    'xl/worksheets/sheet1.xml': `<worksheet><sheetData><row>${row.join('')}</row></sheetData></worksheet>`,
    ...(workbook && {
      'xl/workbook.xml': `<workbook xmlns:r="r">${workbook}<sheets><sheet name="s" sheetId="1" r:id="rId2"/></sheets></workbook>`,
    }),
  });
  return (await textOf(file)).split(/\s+/).slice(1).join(' ');
}

describe('dates in Excel', () => {
  it('are read as days and times, by the format of their cell; other numbers as they are stored', async () => {
    expect(
      await shown([
        [46_145, 14],
        [46_145, 0],
        [46_145.75, 22],
        [0.5, 20],
        [0.19, 9],
        [1_234.5, 4],
      ]),
    ).toBe('2026-05-03 46145 2026-05-03 18:00 12:00 0.19 1234.5');
  });

  it('by formats of the file’s own, too', async () => {
    const formats: [code: string, expected: string][] = [
      ['dd.mm.yyyy', '2026-05-03'],
      ['[$-407]d. mmmm yyyy;@', '2026-05-03'],
      ['mmm', '2026-05-03'],
      ['yyyy-mm-dd hh:mm', '2026-05-03 06:00'],
      ['0.00 "days"', '46145.25'],
      ['#,##0 \\d', '46145.25'],
      ['[Red]0;[Blue]-0', '46145.25'],
      ['[h]:mm', '46145.25'],
      ['0.0E+00', '46145.25'],
      ['General', '46145.25'],
      ['_-* #,##0 _y_d', '46145.25'],
    ];
    const own = formats
      .map(([code], at) => `<numFmt numFmtId="${164 + at}" formatCode="${code.replaceAll('"', '&quot;')}"/>`)
      .join('');
    expect(
      await shown(
        formats.map((_, at) => [46_145.25, 164 + at]),
        { own },
      ),
    ).toBe(formats.map(([, expected]) => expected).join(' '));
  });

  it('of a workbook from a Macintosh count from 1904; those that are none stay numbers', async () => {
    expect(await shown([[44_683, 14]], { workbook: '<workbookPr date1904="1"/>' })).toBe('2026-05-03');
    expect(
      await shown([
        [1, 14],
        [60, 14],
        [61, 14],
        [2_958_465, 14],
        [-5, 14],
        [1e12, 14],
        ['NaN', 14],
      ]),
    ).toBe('1900-01-01 60 1900-03-01 9999-12-31 -5 1000000000000 NaN');
  });
});
