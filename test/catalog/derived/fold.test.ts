import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold, foldFile } from '../../../src/catalog/derived/fold.ts';

describe('folding', () => {
  it.each([
    ['Straße.pdf', 'strasse.pdf'],
    ['STRAẞE', 'strasse'],
    ['Smørrebrød.jpg', 'smorrebrod.jpg'],
    ['Ærø, Łódź, Đorđe, œuvre', 'aero, lodz, dorde, oeuvre'],
    ['Þór og Ðora, ĦAŻ', 'thor og dora, haz'],
    ['DİYARBAKIR ışık', 'diyarbakir isik'],
    ['ΟΔΟΣ', 'οδοσ'],
    ['Anna’s plan.pdf', "anna's plan.pdf"],
    ['Anna´s', "anna's"],
    ['„Q4“', '"q4"'],
    ['2026–01 report.pdf', '2026-01 report.pdf'],
    ['a--b.txt', 'a-b.txt'],
    ['a—b.txt', 'a-b.txt'],
    ['wait…', 'wait...'],
    ['Ｆｕｌｌ－ｗｉｄｔｈ：ｘ', 'full-width:x'],
    ['ﬁle', 'file'],
    [':TADA: party.png', '🎉 party.png'],
    ['👩‍💻.png', '👩💻.png'],
    [':female-technologist:.png', '👩💻.png'],
    ['می‌خواهم', 'میخواهم'],
    ['R&amp;amp;D', 'r&d'],
  ])('%s is searched as %s', (text, folded) => expect(fold(text)).toBe(folded));

  it('changes nothing the second time, whatever the text', () => {
    const part = fc.constantFrom(
      ':',
      ':TADA:',
      '：',
      '＆',
      '&amp;',
      'amp;',
      '″',
      '-',
      '﹣',
      ' ',
      'ß',
      '\u0307',
      '1️⃣',
      ':one:',
    );
    const text = fc.array(
      fc.oneof(part, fc.string({ unit: 'grapheme', maxLength: 4 }), fc.string({ unit: 'binary' })),
    );
    fc.assert(
      fc.property(text, (parts) => {
        const once = fold(parts.join(''));
        expect(fold(once)).toBe(once);
      }),
    );
  });

  it('has a short way for plain text that ends where the long one does', () => {
    // A letter that is not plain has the whole text go the long way.
    const plain = fc.string({ unit: fc.constantFrom(...' -AZaz09"\'`/.~!?[]^_@#', '  ', '--') });
    fc.assert(
      fc.property(plain, (text) => {
        expect(fold(text)).toBe(fold(`${text}É`).slice(0, -1));
      }),
    );
  });

  it('gives name and title a line each, without room around them', () => {
    expect(foldFile({ name: ' A\nb\u0000 ', title: null })).toBe('a b\n\n');
  });
});
