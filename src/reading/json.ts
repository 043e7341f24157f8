import { decoded } from './encoding.ts';
import type { Output } from './output.ts';
import type { Source } from './source.ts';

/** A letter that is written as its number, or a line end. `\\n` is a backslash and an n. */
const ESCAPED = /\\(?:u([0-9a-fA-F]{4})|(.))/gs;
/** What may be the beginning of one, at the end of a piece. */
const CUT = /(?<!\\)(?:\\\\)*(\\(?:u[0-9a-fA-F]{0,3})?)$/;

/** JSON as people read it: letters as letters. It need not be whole, or right. */
export async function readJson(source: Source, out: Output): Promise<void> {
  let held = '';
  for await (const piece of decoded(source.stream())) {
    const text = held + piece;
    // Behind an even number of backslashes one of them begins nothing.
    const end = text.length - (CUT.exec(text.slice(-100))?.[1]?.length ?? 0);
    held = text.slice(end);
    out.write(plain(text.slice(0, end)));
  }
  out.write(plain(held));
}

function plain(text: string): string {
  return text.replace(ESCAPED, (_, code: string | undefined, sign: string | undefined) => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    return sign === 'n' || sign === 't' || sign === 'r' ? '\n' : (sign ?? '');
  });
}
