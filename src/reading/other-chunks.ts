import { Readable } from 'node:stream';
import { formatOf } from './format.ts';
import { hintOf } from './hint.ts';
import { readHtml } from './html.ts';
import { Enough, type Output } from './output.ts';
import type { Pieces } from './pieces.ts';
import { readPlain } from './plain.ts';
import { relationsOf } from './relations.ts';
import type { Source } from './source.ts';
import type { Parts } from './zip.ts';

/** In bytes. */
const MOST_BYTES = 16 * 1024 ** 2;

/**
 * Pieces of a document that are of another format, as web pages (`altChunk`: ECMA-376, part 1, chapters 11.3.1 and 17.17.2.1): programs that make Word's documents
 * out of pages write all of it so. Word takes them in when it saves. Documents in documents are not read.
 */
export async function readOtherChunks(
  parts: Parts,
  name: string,
  out: Output,
  pieces: Pieces,
): Promise<void> {
  const relations = [...(await relationsOf(parts, name)).values()];
  const names = new Set(relations.filter(({ kind }) => kind === 'aFChunk').map(({ part }) => part));
  for (const part of names) await pieces.read(async () => readChunk(await bytesOf(parts, part), part, out));
}

async function readChunk(bytes: Buffer, name: string, out: Output): Promise<void> {
  const source = sourceIn(bytes);
  out.write('\n');
  const format = formatOf(bytes.subarray(0, 4_096), hintOf({ name, mimetype: null }));
  if (format === 'html') await readHtml(source, out);
  else if (format === 'mail') await (await import('./mail.ts')).readMail(source, out);
  else if (format === 'rtf') await (await import('./rtf.ts')).readRtf(source, out);
  else if (format === 'text') await readPlain(source, out);
}

async function bytesOf(parts: Parts, name: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let left = MOST_BYTES;
  for await (const chunk of parts.open(name)) {
    left -= chunk.length;
    if (left < 0) throw new Enough();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function sourceIn(bytes: Buffer): Source {
  return {
    fd: -1,
    bytes: bytes.length,
    read: async (at, length) => bytes.subarray(at, at + length),
    stream: () => Readable.from([bytes]),
  };
}
