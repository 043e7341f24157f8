import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extract } from '../../src/reading/extract.ts';
import { type Hint, hintOf } from '../../src/reading/hint.ts';
import { openOutput } from '../../src/reading/output.ts';
import { readDocument } from '../../src/reading/read-document.ts';
import type { Part, ReadDocument, Reading } from '../../src/reading/reading.ts';
import { type Source, sourceOf } from '../../src/reading/source.ts';

/** What a file of this name calls itself. */
const hint = (name: string): Hint => hintOf({ name, mimetype: null });

/** Reads in this process, without its walls: for what the formats say. `parts` has what came before an error, too. */
export function read(
  bytes: Buffer | string,
  name = '',
  o = { letters: 100_000, unpackedBytes: 1e8 },
  parts: Part[] = [],
): Promise<Reading> {
  return withFile(bytes, async (fd) => {
    const out = openOutput({ letters: o.letters, give: (part) => void parts.push(part) });
    return { parts, stopped: await extract(await sourceOf(fd.fd), hint(name), out, o) };
  });
}

/** The same, as one text. */
export async function textOf(bytes: Buffer | string, name = ''): Promise<string> {
  const { parts } = await read(bytes, name);
  return parts.map(({ text }) => text).join('\n');
}

/** The same, of a file that calls itself so. */
export function readAs(bytes: Buffer | string, called: Hint): Promise<string> {
  return withSource(bytes, async (source) => {
    const parts: Part[] = [];
    const out = openOutput({ letters: 100_000, give: (part) => void parts.push(part) });
    await extract(source, called, out, { unpackedBytes: 1e8 });
    return parts.map(({ text }) => text).join('\n');
  });
}

/** Reads as the vault does, in a process of its own. */
export function readApart(
  bytes: Buffer | string,
  name = '',
  o: Parameters<typeof readDocument>[2] = {},
): Promise<ReadDocument> {
  return withFile(bytes, (file) => readDocument(file, hint(name), o));
}

/** These bytes, as a reader is given them. */
export function withSource<T>(bytes: Buffer | string, use: (source: Source) => Promise<T>): Promise<T> {
  return withFile(bytes, async ({ fd }) => use(await sourceOf(fd)));
}

type Open = Awaited<ReturnType<typeof open>>;

async function withFile<T>(bytes: Buffer | string, use: (file: Open) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'reading-'));
  try {
    await writeFile(join(folder, 'document'), bytes);
    const file = await open(join(folder, 'document'));
    try {
      return await use(file);
    } finally {
      await file.close();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}
