import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Archive, ArchiveEntry } from './archive.ts';
import { ImportError } from './errors.ts';

/** The bytes of a file in an archive; one that ends in `.gz` is unpacked, unless it is to come as it is. What breaks off is an `ImportError`. */
export async function* chunksOf(
  archive: Archive,
  entry: ArchiveEntry,
  form: 'plain' | 'packed' = 'plain',
): AsyncGenerator<Buffer> {
  const body = await archive.open(entry);
  const plain = form === 'plain' && entry.path.endsWith('.gz') ? gunzipped(body) : body;
  try {
    for await (const chunk of plain) yield chunk as Buffer;
  } catch (cause) {
    if (cause instanceof ImportError) throw cause;
    throw new ImportError('damaged_entry', `${entry.path} cannot be read to its end.`, { cause });
  } finally {
    body.destroy();
  }
}

function gunzipped(body: Readable): Readable {
  const gunzip = createGunzip();
  body.on('error', (error) => gunzip.destroy(error));
  return body.pipe(gunzip);
}

/** No line that people write is longer. The rest of one is left out. */
const MOST_LINE = 100_000;

/** The lines of a text, without their ends. */
export async function* linesOf(archive: Archive, entry: ArchiveEntry): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunksOf(archive, entry)) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r?\n/);
    rest = (lines.pop() ?? '').slice(0, MOST_LINE);
    yield* lines;
  }
  yield rest + decoder.decode();
}
