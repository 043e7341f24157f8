/**
 * The reading process. It is given one open file as its standard input, tells on its standard output what it read, a line of JSON for
 * each part, and ends. Started by read-document.ts, with nothing else open and no right to open anything.
 */
import { writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { extract } from './extract.ts';
import type { Hint } from './hint.ts';
import { openOutput } from './output.ts';
import type { ReadingCode } from './reading.ts';
import { sourceOf } from './source.ts';
import { STDIN, STDOUT, type Told } from './told.ts';

// No reader fetches anything. One that is led astray finds nothing to do it with.
for (const way of ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest'])
  Reflect.deleteProperty(globalThis, way);

const { values } = parseArgs({
  options: {
    ...{ hint: { type: 'string' }, letters: { type: 'string' }, unpacked: { type: 'string' } },
    ...{ ocr: { type: 'string', default: '' }, picture: { type: 'boolean', default: false } },
  },
});

/** How a reading may end whose first page is drawn all the same: some pages were read. */
const DRAWN: ReadonlySet<ReadingCode | null> = new Set([null, 'too_large', 'damaged', 'pictures_not_read']);
/** How long to wait when nobody listens just now. */
const FULL_MS = 5;

const out = openOutput({ letters: Number(values.letters), give: (part) => tell(part) });
const hint = values.hint as Hint;
const limits = { unpackedBytes: Number(values.unpacked) };
const end = await stoppedBy();
tell({ end });
if (values.picture && DRAWN.has(end)) await draw();
process.exit(0);

async function stoppedBy(): Promise<ReadingCode | null> {
  try {
    const source = await sourceOf(STDIN);
    return await extract(source, hint, out, { ...limits, ocr: values.ocr });
  } catch (error) {
    return codeOf(error);
  }
}

/** What was read counts, whatever becomes of the picture. */
async function draw(): Promise<void> {
  const { firstPage } = await import('./first-page.ts');
  const picture = await firstPage(await sourceOf(STDIN), hint, limits).catch(() => null);
  if (picture !== null) tell({ picture: picture.bytes.toString('base64'), kind: picture.kind });
}

/** Whatever a parser says of a document that it cannot read: the document is at fault. */
function codeOf(error: unknown): ReadingCode {
  if (error instanceof Error && error.name === 'ReadingError')
    return (error as { code?: ReadingCode }).code ?? 'damaged';
  // "Invalid string length", "Array buffer allocation failed"
  if (error instanceof RangeError && /length|size|alloc/i.test(error.message)) return 'too_large';
  return 'damaged';
}

/** All of it, however slowly it is taken. */
function tell(told: Told): void {
  const bytes = Buffer.from(`${JSON.stringify(told)}\n`);
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(STDOUT, bytes, done);
    } catch (error) {
      // The pipe is full, and this end of it does not wait by itself. Whoever listens may be busy.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FULL_MS);
    }
  }
}
