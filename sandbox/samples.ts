import { crc32, deflateRawSync, deflateSync } from 'node:zlib';

/** A small file that really is what its name says. */
export interface Sample {
  name: string;
  mimetype: string;
  content: Buffer;
}

/** Six small files of six kinds, made here, so that nobody has to look for files to try the sandbox with. */
export function samples(): Sample[] {
  const picture = png(240, 150, sunrise);
  return [
    { name: 'Budget 2027.csv', mimetype: 'text/csv', content: Buffer.from(BUDGET) },
    { name: 'Quarterly report.pdf', mimetype: 'application/pdf', content: pdf(REPORT) },
    { name: 'Sunrise.png', mimetype: 'image/png', content: picture },
    { name: 'Meeting notes.txt', mimetype: 'text/plain', content: Buffer.from(NOTES) },
    { name: 'Doorbell.wav', mimetype: 'audio/wav', content: wav([659, 523]) },
    {
      name: 'Website drafts.zip',
      mimetype: 'application/zip',
      content: zip([
        {
          name: 'index.html',
          content: Buffer.from('<!doctype html><title>Draft</title><img src="sunrise.png">\n'),
        },
        { name: 'sunrise.png', content: picture },
      ]),
    },
  ];
}

const BUDGET = `Team,Item,Euro
Design,Fonts,1200
Design,Pictures,3400
Finance,Audit,9800
All,Offsite,15600
`;

const NOTES = `Meeting on Monday
- Anna sends the budget
- Ben shows the new picture for the website
- Carla asks the auditor for a day
`;

const REPORT = ['Quarterly report', 'Sales went up by 12 %.', 'The budget for 2027 is in Budget 2027.csv.'];

/** Pages of text. Source: ISO 32000-1, 7.5 (header, objects, cross-reference table, trailer). */
export function pdf(...pages: string[][]): Buffer {
  const first = 3;
  const font = first + 2 * pages.length;
  const kids = pages.map((_, at) => `${first + 2 * at} 0 R`).join(' ');
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
    ...pages.flatMap((lines, at) => {
      const text = textOfPage(lines);
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${first + 2 * at + 1} 0 R /Resources << /Font << /F1 ${font} 0 R >> >> >>`,
        `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
      ];
    }),
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let body = '%PDF-1.4\n';
  const offsets = objects.map((object, at) => {
    const offset = body.length;
    body += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  return Buffer.from(
    `${body}xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`,
    'latin1',
  );
}

function textOfPage(lines: string[]): string {
  const shown = lines.map(
    (line, at) => `(${line.replace(/[()\\]/g, '\\$&')}) Tj 0 ${at === 0 ? -40 : -22} Td`,
  );
  return `BT /F1 ${18} Tf 72 720 Td ${shown.join(' ')} ET`;
}

type Colour = readonly [red: number, green: number, blue: number];

/** A sky that gets lighter towards the hills, and a sun; `x` and `y` are from 0 to 1. */
function sunrise(x: number, y: number): Colour {
  if (y > 0.78 + 0.08 * Math.sin(x * 7)) return [22, 38, 63];
  if (Math.hypot((x - 0.68) * 1.6, y - 0.55) < 0.16) return [255, 226, 176];
  return [43 + 158 * y, 74 + 44 * y, 118 - 24 * y];
}

/** A picture in true colour. Source: the PNG specification (w3.org/TR/png-3), chunks IHDR, IDAT and IEND. */
function png(width: number, height: number, colourAt: (x: number, y: number) => Colour): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  // Eight bits a colour, true colour.
  head.set([8, 2], 8);
  const rows = Array.from({ length: height }, (_, y) => [
    0,
    ...Array.from({ length: width }, (_, x) => colourAt(x / width, y / height).map(Math.round)).flat(),
  ]);
  const chunk = (name: string, data: Buffer): Buffer => {
    const named = Buffer.concat([Buffer.from(name), data]);
    return Buffer.concat([uint32(data.length), named, uint32(crc32(named))]);
  };
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  const pixels = deflateSync(Buffer.from(rows.flat()), { level: 9 });
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

const RATE = 8_000;

/** Tones, half a second each, that fade away: 16 bits, one channel. Source: RIFF/WAVE, format 1 (PCM). */
function wav(tones: number[]): Buffer {
  const long = RATE / 2;
  const head = Buffer.alloc(44);
  const bytes = tones.length * long * 2;
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + bytes, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(RATE, 24);
  head.writeUInt32LE(RATE * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(bytes, 40);
  const sound = Buffer.alloc(bytes);
  for (const [at, tone] of tones.entries())
    for (let step = 0; step < long; step += 1) {
      const loud = 9_000 * (1 - step / long);
      sound.writeInt16LE(
        Math.round(loud * Math.sin((2 * Math.PI * tone * step) / RATE)),
        (at * long + step) * 2,
      );
    }
  return Buffer.concat([head, sound]);
}

/** An archive. Source: PKWARE's APPNOTE.TXT, 4.3 (local headers, central directory, end of central directory). */
function zip(files: Array<{ name: string; content: Buffer }>): Buffer {
  const locals: Buffer[] = [];
  const entries: Buffer[] = [];
  let offset = 0;
  for (const { name, content } of files) {
    const packed = deflateRawSync(content);
    // Version 2.0, no flags, deflate, 1 January 2026 at midnight.
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt16LE(((2026 - 1980) << 9) | (1 << 5) | 1, 8);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), packed]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    entries.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), common, place, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}
