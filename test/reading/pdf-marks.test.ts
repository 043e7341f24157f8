import { describe, expect, it } from 'vitest';
import { markedPage } from './pdfs.ts';
import { read, textOf } from './read.ts';

const field = (type: string, more: string) => `/Subtype /Widget /FT /${type} /T (f) ${more}`;

describe('a PDF’s form', () => {
  it('gives what people wrote into its fields and chose from its lists', async () => {
    const file = markedPage('Name:', [
      field('Tx', '/V (Erika Mustermann)'),
      field('Tx', '/V <FEFF004B00F6006C006E>'),
      field('Tx', '/Ff 4096 /V (two\nlines)'),
      field('Ch', '/Ff 131072 /Opt [[(de) (Germany)] [(ch) (Switzerland)]] /V (ch)'),
      field('Ch', '/Ff 2097152 /Opt [(red) (green) (blue)] /V [(red) (blue)]'),
      // What is typed beside the list.
      field('Ch', '/Ff 393216 /Opt [(red)] /V (own colour)'),
      // Fields of one name hold the same.
      field('Tx', '/V (Erika Mustermann)'),
    ]);
    expect((await read(file)).parts).toEqual([
      {
        page: 1,
        text: 'Name:\nErika Mustermann\nKöln\ntwo\nlines\nSwitzerland\nred\nblue\nown colour',
      },
    ]);
  });

  it('does not give passwords, what is hidden, ticks and buttons', async () => {
    const file = markedPage('Name:', [
      field('Tx', '/Ff 8192 /V (secret)'),
      field('Tx', '/F 2 /V (hidden)'),
      field('Tx', '/F 32 /V (unseen)'),
      field('Btn', '/V /Yes /AS /Yes'),
      field('Btn', '/Ff 65536 /MK << /CA (Send) >>'),
      field('Tx', ''),
    ]);
    expect(await textOf(file)).toBe('Name:');
  });
});

describe('notes on a PDF', () => {
  it('are read, each once, with answers and what is written on the page itself', async () => {
    const file = markedPage('Offer', [
      '/Subtype /FreeText /DA (/F1 12 Tf) /Contents (written across)',
      '/Subtype /Highlight /QuadPoints [10 30 200 30 10 10 200 10] /Contents (is this right?)',
      '/Subtype /Text /Contents (yes, it is) /IRT 7 0 R',
      '/Subtype /Popup /Parent 7 0 R',
      '/Subtype /Stamp /Contents (approved)',
      '/Subtype /Text /RC (<body xmlns="http://www.w3.org/1999/xhtml"><p>in <b>bold</b></p></body>)',
    ]);
    expect(await textOf(file)).toBe('Offer\nwritten across\nis this right?\nyes, it is\napproved\nin bold');
  });

  it('that are hidden, or tell where a link leads, are not', async () => {
    const file = markedPage('Offer', [
      '/Subtype /Text /F 2 /Contents (hidden)',
      '/Subtype /Link /Contents (go to page 2)',
    ]);
    expect(await textOf(file)).toBe('Offer');
  });

  it('a damaged one does not hide the page', async () => {
    const file = markedPage('Offer', ['/Subtype /Text /Contents 99 0 R', '/Subtype /Text /Contents (kept)']);
    expect(await textOf(file)).toBe('Offer\nkept');
  });

  it('count against the letters that are kept', async () => {
    const file = markedPage('Offer', [`/Subtype /Text /Contents (${'long '.repeat(50_000)})`]);
    const { parts, stopped } = await read(file, '', { letters: 1_000, unpackedBytes: 1e8 });
    expect(stopped).toBe('too_large');
    expect(parts.map(({ text }) => text).join('').length).toBeLessThan(1_001);
  });
});
