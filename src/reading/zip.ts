import type { Readable } from 'node:stream';
import * as yauzl from 'yauzl';
import { isNameTold, zipName } from '../zip-name.ts';
import { DOS, decoderOf } from './dos.ts';
import { Enough } from './output.ts';
import { ReadingError } from './reading.ts';
import type { Source } from './source.ts';
import { endBeforeOthers, OpenFile } from './zip-end.ts';
import { encodingOfNames } from './zip-letters.ts';

/** No document has so many parts. */
const MOST_PARTS = 20_000;
/** So many names say what all of them are written in. */
const MOST_LOOKED_AT = 200;

/** The parts of a document that is a zip file. */
export interface Parts {
  names: string[];
  /** Whether all names are there. */
  isAll: boolean;
  /** Whether some can be unpacked only with a password (APPNOTE.TXT 4.4.4, bit 0). */
  isLocked: boolean;
  has(name: string): boolean;
  /** The bytes of a part; nothing when there is none. Throws `Enough` when all parts together gave too much. */
  open(name: string): AsyncIterable<Buffer>;
}

/** Opens a zip file without unpacking anything. Throws `ReadingError` when it is damaged. */
export async function openZip(source: Source): Promise<yauzl.ZipFile> {
  const options = { lazyEntries: true, autoClose: false, decodeStrings: false, validateEntrySizes: true };
  try {
    return await yauzl.fromFdPromise(source.fd, options);
  } catch (cause) {
    const damaged = new ReadingError('damaged', 'The zip file has no list of its parts.', { cause });
    const end = await endBeforeOthers(source);
    if (end === null) throw damaged;
    return yauzl.fromRandomAccessReaderPromise(new OpenFile(source), end, options).catch(() => {
      throw damaged;
    });
  }
}

/** The entries of a zip file, as its list at the end names them. */
async function* entriesOf(zip: yauzl.ZipFile): AsyncGenerator<yauzl.Entry> {
  try {
    for await (const entry of zip.eachEntry()) yield entry;
  } catch (cause) {
    if (cause instanceof Enough || cause instanceof ReadingError) throw cause;
    throw new ReadingError('damaged', 'The list of parts cannot be read.', { cause });
  }
}

/** The parts of a document, by name. Nothing is unpacked before it is asked for. */
export async function partsOf(zip: yauzl.ZipFile, unpackedBytes: number): Promise<Parts> {
  const listed: yauzl.Entry[] = [];
  let isAll = true;
  for await (const entry of entriesOf(zip)) {
    listed.push(entry);
    isAll = listed.length <= MOST_PARTS;
    if (!isAll) break;
  }
  const nameOf = nameReader(listed);
  const entries = new Map<string, yauzl.Entry>();
  for (const entry of listed) {
    const name = plainName(nameOf(entry));
    // Of two with one name the first counts, as for most programs.
    if (!entries.has(name)) entries.set(name, entry);
  }
  let left = unpackedBytes;
  return {
    names: [...entries.keys()],
    isAll,
    isLocked: [...entries.values()].some((entry) => entry.isEncrypted()),
    has: (name) => entries.has(name),
    async *open(name) {
      const entry = entries.get(name);
      if (entry === undefined) return;
      if (entry.isEncrypted()) throw new ReadingError('password_protected', 'A part is locked.');
      const body = await bodyOf(zip, entry);
      try {
        for await (const chunk of body) {
          left -= (chunk as Buffer).length;
          if (left < 0) throw new Enough();
          yield chunk as Buffer;
        }
      } catch (cause) {
        if (cause instanceof Enough) throw cause;
        throw new ReadingError('damaged', 'A part cannot be unpacked.', { cause });
      } finally {
        body.destroy();
      }
    },
  };
}

function nameReader(entries: readonly yauzl.Entry[]): (entry: yauzl.Entry) => string {
  const rawOf = ({ fileNameRaw }: yauzl.Entry) => fileNameRaw as Buffer;
  const untold = new Set(entries.filter((entry) => !isNameTold(entry)));
  // By the format, they are in the letters of America's DOS; Windows in Western Europe writes its own, which has those, too.
  const decoder = decoderOf(encodingOfNames([...untold].slice(0, MOST_LOOKED_AT).map(rawOf)) ?? DOS);
  return (entry) => (untold.has(entry) ? decoder.decode(rawOf(entry)) : zipName(entry));
}

/** Old programs of Windows write names of parts with its own strokes, or with one in front. */
function plainName(name: string): string {
  return name.replaceAll('\\', '/').replace(/^\/+/, '');
}

async function bodyOf(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<Readable> {
  try {
    return await zip.openReadStreamPromise(entry);
  } catch (cause) {
    throw new ReadingError('damaged', 'A part cannot be opened.', { cause });
  }
}
