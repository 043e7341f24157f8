import { Parser } from 'htmlparser2';
import { decoded } from './encoding.ts';
import { ReadingError } from './reading.ts';

export interface XmlHandler {
  /** Names come without their prefix: who writes a document chooses it. Names of attributes keep theirs. */
  open?(name: string, attributes: Record<string, string>): void;
  close?(name: string): void;
  text?(text: string): void;
}

const DECLARED = /^\s*<\?xml[^>]{0,200}encoding\s*=\s*["']([\w:-]+)/i;

/** No program nests so deep, and each level costs more than the one before. */
const DEEPEST = 2_000;

/**
 * Walks through XML piece by piece. What a document defines by itself (`<!ENTITY …>`) is never put in, and nothing is fetched, so
 * that a few lines cannot grow into gigabytes.
 */
export async function walkXml(chunks: AsyncIterable<Buffer | string>, handler: XmlHandler): Promise<void> {
  let depth = 0;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        depth += 1;
        if (depth > DEEPEST) throw new ReadingError('damaged', 'Elements stand in each other without end.');
        handler.open?.(local(name), attributes);
      },
      onclosetag(name) {
        depth -= 1;
        handler.close?.(local(name));
      },
      ontext: (text) => handler.text?.(text),
    },
    { xmlMode: true, decodeEntities: true },
  );
  for await (const text of decoded(chunks, (beginning) => DECLARED.exec(beginning)?.[1])) parser.write(text);
  parser.end();
}

/** A name without its prefix. */
export function local(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** An attribute by its name without prefix. */
export function attribute(attributes: Record<string, string>, name: string): string | undefined {
  const key = Object.keys(attributes).find((one) => local(one) === name);
  return key === undefined ? undefined : attributes[key];
}
