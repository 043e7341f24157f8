import { deflateSync, inflateSync } from 'node:zlib';

/** How wide letters of Helvetica are, in thousandths of its size (Adobe's metrics of the 14 fonts). */
const WIDTHS: Record<string, number> = {
  ...{
    ' ': 278,
    a: 556,
    b: 556,
    c: 500,
    d: 556,
    e: 556,
    f: 278,
    g: 556,
    h: 556,
    i: 222,
    k: 500,
    l: 222,
    m: 833,
  },
  ...{ n: 556, o: 556, p: 556, r: 333, s: 500, t: 278, u: 556, v: 500, w: 722, y: 500, A: 667, R: 722 },
};

/** Shows each letter for itself, as browsers do, so many points apart. */
function placed(line: string, apart: number): string {
  const letters = [...line].map(
    (letter) => `(${letter}) Tj ${((WIDTHS[letter] ?? 500) * 12) / 1_000 + apart} 0 Td`,
  );
  const width = [...line].reduce((sum, letter) => sum + ((WIDTHS[letter] ?? 500) * 12) / 1_000 + apart, 0);
  return `${letters.join(' ')} ${-width} -14 Td`;
}

/**
 * A PDF with these pages, each of these lines, in a font that every reader has (ISO 32000-1, appendix H.3), the
 * letters so many points apart.
 */
export function pdfOf(
  pages: string[][],
  { trailer = '', pack = false, apart = 0, isPlaced = false, y = 720 } = {},
): Buffer {
  const bodies = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
  ];
  const kids: string[] = [];
  for (const lines of pages) {
    const whole = (line: string) => `(${line.replaceAll(/[\\()]/g, '\\$&')}) Tj T*`;
    const shown = lines.map((line) => (isPlaced ? placed(line, apart) : whole(line))).join('\n');
    const text = `BT /F1 12 Tf ${isPlaced ? 0 : apart} Tc 14 TL 72 ${y} Td ${shown} ET`;
    const stream = pack ? deflateSync(text).toString('latin1') : text;
    kids.push(`${bodies.length + 1} 0 R`);
    bodies.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents ${bodies.length + 2} 0 R >>`,
      `<< /Length ${stream.length} ${pack ? '/Filter /FlateDecode ' : ''}>>\nstream\n${stream}\nendstream`,
    );
  }
  bodies[1] = `<< /Type /Pages /Kids [${kids.join(' ')}] /Count ${kids.length} >>`;
  return assemble(bodies, trailer);
}

/** Pages with these lines, in this order; null: what stands there is no page. */
export function pagesOf(pages: (string | null)[]): Buffer {
  const whole = pdfOf(pages.map((text) => (text ?? 'lost').split('\n'))).toString('latin1');
  return Buffer.from(
    pages.reduce<string>((file, text, at) => {
      const page = `\n${4 + 2 * at} 0 obj\n`;
      if (text !== null) return file;
      // As long as before, so that all else keeps its place.
      return file.replace(
        new RegExp(`${page}<<(.*)>>\n`),
        (_, inner) => `${page}(${' '.repeat(inner.length + 2)})\n`,
      );
    }, whole),
    'latin1',
  );
}

/** One page with a line of text, and what people wrote on it: annotations, each as it stands in the file (ISO 32000-1, 12.5). */
export function markedPage(line: string, marks: string[]): Buffer {
  const text = `BT /F1 12 Tf 72 720 Td (${line}) Tj ET`;
  const all = marks.map((_, at) => `${6 + at} 0 R`).join(' ');
  const page =
    '/Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents 5 0 R';
  return assemble(
    [
      `<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [${all}] /DA (/F1 12 Tf) >> >>`,
      '<< /Type /Pages /Kids [4 0 R] /Count 1 >>',
      '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
      `<< ${page} /Annots [${all}] >>`,
      `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
      ...marks.map((mark) => `<< /Type /Annot /Rect [10 10 200 30] /P 4 0 R ${mark} >>`),
    ],
    '',
  );
}

function assemble(bodies: string[], trailer: string): Buffer {
  const pieces = ['%PDF-1.4\n'];
  let at = (pieces[0] as string).length;
  const places = bodies.map((body, index) => {
    const from = at;
    const piece = `${index + 1} 0 obj\n${body}\nendobj\n`;
    pieces.push(piece);
    at += piece.length;
    return `${String(from).padStart(10, '0')} 00000 n \n`;
  });
  pieces.push(`xref\n0 ${bodies.length + 1}\n0000000000 65535 f \n${places.join('')}`);
  pieces.push(`trailer\n<< /Size ${bodies.length + 1} /Root 1 0 R ${trailer} >>\nstartxref\n${at}\n%%EOF\n`);
  return Buffer.from(pieces.join(''), 'latin1');
}

/**
 * A PNG on the page of a PDF, as a scanner writes it (ISO 32000-1, 8.9.5), and a second page with these words, if any; so many bytes larger.
 */
export function scanOf(png: Buffer, words?: string, larger = 0): Buffer {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const rows = inflateSync(png.subarray(41, 41 + png.readUInt32BE(33)));
  const pixels = Array.from({ length: height }, (_, y) =>
    rows.subarray(y * (width * 3 + 1) + 1, (y + 1) * (width * 3 + 1)),
  );
  const packed = deflateSync(Buffer.concat(pixels)).toString('latin1');
  const streamOf = (content: string, more = '') =>
    `<< ${more}/Length ${content.length} >>\nstream\n${content}\nendstream`;
  const pageOf = (resource: string, content: number) =>
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << ${resource} >> /Contents ${content} 0 R >>`;
  const isTwo = words !== undefined;
  const bodies = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [3 0 R${isTwo ? ' 6 0 R' : ''}] /Count ${isTwo ? 2 : 1} >>`,
    pageOf('/XObject << /P 5 0 R >>', 4),
    streamOf('q 595 0 0 842 0 0 cm /P Do Q'),
    streamOf(
      packed,
      `/Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /FlateDecode `,
    ),
    ...(isTwo
      ? [
          pageOf('/Font << /F1 8 0 R >>', 7),
          streamOf(`BT /F1 12 Tf 72 720 Td (${words}) Tj ET`),
          '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
        ]
      : []),
    ...(larger > 0 ? [streamOf('x'.repeat(larger))] : []),
  ];
  return assemble(bodies, '');
}
