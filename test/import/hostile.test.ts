import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { type ArchiveEntry, type ArchiveProblem, safePath } from '../../src/import/archive.ts';
import { type Form, objectsIn } from '../../src/import/json-list.ts';
import { splitLink } from '../../src/import/link.ts';
import { openZip } from '../../src/import/zip-archive.ts';
import { runs } from '../runs.ts';
import { writeZip } from './exports.ts';

const folder = mkdtempSync(join(tmpdir(), 'ria-vault-hostile-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HARMLESS = ['harmless.txt', Buffer.from('harmless')] as const;
/** Of the same length as every name that takes its place. */
const NAME = 'name-to-change.txt';

/** A zip file in which the bytes of something are changed afterwards, in both of its lists. */
async function tampered(change: (bytes: Buffer, local: number, central: number) => void): Promise<string> {
  const path = join(folder, `${Math.random()}.zip`);
  await writeZip(path, new Map([[NAME, Buffer.alloc(50_000, 'a')], HARMLESS]));
  const bytes = readFileSync(path);
  change(bytes, bytes.indexOf(NAME) - 30, bytes.lastIndexOf(NAME) - 46);
  writeFileSync(path, bytes);
  return path;
}

const renamed = (name: string) => (bytes: Buffer, local: number, central: number) => {
  bytes.write(name.padEnd(NAME.length, 'x'), local + 30);
  bytes.write(name.padEnd(NAME.length, 'x'), central + 46);
};

async function listed(path: string): Promise<{ names: string[]; problems: ArchiveProblem[] }> {
  const archive = await openZip(path);
  const problems: ArchiveProblem[] = [];
  const names: string[] = [];
  for await (const { path: name } of archive.entries((one) => problems.push(one))) names.push(name);
  await archive.close();
  return { names, problems };
}

describe('a hostile zip file', () => {
  it.each([
    ['leads up', 'unsafe_name', renamed('../../etc/passwd')],
    ['leads up with backslashes', 'unsafe_name', renamed('..\\..\\etc\\passwd')],
    ['begins at the root', 'unsafe_name', renamed('/etc/passwd')],
    ['names a drive', 'unsafe_name', renamed('C:\\Windows\\a')],
    ['has a NUL in its name', 'unsafe_name', renamed('a\0b')],
    [
      'is a symbolic link',
      'link',
      (bytes: Buffer, _: number, central: number) => bytes.writeUInt32LE(0o120777 * 65_536, central + 38),
    ],
    [
      'is encrypted',
      'encrypted',
      (bytes: Buffer, local: number, central: number) => {
        bytes.writeUInt16LE(bytes.readUInt16LE(central + 8) | 1, central + 8);
        bytes.writeUInt16LE(bytes.readUInt16LE(local + 6) | 1, local + 6);
      },
    ],
    [
      'is packed in a way that nobody knows',
      'unknown_compression',
      (bytes: Buffer, _: number, central: number) => bytes.writeUInt16LE(99, central + 10),
    ],
    [
      'claims to unpack to gigabytes',
      'too_compressed',
      (bytes: Buffer, _: number, central: number) => bytes.writeUInt32LE(0xfffffff0, central + 24),
    ],
  ] as const)('with an entry that %s: it is named, the rest is there', async (_, code, change) => {
    const { names, problems } = await listed(await tampered(change));
    expect(names).toEqual(['harmless.txt']);
    expect(problems.map((one) => one.code)).toEqual([code]);
  });

  it.each([
    ['its checksum', (bytes: Buffer, _: number, central: number) => bytes.writeUInt32LE(1, central + 16)],
    ['its length', (bytes: Buffer, _: number, central: number) => bytes.writeUInt32LE(49_999, central + 24)],
    [
      'its bytes',
      (bytes: Buffer, local: number) =>
        bytes.fill(0xff, local + 30 + NAME.length + 4, local + 30 + NAME.length + 12),
    ],
  ] as const)(
    'with an entry that is not what was packed, by %s: reading it ends with an error',
    async (_, change) => {
      const archive = await openZip(await tampered(change));
      const entries: ArchiveEntry[] = [];
      for await (const one of archive.entries(() => {})) entries.push(one);
      const [bad, good] = entries as [ArchiveEntry, ArchiveEntry];
      await expect(archive.open(bad).then(buffer)).rejects.toMatchObject({ code: 'damaged_entry' });
      expect((await buffer(await archive.open(good))).toString()).toBe('harmless');
      await archive.close();
    },
  );

  it('whose list is cut off: what comes before is there', async () => {
    const path = await tampered((bytes, _, central) =>
      bytes.writeUInt32LE(0, central + 46 + NAME.length + bytes.readUInt16LE(central + 30)),
    );
    const { names, problems } = await listed(path);
    expect(names).toEqual([NAME]);
    expect(problems.map((one) => one.code)).toEqual(['cut_off']);
  });
});

describe('a zip file that is cut off', () => {
  const CONTENTS = new Map([
    ['channels.json', Buffer.from('[{"id": "C1"}]'.repeat(50))],
    ['general/a.bin', Buffer.from(Array.from({ length: 20_000 }, (_, i) => i % 251))],
    ['general/stored.bin', Buffer.alloc(3_000, 'x')],
    ['general/last.bin', Buffer.alloc(5_000, 'y')],
  ]);

  it.each([true, false])(
    'gives all that came whole, however it was written (sizes first: %s)',
    async (first) => {
      const path = join(folder, `${Math.random()}.zip`);
      const zip = new ZipFile();
      for (const [name, bytes] of CONTENTS) {
        if (first) zip.addBuffer(bytes, name, { compress: !name.includes('stored') });
        else zip.addReadStream(Readable.from([bytes]), name);
      }
      zip.end();
      const all = await buffer(zip.outputStream);
      for (const cut of [all.length - 1, all.indexOf('last.bin') + 20, all.indexOf('stored.bin') + 12, 300]) {
        writeFileSync(path, all.subarray(0, cut));
        const archive = await openZip(path);
        const problems: ArchiveProblem[] = [];
        const found = new Map<string, Buffer>();
        for await (const entry of archive.entries((one) => problems.push(one)))
          found.set(entry.path, await buffer(await archive.open(entry)));
        const names = [...CONTENTS.keys()];
        const whole = {
          [all.length - 1]: 4,
          [all.indexOf('last.bin') + 20]: 3,
          [all.indexOf('stored.bin') + 12]: 2,
        };
        expect([...found]).toEqual(
          names.slice(0, whole[cut] ?? found.size).map((name) => [name, CONTENTS.get(name)]),
        );
        expect(problems.map(({ code }) => code)).toContain('cut_off');
        await archive.close();
      }
    },
  );

  it('with a bomb in it says so, as a whole one does', async () => {
    const path = join(folder, 'cut-bomb.zip');
    await writeZip(path, new Map([[NAME, Buffer.alloc(50_000, 'a')], HARMLESS]));
    const bytes = readFileSync(path);
    // It claims far more than its bytes can hold.
    bytes.writeUInt32LE(4_000_000_000, bytes.indexOf(NAME) - 30 + 22);
    writeFileSync(path, bytes.subarray(0, bytes.length - 30));
    const { names, problems } = await listed(path);
    expect(names).toEqual([HARMLESS[0]]);
    expect(problems).toContainEqual({ path: NAME, code: 'too_compressed' });
  });

  it('is told from a file that is no zip', async () => {
    const path = join(folder, 'letter.zip');
    writeFileSync(path, 'Dear Sir or Madam, here is the export.');
    await expect(openZip(path)).rejects.toMatchObject({ code: 'not_an_archive' });
  });
});

describe('a name', () => {
  it('never leads out of the archive', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('..', '.', '', 'a', 'ü', '/', '\\', 'C:', '\0')), (parts) => {
        const path = safePath(parts.join('/'));
        expect(path === null || !(path.startsWith('/') || path.split('/').includes('..'))).toBe(true);
      }),
    );
  });
});

describe('a list in JSON', () => {
  const read = async (text: string, step: number) => {
    const bytes = Buffer.from(text);
    async function* chunks() {
      for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
    }
    const archive = {
      name: '',
      entries: async function* () {},
      open: async () => Readable.from(chunks()),
      isAsListed: async () => true,
      again: async <T>(entry: T) => entry,
      close: async () => {},
    };
    const found = [];
    for await (const one of objectsIn(archive, { path: 'x.json', bytes: 0, writtenAt: null, place: '' }))
      found.push(one);
    return found;
  };

  it('is read object by object, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue())),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom(0, 2),
        async (list, step, indent) => {
          const all = JSON.parse(JSON.stringify(list)) as unknown[];
          const objects = all.filter((one) => typeof one === 'object' && one !== null && !Array.isArray(one));
          expect(await read(JSON.stringify(list, null, indent), step)).toEqual(objects);
        },
      ),
      { numRuns: runs(60) },
    );
  });

  it.each(['', '{}', '[{}', '[]]', 'no', '[{"a": }]', '"[]"'])(
    'is refused when it is none: %s',
    async (text) => {
      await expect(read(text, 3)).rejects.toBeInstanceOf(SyntaxError);
    },
  );
});

describe('JSON in other forms', () => {
  const read = async (text: string, form: Form, step: number) => {
    const bytes = Buffer.from(text);
    async function* chunks() {
      for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
    }
    const archive = { ...(await openZip(await writeZip(join(folder, 'any.zip'), new Map([HARMLESS])))) };
    const texts: Record<string, string> = {};
    const found = [];
    const entry = { path: 'x.json', bytes: 0, writtenAt: null, place: '' };
    const open = async () => Readable.from(chunks());
    for await (const one of objectsIn({ ...archive, open }, entry, form, texts)) found.push(one);
    await archive.close();
    return { found, texts };
  };

  it.each([1, 2, 7, 1_000])(
    'is the list under a key, with the texts around it, in steps of %d',
    async (step) => {
      const told = {
        ...{ n: 1, name: 'general', other: [{ messages: [{ no: 1 }] }], deep: { messages: [{ no: 2 }] } },
        ...{ messages: [{ a: '"messages":[{}]' }, 5, { b: { messages: [] } }], channel_id: 'C1' },
      };
      const { found, texts } = await read(JSON.stringify(told), { key: 'messages' }, step);
      expect(found).toEqual([{ a: '"messages":[{}]' }, { b: { messages: [] } }]);
      expect(texts).toEqual({ name: 'general', channel_id: 'C1' });
    },
  );

  it.each([1, 5, 1_000])('is one object a line, in steps of %d', async (step) => {
    const { found } = await read('{"a":[{}]}\n\n{"b":"}{"}\n', 'lines', step);
    expect(found).toEqual([{ a: [{}] }, { b: '}{' }]);
    await expect(read('{"a":1}\n{"b":', 'lines', step)).rejects.toBeInstanceOf(SyntaxError);
    await expect(read('{"a":1},{"b":2}', 'lines', step)).rejects.toBeInstanceOf(SyntaxError);
  });
});

describe('a link', () => {
  it.each([
    [
      'https://files.slack.com/files-pri/T1-F1/a.pdf?t=xoxe-1-2-abc',
      'https://files.slack.com/files-pri/T1-F1/a.pdf',
    ],
    [
      'https://files.slack.com/a.pdf?pub_secret=1&token=xoxe-1-2',
      'https://files.slack.com/a.pdf?pub_secret=1',
    ],
    ['https://files.slack.com/a.pdf?t=xoxp-9', 'https://files.slack.com/a.pdf'],
  ])('gives its token apart: %s', (link, url) => {
    expect(splitLink(link)).toEqual({ url, withToken: link });
  });

  it.each(['https://example.com/a?t=5', 'not an address', null])(
    'without a token stays as it is: %s',
    (link) => {
      expect(splitLink(link)).toEqual({ url: link, withToken: null });
    },
  );
});
