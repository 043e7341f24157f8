import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import {
  type Archive,
  type ArchiveEntry,
  type ArchiveProblem,
  isTooCompressed,
  safePath,
} from './archive.ts';
import { checkedBytes } from './checked-bytes.ts';
import { ImportError } from './errors.ts';

/**
 * A zip file without its end: a download that broke off. Its list of files stood there. But each file also has a header of its
 * own in front of its bytes, so all that came whole can be read one after the other. Source of the format: PKWARE's
 * APPNOTE.TXT, 4.3.7 (local file header), 4.3.9 (data descriptor), 4.5.3 (zip64 sizes).
 */
const HEADER = 0x04034b50;
const DESCRIPTOR = 0x08074b50;
const HEADER_BYTES = 30;
const ENCRYPTED_BIT = 1;
/** The sizes come after the bytes. */
const DESCRIPTOR_BIT = 8;
const STORED = 0;
const DEFLATED = 8;
const ZIP64 = 1;
const IN_ZIP64 = 0xffffffff;

/** Whether the file begins as a zip file does. Throws when it cannot be read. */
export async function beginsAsZip(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return bytesRead === 4 && buffer.readUInt32LE(0) === HEADER;
  } finally {
    await file.close();
  }
}

interface Place {
  method: number;
  from: number;
  /** Just after the last byte. */
  to: number;
  crc: number;
}

/** Opens what is left of a zip file that was cut off. */
export function openCutZip(path: string): Archive {
  return {
    name: basename(path),
    entries: (onProblem) => entriesOf(path, onProblem),
    async open({ path: name, place, bytes }) {
      const { method, from, to, crc } = JSON.parse(place) as Place;
      return checkedBytes(unpacked(path, { method, from, to }), name, { bytes, crc });
    },
    isAsListed: async () => true,
    again: async (entry) => entry,
    async close() {},
  };
}

function unpacked(path: string, { method, from, to }: Pick<Place, 'method' | 'from' | 'to'>): Readable {
  if (from === to) return Readable.from([]);
  const body = createReadStream(path, { start: from, end: to - 1 });
  if (method === STORED) return body;
  const inflate = createInflateRaw();
  body.on('error', (error) => inflate.destroy(error));
  inflate.on('close', () => body.destroy());
  return body.pipe(inflate);
}

interface Header {
  name: string;
  method: number;
  flags: number;
  crc: number;
  packed: number;
  bytes: number;
  isZip64: boolean;
  /** Where its bytes begin. */
  from: number;
}

async function* entriesOf(
  path: string,
  onProblem: (problem: ArchiveProblem) => void,
): AsyncGenerator<ArchiveEntry> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    for (let at = 0; ; ) {
      const header = await headerAt(file, at);
      if (header === null) break;
      const whole = await wholeOf(file, path, header, size);
      if (whole === null) {
        onProblem({ path: header.name, code: 'cut_off' });
        break;
      }
      at = whole.next;
      if (header.name.endsWith('/')) continue;
      const name = safePath(header.name);
      if (name === null) onProblem({ path: header.name, code: 'unsafe_name' });
      else if ((header.flags & ENCRYPTED_BIT) !== 0) onProblem({ path: header.name, code: 'encrypted' });
      else if (header.method !== STORED && header.method !== DEFLATED)
        onProblem({ path: header.name, code: 'unknown_compression' });
      else if (isTooCompressed(whole.place.to - whole.place.from, whole.bytes))
        onProblem({ path: header.name, code: 'too_compressed' });
      else yield { path: name, bytes: whole.bytes, writtenAt: null, place: JSON.stringify(whole.place) };
    }
    onProblem({ path: basename(path), code: 'cut_off' });
  } finally {
    await file.close();
  }
}

async function headerAt(file: FileHandle, at: number): Promise<Header | null> {
  const fixed = await bytesAt(file, at, HEADER_BYTES);
  if (fixed === null || fixed.readUInt32LE(0) !== HEADER) return null;
  const [nameBytes, extraBytes] = [fixed.readUInt16LE(26), fixed.readUInt16LE(28)];
  const rest = await bytesAt(file, at + HEADER_BYTES, nameBytes + extraBytes);
  if (rest === null) return null;
  let [packed, bytes] = [fixed.readUInt32LE(18), fixed.readUInt32LE(22)];
  const large = zip64In(rest.subarray(nameBytes));
  if (large !== null && bytes === IN_ZIP64 && large.length >= 8) bytes = Number(large.readBigUInt64LE(0));
  if (large !== null && packed === IN_ZIP64 && large.length >= 16) packed = Number(large.readBigUInt64LE(8));
  return {
    name: rest.toString('utf8', 0, nameBytes),
    ...{
      flags: fixed.readUInt16LE(6),
      method: fixed.readUInt16LE(8),
      crc: fixed.readUInt32LE(14),
      packed,
      bytes,
    },
    ...{ isZip64: large !== null, from: at + HEADER_BYTES + nameBytes + extraBytes },
  };
}

function zip64In(extra: Buffer): Buffer | null {
  for (let at = 0; at + 4 <= extra.length; ) {
    const [id, length] = [extra.readUInt16LE(at), extra.readUInt16LE(at + 2)];
    if (id === ZIP64) return extra.subarray(at + 4, at + 4 + length);
    at += 4 + length;
  }
  return null;
}

/** Where a file ends, and what follows it. Null when its end is missing. */
async function wholeOf(
  file: FileHandle,
  path: string,
  header: Header,
  size: number,
): Promise<{ bytes: number; place: Place; next: number } | null> {
  const { method, from, crc, packed, bytes, flags } = header;
  const isAfter = (flags & DESCRIPTOR_BIT) !== 0;
  if (!isAfter) {
    const to = from + packed;
    return to > size ? null : { bytes, place: { method, from, to, crc }, next: to };
  }
  // Only a packed file says by itself where it ends.
  if (method !== DEFLATED) return null;
  const to = await endOfPacked(path, from, size);
  const next = to === null ? null : await afterDescriptor(file, to, header);
  if (to === null || next === null) return null;
  return { bytes: next.bytes, place: { method, from, to, crc: next.crc }, next: next.at };
}

/** Unpacks to find the end. Nothing is kept. */
function endOfPacked(path: string, from: number, size: number): Promise<number | null> {
  if (from >= size) return Promise.resolve(null);
  return new Promise((resolve) => {
    const inflate = createInflateRaw();
    const body = createReadStream(path, { start: from });
    const settle = (end: number | null) => {
      body.destroy();
      inflate.destroy();
      resolve(end);
    };
    body.on('error', () => settle(null));
    inflate.on('error', () => settle(null));
    inflate.on('data', () => {});
    inflate.on('end', () => settle(from + inflate.bytesWritten));
    body.pipe(inflate);
  });
}

interface Descriptor {
  at: number;
  crc: number;
  bytes: number;
}

/** Its signature may be missing (4.3.9.3), and its sizes have eight bytes each in a zip64 file. */
async function afterDescriptor(
  file: FileHandle,
  at: number,
  { isZip64 }: Header,
): Promise<Descriptor | null> {
  const told = await bytesAt(file, at, 4);
  if (told === null) return null;
  const begin = told.readUInt32LE(0) === DESCRIPTOR ? at + 4 : at;
  const length = isZip64 ? 20 : 12;
  const rest = await bytesAt(file, begin, length);
  if (rest === null) return null;
  const bytes = isZip64 ? Number(rest.readBigUInt64LE(12)) : rest.readUInt32LE(8);
  return { at: begin + length, crc: rest.readUInt32LE(0), bytes };
}

async function bytesAt(file: FileHandle, at: number, length: number): Promise<Buffer | null> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
  return bytesRead === length ? buffer : null;
}

/** For a file that is neither a zip file nor the beginning of one. */
export function notAZip(path: string, cause: Error & { code?: string }): ImportError {
  if (cause.code !== undefined && /^E[A-Z]+$/.test(cause.code))
    return new ImportError('no_archive', `${path} cannot be read (${cause.code}): check its rights.`, {
      cause,
    });
  return new ImportError(
    'not_an_archive',
    `${basename(path)} is no zip file and no folder. Give the export as it came from Slack, or the folder that it was unpacked to.`,
    { cause },
  );
}
