import type { Output } from './output.ts';
import { ReadingError } from './reading.ts';
import type { Source } from './source.ts';

/** A larger one is no page. In bytes. */
const MOST_BYTES = 32 * 1024 ** 2;

/** The letters in a picture, where languages are named. */
export async function readPicture(source: Source, out: Output, ocr: string): Promise<void> {
  if (ocr === '') throw new ReadingError('not_readable', 'Pictures are not read here.');
  if (source.bytes > MOST_BYTES) throw new ReadingError('too_large', 'The picture is too large.');
  const reader = await (await import('./ocr.ts')).recognise(ocr);
  out.write(reader.textIn(await source.read(0, source.bytes)));
}
