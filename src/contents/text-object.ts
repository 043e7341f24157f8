import { addAbortSignal, type Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import pLimit from 'p-limit';
import type { FileRef } from '../catalog/model.ts';
import { errorCode } from '../errors.ts';
import { READER } from '../reader-version.ts';
import type { Part, Picture, Reading } from '../reading/reading.ts';
import type { Bucket } from '../storage/bucket.ts';
import { isNotFound } from '../storage/errors.ts';
import { ownFolder, ownObjects } from '../storage/own-objects.ts';
import { putObject } from '../storage/put.ts';
import { readObject } from '../storage/read-object.ts';
import { removeIfAllowed, removeObject } from '../storage/remove.ts';

const [pack, unpack] = [promisify(gzip), promisify(gunzip)];

/** The text of some bytes of a file. */
export interface TextOf extends FileRef {
  sha256: string;
}

/** No text that was written is longer; an object that claims more is not ours. */
const MOST_BYTES = 64 * 1024 ** 2;

const folderOf = (bucket: Pick<Bucket, 'prefix'>, { teamId, fileId }: FileRef) =>
  `${ownFolder(bucket, 'text')}${teamId}/${fileId}/`;
const keyOf = (bucket: Bucket, of: TextOf) => `${folderOf(bucket, of)}${of.sha256}.json.gz`;

/** What is kept of some bytes: their text, and the kind of the picture of their first page, where there is one beside it. */
export interface KeptText extends Reading {
  /** The version of the reader that read it. */
  reader: number;
  pictureKind?: Picture['kind'];
}

/**
 * Keeps the text of a file in the bucket, at `<prefix>/.ria-vault/text/<team>/<file>/<sha256>.json.gz`: there it is found again
 * when the catalog was lost. Its key must be free: see {@link clearText}. Throws `StorageError`.
 */
export async function putText(
  bucket: Bucket,
  of: TextOf,
  reading: Omit<KeptText, 'reader'> & Partial<KeptText>,
): Promise<void> {
  const key = keyOf(bucket, of);
  const body = await pack(JSON.stringify({ sha256: of.sha256, reader: READER, ...reading }));
  const metadata = { team: of.teamId, file: `text-${of.fileId}` };
  await putObject(bucket, { key, body, length: body.length, contentType: 'application/gzip', metadata });
}

/** What may be asked of a text: that it takes no more than so many bytes. */
interface Limits {
  mostBytes: number;
  signal?: AbortSignal;
}

/**
 * The text that is kept of these bytes; null when there is none, or when it takes more than `mostBytes`. Throws `StorageError`, and
 * the signal's reason.
 */
export async function textOf(
  bucket: Bucket,
  of: TextOf,
  { mostBytes = MOST_BYTES, signal }: Partial<Limits> = {},
): Promise<KeptText | null> {
  const packed = await packedText(bucket, of, { mostBytes, ...(signal && { signal }) });
  signal?.throwIfAborted();
  const text = Buffer.isBuffer(packed) ? await unpacked(packed, of, mostBytes) : packed;
  return text === 'larger' ? null : text;
}

/**
 * Looks into a text, and returns what `look` does; it is told a text that takes more from none. While the bucket sends many, only two
 * are unpacked at a time, as a text takes far more memory then. Throws `StorageError`, and the signal's reason.
 */
export async function lookInto<T>(
  bucket: Bucket,
  of: TextOf,
  { mostBytes, signal }: Limits,
  look: (text: KeptText | 'larger' | null) => T | Promise<T>,
): Promise<T> {
  const packed = await packedText(bucket, of, { mostBytes, ...(signal && { signal }) });
  if (!Buffer.isBuffer(packed)) return look(packed);
  return unpacking(async () => {
    signal?.throwIfAborted();
    return look(await unpacked(packed, of, mostBytes));
  });
}

/** Of all that is asked at one time. */
const unpacking = pLimit(2);

async function packedText(
  bucket: Bucket,
  of: TextOf,
  { mostBytes, signal }: Limits,
): Promise<Buffer | 'larger' | null> {
  try {
    const body = await readObject(bucket, { key: keyOf(bucket, of), versionId: null }, signal);
    return (await upTo(mostBytes, signal ? addAbortSignal(signal, body) : body)) ?? 'larger';
  } catch (error) {
    if (isNotFound(error) || isNotFound((error as Error).cause)) return null;
    throw error;
  }
}

async function unpacked(packed: Buffer, of: TextOf, mostBytes: number): Promise<KeptText | 'larger' | null> {
  try {
    return readingIn(JSON.parse((await unpack(packed, { maxOutputLength: mostBytes })).toString()), of);
  } catch (error) {
    // Else it is not as we wrote it: it is read anew from the file.
    return errorCode(error) === 'ERR_BUFFER_TOO_LARGE' ? 'larger' : null;
  }
}

/** Null when there are more. */
async function upTo(mostBytes: number, body: Readable): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += (chunk as Buffer).length;
    if (bytes > mostBytes) return null;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function readingIn(told: Partial<KeptText> & { sha256?: unknown }, of: TextOf): KeptText | null {
  // Those of the first reader do not say so.
  const { parts, stopped = null, sha256, pictureKind, reader = 1 } = told;
  if (sha256 !== of.sha256 || !Array.isArray(parts)) return null;
  const isPart = ({ text, page }: Part) =>
    typeof text === 'string' && (page === null || Number.isInteger(page));
  if (!parts.every(isPart)) return null;
  const isKind = pictureKind === 'png' || pictureKind === 'jpeg';
  return { parts, stopped, reader, ...(isKind && { pictureKind }) };
}

/** Where the texts and pictures are that were made of a file, each with the bytes that it was made of. Throws `StorageError`. */
export async function* textKeys(
  bucket: Bucket,
  of: FileRef,
): AsyncGenerator<{ key: string; sha256: string }> {
  const folder = folderOf(bucket, of);
  for await (const { key } of ownObjects(bucket, folder))
    yield { key, sha256: key.slice(folder.length).split('.', 1)[0] as string };
}

/**
 * Removes all texts and pictures that were made of a file, as far as the bucket lets go of them. Throws `StorageError`, and the
 * signal's reason.
 */
export async function clearTexts(bucket: Bucket, of: FileRef, signal?: AbortSignal): Promise<void> {
  for await (const { key } of textKeys(bucket, of)) {
    signal?.throwIfAborted();
    await removeIfAllowed(bucket, key);
  }
}

/** Makes the key of one text free, as far as the bucket lets go of it. Throws `StorageError`. */
export function clearText(bucket: Bucket, of: TextOf): Promise<unknown> {
  return removeIfAllowed(bucket, keyOf(bucket, of));
}

/** Keeps a picture of the first page beside the text. Its key must be free. Throws `StorageError`. */
export async function putPicture(bucket: Bucket, of: TextOf, { kind, bytes }: Picture): Promise<void> {
  const metadata = { team: of.teamId, file: `picture-${of.fileId}` };
  const { key, contentType } = pictureOf(bucket, of, kind);
  await putObject(bucket, { key, body: bytes, length: bytes.length, contentType, metadata });
}

/** Where the picture of the first page is, if there is one of this kind. */
export function pictureOf(bucket: Pick<Bucket, 'prefix'>, of: TextOf, kind: Picture['kind']) {
  return { key: `${folderOf(bucket, of)}${of.sha256}.${kind}`, contentType: `image/${kind}` };
}

/** Removes the texts and pictures of a file for good. Throws `StorageError`. */
export async function removeTexts(bucket: Bucket, of: FileRef): Promise<void> {
  for await (const { key } of ownObjects(bucket, folderOf(bucket, of))) await removeObject(bucket, key);
}
