import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { ZipFile } from 'yazl';

export const TEAM = 'T0BENCH01';
const MESSAGES_A_DAY = 1_000;
/** Every so many messages, one has a file. */
const EVERY = 10;
const CHANNELS = 20;
const DAY_MS = 86_400_000;

/** An export of Slack with so many files in ten times as many messages, without bytes and without links that open by themselves. */
export async function writeExport(path: string, files: number): Promise<void> {
  const zip = new ZipFile();
  const ids = Array.from({ length: CHANNELS }, (_, i) => `C0BENCH${String(i).padStart(3, '0')}`);
  const list = ids.map((id, i) => ({ id, name: `channel-${i}`, created: 1_500_000_000, members: [] }));
  zip.addBuffer(Buffer.from(JSON.stringify(list)), 'channels.json');
  zip.addBuffer(Buffer.from(JSON.stringify([{ id: 'U0BENCH0', team_id: TEAM }])), 'users.json');
  const days = Math.ceil((files * EVERY) / MESSAGES_A_DAY);
  for (let day = 0; day < days; day++) {
    const date = new Date(Date.UTC(2015, 0, 1) + Math.floor(day / CHANNELS) * DAY_MS)
      .toISOString()
      .slice(0, 10);
    zip.addReadStreamLazy(`channel-${day % CHANNELS}/${date}.json`, {}, (give) =>
      give(null, Readable.from(messagesOf(day, date, files))),
    );
  }
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path));
}

function* messagesOf(day: number, date: string, files: number): Generator<string> {
  for (let i = 0; i < MESSAGES_A_DAY; i++) {
    const number = (day * MESSAGES_A_DAY + i) / EVERY;
    const isShown = i % EVERY === 0 && number < files;
    const seconds = Math.floor(Date.parse(date) / 1_000) + i * 60;
    const user = `U0BENCH${(number % 50) | 0}`;
    const message = {
      ...{ type: 'message', user, ts: `${seconds}.${String(i).padStart(6, '0')}`, team: TEAM },
      text: 'Good morning, here is what we said yesterday about the plans for the next quarter.',
      ...(isShown ? { files: [fileObject(number, user, seconds)] } : {}),
    };
    yield `${i === 0 ? '[' : ','}\n${JSON.stringify(message, null, 4)}${i === MESSAGES_A_DAY - 1 ? ']' : ''}`;
  }
}

function fileObject(number: number, user: string, created: number): Record<string, unknown> {
  const id = `F0B${String(number).padStart(8, '0')}`;
  const name = `Report ${number} of the ${number % 7} quarter.pdf`;
  const base = `https://files.slack.com/files-pri/${TEAM}-${id}`;
  return {
    ...{ id, created, timestamp: created, name, title: name, mimetype: 'application/pdf', filetype: 'pdf' },
    ...{ user, user_team: TEAM, size: 50_000 + number, mode: 'hosted', is_external: false, is_public: true },
    ...{ url_private: `${base}/a.pdf`, url_private_download: `${base}/download/a.pdf` },
    permalink: `https://bench.slack.com/files/${user}/${id}/a.pdf`,
  };
}

const LIST = Buffer.from('[]');

/**
 * An export with so many entries, nearly all of them empty. The writer keeps nothing of them: all names are equally long, so each
 * place can be counted (APPNOTE.TXT 4.3.7, 4.3.12, 4.3.14 to 4.3.16).
 */
export async function writeEntries(path: string, entries: number): Promise<void> {
  await pipeline(Readable.from(zipOf(entries)), createWriteStream(path));
}

const nameOf = (i: number) =>
  i === 0
    ? 'channels.json'.padEnd(40, ' ')
    : `media/${String(i % 1_000).padStart(4, '0')}/${String(i).padStart(29, '0')}`;
const LOCAL_BYTES = 30 + 40;

function* zipOf(entries: number): Generator<Buffer> {
  const names = (i: number) => Buffer.from(i === 0 ? 'channels.json' : nameOf(i));
  const first = LOCAL_BYTES - 40 + 'channels.json'.length + LIST.length;
  const placeOf = (i: number) => (i === 0 ? 0 : first + (i - 1) * LOCAL_BYTES);
  for (let i = 0; i < entries; i += BATCH)
    yield Buffer.concat(
      range(i, entries).flatMap((n) => [local(names(n), n === 0 ? LIST : NONE), n === 0 ? LIST : NONE]),
    );
  let bytes = 0;
  for (let i = 0; i < entries; i += BATCH) {
    const part = Buffer.concat(
      range(i, entries).map((n) => central(names(n), n === 0 ? LIST : NONE, placeOf(n))),
    );
    bytes += part.length;
    yield part;
  }
  yield end(entries, bytes, placeOf(entries));
}

const NONE = Buffer.alloc(0);
const BATCH = 1_000;
const range = (from: number, end: number) =>
  Array.from({ length: Math.min(BATCH, end - from) }, (_, i) => from + i);

function local(name: Buffer, content: Buffer): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt32LE(crc32(content), 14);
  header.writeUInt32LE(content.length, 18);
  header.writeUInt32LE(content.length, 22);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, name]);
}

function central(name: Buffer, content: Buffer, at: number): Buffer {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(20, 6);
  header.writeUInt32LE(crc32(content), 16);
  header.writeUInt32LE(content.length, 20);
  header.writeUInt32LE(content.length, 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt32LE(at, 42);
  return Buffer.concat([header, name]);
}

/** The end of a zip64 file, as more entries than 65,535 need it. */
function end(entries: number, bytes: number, at: number): Buffer {
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeUInt16LE(45, 12);
  record.writeUInt16LE(45, 14);
  record.writeBigUInt64LE(BigInt(entries), 24);
  record.writeBigUInt64LE(BigInt(entries), 32);
  record.writeBigUInt64LE(BigInt(bytes), 40);
  record.writeBigUInt64LE(BigInt(at), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(at + bytes), 8);
  locator.writeUInt32LE(1, 16);
  const last = Buffer.alloc(22);
  last.writeUInt32LE(0x06054b50, 0);
  last.writeUInt16LE(0xffff, 8);
  last.writeUInt16LE(0xffff, 10);
  last.writeUInt32LE(0xffffffff, 12);
  last.writeUInt32LE(0xffffffff, 16);
  return Buffer.concat([record, locator, last]);
}
