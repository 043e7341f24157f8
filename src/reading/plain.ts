import { decoded } from './encoding.ts';
import type { Output } from './output.ts';
import type { Source } from './source.ts';

/** Text as it stands: notes, code, tables with commas. No more is read than is kept. */
export async function readPlain(source: Source, out: Output): Promise<void> {
  for await (const text of decoded(source.stream())) out.write(text);
}
