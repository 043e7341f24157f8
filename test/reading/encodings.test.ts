import { describe, expect, it } from 'vitest';
import { decoderOf } from '../../src/reading/dos.ts';
import { read, textOf } from './read.ts';

/** Windows-1252, letter by letter, for what these tests need of it. */
const western = (text: string) => Buffer.from(text.replaceAll('€', '\x80').replaceAll('“', '\x93'), 'latin1');
const wide = (text: string) => Buffer.from(text, 'utf16le');
const german = 'Die Größe der Lücke beträgt höchstens zwölf Meter. '.repeat(20);

describe('the encoding of a text is told apart', () => {
  it.each([
    ['UTF-8', Buffer.from(german)],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${german}`)],
    ['UTF-16 with a mark', wide(`\ufeff${german}`)],
    ['UTF-16 the other way round', wide(`\ufeff${german}`).swap16()],
    ['UTF-16 without a mark', wide(german)],
    ['UTF-16 the other way round, without a mark', wide(german).swap16()],
    ['Windows-1252', western(german)],
  ])('%s', async (_, bytes) => {
    expect(await textOf(bytes)).toBe(german.trim());
  });

  it.each([1, 9, 60, 400])('of long texts, too, which come in pieces: %i times a page', async (pages) => {
    const o = { letters: 1e7, unpackedBytes: 1e8 };
    const plain = 'Zeile mit Wort und Zahl 12, und noch ein paar mehr.\n'.repeat(40);
    const texts = [
      german,
      plain,
      plain + german,
      russian.repeat(9),
      '日本語のテキストです。 契約書と見積もり。 '.repeat(40),
    ];
    for (const text of texts.map((page) => page.repeat(pages))) {
      const wides = [wide(text), wide(text).swap16(), wide(`\ufeff${text}`), wide(`\ufeff${text}`).swap16()];
      for (const bytes of [Buffer.from(text), Buffer.from(`\ufeff${text}`), ...wides]) {
        const { parts } = await read(bytes, '', o);
        const letters = (one: string) => one.replace(/\s+/g, '');
        expect(letters(parts.map((part) => part.text).join('')) === letters(text)).toBe(true);
      }
    }
  });

  it('a single letter of Windows-1252 in a short note', async () => {
    expect(await textOf(western('Kosten: 5 € für “alles'))).toBe('Kosten: 5 € für “alles');
  });

  it('Russian, Japanese and Chinese as old programs write them', async () => {
    const russian = Buffer.from(
      'cff0e8e2e5f22c20fdf2ee20e4eee3eee2eef020ede020f7e5f2fbf0ede0e4f6e0f2fc20e4ede5e92e',
      'hex',
    );
    expect(await textOf(russian)).toBe('Привет, это договор на четырнадцать дней.');
    const japanese = Buffer.from('8cf68ec682cd826f8372837d82c582b782f182bd81420a', 'hex');
    expect((await textOf(Buffer.concat(Array(8).fill(japanese)))).length).toBeGreaterThan(50);
    expect(await textOf(Buffer.from('\x1b$BF|K\\8l\x1b(B ok', 'latin1'))).toBe('日本語 ok');
  });

  it('letters that begin after many pages of ASCII', async () => {
    const text = `${'plain words, many of them. '.repeat(3_000)}Größe`;
    const o = { letters: 1e6, unpackedBytes: 1e8 };
    for (const bytes of [Buffer.from(text), western(text)])
      expect((await read(bytes, '', o)).parts.at(-1)?.text.endsWith('Größe')).toBe(true);
  });

  it('a letter on the border of two pieces stays whole', async () => {
    const text = `ä${'b'.repeat(65_534)} é ${'ü'.repeat(40_000)}`;
    const { parts } = await read(text, '', { letters: 1e6, unpackedBytes: 1e8 });
    expect(parts.map((part) => part.text).join('')).not.toContain('\ufffd');
  });

  it('a web page says it itself', async () => {
    const page = western('<html><head><meta charset="windows-1252"></head><body>Köln</body></html>');
    expect(await textOf(page, 'a.html')).toBe('Köln');
    const greek = Buffer.concat([
      Buffer.from('<html><meta charset=iso-8859-7>'),
      Buffer.from([0xe1, 0xe2, 0xe3]),
    ]);
    expect(await textOf(greek, 'a.html')).toBe('αβγ');
  });
});

/** Letters by their bytes, for encodings that Node only reads. */
function written(text: string, encoding: string): Buffer {
  const decoder = decoderOf(encoding);
  const bytes = new Map(
    Array.from({ length: 256 }, (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte] as const),
  );
  return Buffer.from(
    [...text].map((letter) => {
      const byte = bytes.get(letter);
      if (byte === undefined) throw new Error(`${encoding} has no ${letter}`);
      return byte;
    }),
  );
}

const russian = 'Договор поставки товара на четырнадцать дней согласован сторонами. ';

describe('a text that is not quite right', () => {
  it('in UTF-8 with a broken byte stays UTF-8', async () => {
    const broken = Buffer.concat([Buffer.from('Größe;Straße\n'), Buffer.from([0xff]), Buffer.from(german)]);
    expect(await textOf(broken)).toBe(`Größe;Straße\n\ufffd${german.trim()}`);
    const chinese = Buffer.concat([
      Buffer.from('合同 交货 十四天 '),
      Buffer.from([0xe5, 0x90]),
      Buffer.from('合同'),
    ]);
    expect(await textOf(chinese)).toContain('交货');
  });

  it('in UTF-8 whose first broken byte comes long before its first letter, or a letter lies at a border', async () => {
    const o = { letters: 1e6, unpackedBytes: 1e8 };
    const plain = 'plain words, many of them. '.repeat(4_000);
    for (const text of [
      Buffer.concat([Buffer.from([0xff]), Buffer.from(`${plain}Größe`)]),
      // The ü is cut by the end of a piece, and is the first letter that is not plain.
      ...[65_535, 16_383].map((at) => Buffer.from(`${plain.slice(0, at)}üb${plain}Größe`)),
    ]) {
      const { parts } = await read(text, '', o);
      const all = parts.map((part) => part.text).join('');
      expect(all.endsWith('Größe')).toBe(true);
      expect(all).not.toMatch(/Ã|\ufffd/);
    }
  });

  it('in UTF-8 that is cut in the middle of a letter, before and behind', async () => {
    const bytes = Buffer.from('über die Größe der Straße ü');
    expect(await textOf(bytes.subarray(1, -1))).toMatch(/^\ufffdber die Größe der Straße \ufffd?$/);
  });

  it('in Windows-1252 ends with its last letter', async () => {
    expect(await textOf(western('un café'))).toBe('un café');
    expect(await textOf(western('für das Menü'))).toBe('für das Menü');
  });
});

describe('a file that two programs wrote into, each in its own way', () => {
  const wide = (text: string) => Buffer.from(text, 'utf16le');
  const [plain, other] = ['one line of many\r\n', 'zwei Größen und Длина\r\n'];

  it.each([1, 30, 9_000])(
    'letters of two bytes behind those of one, and in front of them: %i times',
    async (times) => {
      const mixed = [
        Buffer.from(plain.repeat(times)),
        wide(other.repeat(times)),
        Buffer.from(plain.repeat(2)),
      ];
      const { parts } = await read(Buffer.concat(mixed), 'a.log', { letters: 1e7, unpackedBytes: 1e8 });
      const words = (text: string) => text.split(/\s+/).filter(Boolean);
      expect(words(parts.map(({ text }) => text).join('\n'))).toEqual(
        words([plain.repeat(times), other.repeat(times), plain.repeat(2)].join('')),
      );
    },
  );

  it.each(['plain words\r\n', 'plain words behind, an odd number of them\r\n'])(
    'letters of one byte behind a mark of UTF-16: %s',
    async (line) => {
      const mixed = [wide(`\ufeff${other}`), Buffer.from(line), wide(`${other}合同交货期说明`)];
      expect(await textOf(Buffer.concat(mixed), 'a.log')).toBe(
        `${other}${line}${other}合同交货期说明`.replaceAll('\r', ''),
      );
    },
  );

  it('letters of India and China that have such bytes stay as they are', async () => {
    const text = `${'ണഥദഊനപഫബഊഭമ'.repeat(9)}\n${'上上瀠灰漊湡'.repeat(9)}`;
    expect(await textOf(wide(`\ufeff${text}`))).toBe(text);
  });
});

describe('older encodings', () => {
  it.each(['koi8-r', 'windows-1251', 'iso-8859-5'])('Russian in %s', async (encoding) => {
    expect(await textOf(written(russian.repeat(4), encoding))).toBe(russian.repeat(4).trim());
  });

  it.each([
    ['German', 'Die Größe der Straße beträgt über zwölf Meter. '],
    ['French', 'Le café était fermé à cause de la fête, ça se répète. '],
    ['Spanish', 'El niño comió más y también está en la mañana. '],
    ['Portuguese', 'A calibração do usuário é inválida, e a operação não está concluída. '],
    ['Finnish', 'Sekä myyjä että ostaja ovat yhtä mieltä, ja toimitus tehdään syyskuussa. '],
    ['Dutch', 'Financiële coördinatie in België, geïnstalleerd door één reünie. '],
    ['Italian', 'La città è bella perché c’è il mare, però costa di più. '],
    ['Danish', 'Både køber og sælger er enige, og leveringen sker på første dag. '],
  ])('%s as a Macintosh wrote it, and as Windows did', async (_, text) => {
    for (const encoding of ['macintosh', 'windows-1252'])
      for (const times of [1, 20])
        expect(await textOf(written(text.repeat(times), encoding)), encoding).toBe(text.repeat(times).trim());
  });

  it('Russian of DOS: a text, a table', async () => {
    const table = 'Договор;Срок\r\nПОСТАВКА;четырнадцать дней\r\n';
    for (const text of [russian, table])
      expect(await textOf(written(text, 'ibm866'))).toBe(text.trim().replaceAll('\r', ''));
  });

  it('Japanese that shifts between its alphabets, with a broken byte far behind', async () => {
    const japanese = '\x1b$B7@Ls=q\x1b(B plain '.repeat(20);
    const text = await textOf(Buffer.from(`${japanese}${'plain words '.repeat(20)}\xa0`, 'latin1'));
    expect(text.startsWith('契約書 plain 契約書')).toBe(true);
  });

  it.each([
    `Le café est fermé${'\u00a0'.repeat(20)}et la fête est passée${'\u00a0'.repeat(20)}à côté`,
    `Gerät${'¯'.repeat(30)} Länge${'§§§ ®®®'.repeat(9)}`,
  ])('signs of Windows that stand in a row are no letters of DOS or a Macintosh', async (text) => {
    expect(await textOf(written(text, 'windows-1252'))).toBe(text.replaceAll(/\u00a0+/g, ' '));
  });

  it('Ukrainian in KOI8', async () => {
    const text = 'Договір підписано, і сума підлягає сплаті. Її прийнято, її ґанок готовий.';
    expect(await textOf(written(text, 'koi8-u'))).toBe(text);
  });

  it('Slovene, most of whose words are without such letters', async () => {
    const text =
      'Če je DATOTEKA podana, iz nje preberemo, katero barvo uporabimo za kateri tip\ndatotek oziroma pripon. Sicer se uporabi vgrajena tabela. Za podrobnosti o \nskladnji datoteke poženite »dircolors --print-database«.';
    expect(await textOf(written(text, 'windows-1250'))).toBe(text.replace(' \n', '\n'));
  });

  it.each([
    ['windows-1251', russian],
    ['koi8-r', russian],
    ['ibm866', russian],
    ['windows-1250', 'Umowa została zawarta w piątek; należność płatna w ciągu czternastu dni.'],
    ['windows-1254', 'Çok güzel bir gün, ağaç altında oturuyoruz, siparişiniz için teşekkür ederiz.'],
    ['windows-1253', 'Η σύμβαση υπογράφηκε την Παρασκευή εντός δεκατεσσάρων ημερών.'],
    ['windows-1255', 'החוזה נחתם ביום שישי והסכום ישולם בתוך ארבעה עשר יום'],
    ['windows-1256', 'تم توقيع العقد يوم الجمعة والمبلغ مستحق الدفع خلال أربعة عشر يوما'],
  ])('a few sentences in a log, whose other words are English: %s', async (encoding, text) => {
    const line = '2026-05-03 10:00:11,123 INFO [worker-1] the request was answered with status 200 in time\n';
    const log = Array.from({ length: 40 }, (_, at) => line.repeat(9) + (at % 4 === 0 ? `${text}\n` : ''));
    expect(await textOf(written(log.join(''), encoding))).toContain(`\n${text.trim()}\n`);
  });

  it('of DOS: a table that Excel saved for it, and rich text', async () => {
    const table = Buffer.from('Gr\x94\xe1e;St\x81ckzahl\r\nM\x94ller;\x9aber 12 m\xfd\r\n', 'latin1');
    expect(await textOf(table, 'a.csv')).toBe('Größe;Stückzahl\nMöller;Über 12 m²');
    for (const head of ['\\pca', '\\pc', '\\ansi\\ansicpg850'])
      expect(await textOf(`{\\rtf1${head} Gr\\'94\\'e1e}`)).toBe('Größe');
  });

  it.each([
    ['German', 'Jörg Möller aus Döbeln, Höhe über Köln. '],
    ['French', 'Le café était fermé à cause de la fête, ça se répète. '],
    ['Spanish', 'El niño comió más y también está en la mañana. '],
    ['Dutch', 'Financiële coördinatie in België, geïnstalleerd door één reünie. '],
    ['Norwegian', 'Både kjøperen og selgeren er enige; Ødegård må også få vite når. '],
    ['Italian', 'La qualità è alta, perché il caffè arriva ogni lunedì e martedì. '],
    ['Danish', 'Både køber og sælger er enige, og leveringen sker på første dag i måneden. '],
    ['Finnish', 'Sekä myyjä että ostaja ovat yhtä mieltä, ja toimitus tehdään. '],
    ['Portuguese', 'A empresa enviará as informações até o próximo mês, conforme condições. '],
  ])('%s as DOS wrote it, and as Windows did', async (_, text) => {
    for (const encoding of ['cp850', 'windows-1252'])
      for (const times of [1, 20])
        expect(await textOf(written(text.repeat(times), encoding)), encoding).toBe(text.repeat(times).trim());
  });

  it.each([
    'It’s a “fine” day – isn’t it? They’re late—again… ‘so’ what™ † ‡ • 5 ‰',
    'Der Zug Berlin–Hamburg, §\u00a05, ‹so›, „hier“',
    'Dušan’s plan, Sacré-Cœur',
    'He said “no”and went…again, ‚so‘ and „so“, 5 ‰, l’été•là',
  ])('signs of Windows are no letters of a Macintosh: %s', async (text) => {
    for (const times of [1, 20]) {
      const all = Array(times).fill(text).join(' ');
      expect(await textOf(written(all, 'windows-1252'))).toBe(all.replaceAll('\u00a0', ' '));
    }
  });

  it('a euro sign of ISO-8859-15', async () => {
    expect(await textOf(written('Für 100 € gibt es das Menü', 'iso-8859-15'))).toBe(
      'Für 100 € gibt es das Menü',
    );
  });

  it('Japanese and Chinese, also with a broken byte', async () => {
    const japanese = Buffer.from(
      '93fa967b8cea82cc8365834c83588367 82c582b78142 8c5f96f18f9182c68ca990cf82e0 82e88142'.replaceAll(
        ' ',
        '',
      ),
      'hex',
    );
    expect(await textOf(Buffer.concat(Array(3).fill(japanese)))).toBe(
      '日本語のテキストです。契約書と見積もり。'.repeat(3),
    );
    const chinese = Buffer.from(
      'bacfcdac cabeb7b6 bdbbbbf5 caaecbc4ccec a1a3 ced2c3c7 b5c4 b9abcbbe'.replaceAll(' ', ''),
      'hex',
    );
    const many = Buffer.concat(Array(12).fill(chinese));
    const text = '合同示范交货十四天。我们的公司'.repeat(12);
    expect(await textOf(many)).toBe(text);
    expect(await textOf(Buffer.concat([many, Buffer.from([0xff, 10]), many]))).toContain(text);
  });

  it.each(['Russian', 'Greek', 'Japanese', 'Hiragana', 'Hindi', 'Punjabi', 'Thai'])(
    'UTF-16 without a mark, in %s',
    async (language) => {
      const texts: Record<string, string> = {
        Russian: russian,
        Greek: 'Η συμφωνία ισχύει για δύο χρόνια. ',
        Japanese: '日本語のテキストです。 契約書と見積もり。\n',
        Hiragana: 'このけいやくは にねんかん ゆうこうです。\n',
        Hindi: 'यह अनुबंध दो साल के लिए है\n',
        Punjabi: 'ਇਹ ਇਕਰਾਰਨਾਮਾ ਦੋ ਸਾਲਾਂ ਲਈ ਹੈ\n',
        Thai: 'สัญญานี้มีผลสองปี ภาษาไทย ช่วงเวลา\n',
      };
      const text = (texts[language] as string).repeat(5);
      expect(await textOf(wide(text))).toBe(text.trim());
      expect(await textOf(wide(text).swap16())).toBe(text.trim());
    },
  );

  it('what is no text is not taken for one', async () => {
    let seed = 7;
    const noise = Buffer.from(
      Array.from({ length: 4_096 }, () => {
        seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
        return (seed >> 16) & 0xff;
      }),
    );
    // A recording: numbers of 16 bits, up and down.
    const sound = Buffer.alloc(4_096);
    for (let at = 0; at < 2_048; at += 1) sound.writeInt16LE(Math.round(9_000 * Math.sin(at / 7)), at * 2);
    const quiet = Buffer.alloc(4_096);
    for (let at = 0; at < 2_048; at += 1) quiet.writeInt16LE(Math.round(40 * Math.sin(at / 7)), at * 2);
    const counted = Buffer.alloc(4_096);
    for (let at = 0; at < 1_024; at += 1) counted.writeUInt32LE(at * 16, at * 4);
    for (const bytes of [noise, sound, quiet, counted])
      await expect(read(bytes)).rejects.toMatchObject({ code: 'not_readable' });
  });
});

describe('a text with noughts in it', () => {
  const o = { letters: 1e7, unpackedBytes: 1e8 };
  const lettersOf = async (bytes: Buffer, name = 'a.log') => {
    const { parts, stopped } = await read(bytes, name, o);
    expect(stopped).toBeNull();
    return parts
      .map(({ text }) => text)
      .join(' ')
      .replace(/\s+/g, ' ')
      .trim();
  };
  const line = 'ein Eintrag über Größe und Straße\n';
  const lines = (times: number) => Buffer.from(line.repeat(times));
  const noughts = (times: number) => Buffer.alloc(times);
  const shown = (times: number) => line.repeat(times).replaceAll('\n', ' ').trim();

  it.each([
    ['one, in a short text', [Buffer.from('first\n'), noughts(1), Buffer.from('second\n')], 'first second'],
    ['some, soon', [lines(9), noughts(4), lines(9)], shown(18)],
    ['far behind', [lines(9_000), noughts(1), lines(900)], shown(9_900)],
    ['a block of a disk', [lines(500), noughts(4_096), lines(500)], shown(1_000)],
    ['more than is read at once, in front', [noughts(300_000), lines(20)], shown(20)],
    [
      'more than is read at once, in the middle and behind',
      [lines(20), noughts(300_000), lines(20), noughts(200_000)],
      shown(40),
    ],
    [
      'between letters of UTF-8 that come late',
      [Buffer.from('plain\n'.repeat(20_000)), noughts(9), lines(20)],
      `${'plain '.repeat(20_000)}${shown(20)}`,
    ],
  ])('is read to its end: %s', async (_, pieces, text) => {
    expect((await lettersOf(Buffer.concat(pieces))) === text).toBe(true);
  });

  it('in Windows-1252, as JSON and as a web page', async () => {
    const western1252 = Buffer.concat([
      western('Die Größe der Lücke\n'),
      noughts(3),
      western('für zwölf Meter\n'),
    ]);
    expect(await lettersOf(western1252)).toBe('Die Größe der Lücke für zwölf Meter');
    expect(await textOf('{"a": "one\0two"}', 'a.json')).toBe('{"a": "one two"}');
    expect(await textOf('<?xml version="1.0" encoding="utf-8"?><html><p>one two\0three', 'a.html')).toBe(
      'one two three',
    );
  });

  it('is none where only noughts are, or what a program or an archive has', async () => {
    const name = Buffer.alloc(512);
    name.write('notes.txt');
    name.write('0000644', 100);
    name.write('ustar', 257);
    const mask = Buffer.concat([
      Buffer.from('P5\n512 512\n255\n'),
      ...Array(99)
        .fill([noughts(300), Buffer.alloc(212, 255)])
        .flat(),
    ]);
    const table = Buffer.from('ONE\0TWO\0'.repeat(90));
    for (const bytes of [
      noughts(9),
      noughts(200_000),
      Buffer.concat([name, lines(90)]),
      mask,
      table,
      Buffer.concat([lines(90), Buffer.from([0, 1, 0, 2])]),
    ])
      await expect(read(bytes)).rejects.toMatchObject({ code: 'not_readable' });
  });
});

describe('the text is tidy', () => {
  it('one form for each letter, one blank, one empty line, no unseen signs', async () => {
    expect(await textOf('u\u0308ber\u00ad all \u00a0 \t wo\r\n\r\n\r\n\r\nEn\u200bde\u0007')).toBe(
      'über all wo\n\nEnde',
    );
  });

  it('letters that a printer struck twice, or with a line below, are letters', async () => {
    expect(await textOf('N\bNA\bAM\bME\bE\n_\bf_\bile\n')).toBe('NAME\nfile');
  });

  it('bytes that stand in it as letters are left out', async () => {
    expect(await textOf(`key: ${'QUJD'.repeat(100)}== end`)).toBe('key: end');
  });

  it.each([
    ['colours', '\x1b[31mError\x1b[0m at \x1b[1;38;2;255;0;0mserver\x1b[m one', 'Error at server one'],
    ['a colour in a word', 'deli\x1b[01;31m\x1b[Kver\x1b[m\x1b[Ky', 'delivery'],
    ['moves', 'Name\x1b[20GCity\x1b[2;5HKassel\x1b[2J\x1b[Hend', 'Name City Kassel end'],
    ['links', 'see \x1b]8;;https://a.b/c\x1b\\the plan\x1b]8;;\x1b\\ now', 'see the plan now'],
    ['titles of windows', '\x1b]0;anna@host: ~\x07ready\x1bP1$r0m\x1b\\ set', 'ready set'],
    ['other commands', '\x1b(Bone\x1b7\x1b=two\x1b>\x1bM three \x1b[?25l\x1b[4 qfour', 'onetwo three four'],
    ['one that does not end', 'one \x1b]8;;https://a.b\ntwo \x1b[31', 'one ]8;;https://a.b\ntwo [31'],
  ])('what is meant for a terminal is left out: %s', async (_, text, shown) => {
    expect(await textOf(text)).toBe(shown);
  });

  it('many links that end with a bell are text', async () => {
    const line = '\x1b]8;;file://h/a\x07a.txt\x1b]8;;\x07\n';
    expect(await textOf(line.repeat(100))).toBe('a.txt\n'.repeat(100).trim());
  });

  it('a broken block in the midst of a text hides nothing behind it', async () => {
    const line = (word: string) => `${word} of a log, written in the year of the harbour\n`;
    const block = Buffer.from(Array.from({ length: 4_096 }, (_, at) => (at * 7_919) % 256));
    const log = [Buffer.from(line('before').repeat(1_500)), block, Buffer.from(line('behind').repeat(3_000))];
    const { parts } = await read(Buffer.concat(log), 'a.log', { letters: 1e6, unpackedBytes: 1e8 });
    expect(parts.at(0)?.text.startsWith(line('before').trim())).toBe(true);
    expect(parts.at(-1)?.text.endsWith(line('behind').trim())).toBe(true);
    expect(parts.map(({ text }) => text).join('\n')).not.toContain('\ufffd');
  });

  it('what comes behind the text of a program is not read', async () => {
    const bytes = Buffer.concat([
      Buffer.from(`${'echo unpacking\n'.repeat(5_000)}`),
      Buffer.alloc(100_000, 0),
    ]);
    expect((await read(bytes)).parts.map(({ text }) => text).join('')).not.toContain('\u0000');
  });
});
