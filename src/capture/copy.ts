import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { isEdited } from '../catalog/files/edited.ts';
import type { FileRow, StoredObject } from '../catalog/model.ts';
import { declaredSize, isRendered, isTranscode, kindOf } from '../file-kinds.ts';
import { bareType, downloadName } from '../file-names.ts';
import { findObject } from '../storage/adopt.ts';
import type { Bucket } from '../storage/bucket.ts';
import { PASSING, StorageError, statusOf } from '../storage/errors.ts';
import { objectKey } from '../storage/key.ts';
import { BodyError, type Digest, measure } from '../storage/measure.ts';
import { encodeMetadata } from '../storage/metadata.ts';
import { inPartSlot } from '../storage/part-slots.ts';
import { BUFFERED_BYTES, needsParts, putObject } from '../storage/put.ts';
import { ANY_TYPE } from '../storage/put-whole.ts';
import { contentTypeOf, filetypeOf, needsBytes } from './content-type.ts';
import { type Download, openDownload } from './download.ts';
import { DownloadError, downloadError } from './download-errors.ts';
import { type OtherBodies, openSource, type Source } from './other-bodies.ts';

/** Something else has a key only when someone else writes under the prefix. So only a few keys are tried. */
const KEYS_TRIED = 3;
const STALL_MS = 60_000;
/** Files up to this size are quick to fetch a second time. */
const SMALL_BYTES = 1024 * 1024;

export interface CopyRequest extends OtherBodies {
  bucket: Bucket;
  file: FileRow;
  /** Null: the addresses open by themselves. */
  token: string | null;
  allowedHosts: readonly string[];
  /** Larger files are refused with `too_large`. The bytes that really come are counted. */
  maxBytes?: number | undefined;
  /** The name in the key. Default: the file's own name. */
  keyName?: string | undefined;
  /** Everywhere that the file was shared: an attempt that died may have known only one of these places. */
  places?: (() => Promise<readonly Place[]>) | undefined;
  /** For a later version: the SHA-256 (hex) of the newest one that is stored. The same bytes are not stored again. */
  unlike?: string | undefined;
  /** The bucket does not take the file's type, so it is stored without one. */
  anyType?: boolean | undefined;
  /** Called with the SHA-256 of what Slack sends, when `unlike` is set. */
  onHashed?: ((sha256: string) => void) | undefined;
  /** Opens the bytes, if they do not come from Slack. */
  openBytes?: (() => Promise<Source>) | undefined;
  signal?: AbortSignal | undefined;
  /** How long Slack may send nothing, in ms (60 s). The bucket's own limit is set where it is opened. */
  stallMs?: number | undefined;
  dispatcher?: Dispatcher | undefined;
}

/**
 * Copies one file from Slack into the bucket and proves the copy. If either side breaks, at any byte, this throws a
 * `DownloadError` or a `StorageError` and leaves no object and no parts. After an earlier attempt, the bucket is asked
 * first: an object stored then but never recorded is checked and taken over. When the bucket fails only briefly, a
 * small file is tried a second time at once. The file's `version` decides the key and is written to the metadata.
 */
export async function copyFile(request: CopyRequest): Promise<StoredObject> {
  const stored = await copyIfNew(request);
  if (stored === null) throw new TypeError('Only a later version may be the same as what is stored.');
  return stored;
}

/** Like `copyFile`, for a file that may be unchanged: null when the bytes from Slack have the hash `unlike`. */
export async function copyIfNew(wanted: CopyRequest): Promise<StoredObject | null> {
  let request = isMisjudged(wanted.file) ? { ...wanted, file: { ...wanted.file, size: null } } : wanted;
  const { size } = request.file;
  // A smaller file was held in memory, so it has been sent again already.
  let mayTryAgain = size !== null && size > BUFFERED_BYTES && size <= SMALL_BYTES;
  for (let attempt = 1; ; ) {
    try {
      return await copyTo(request, attempt);
    } catch (error) {
      const code = error instanceof StorageError ? error.code : 'none';
      const isFirst = request.unlike !== undefined && request.file.attempts <= 1;
      // A forgotten attempt may have stored other bytes as this version. Then that object is taken.
      if (code === 'object_conflict' && isFirst)
        request = { ...request, file: { ...request.file, attempts: 2 } };
      else if (code === 'object_conflict' && attempt < KEYS_TRIED) attempt++;
      else if (!request.anyType && statusOf((error as Error).cause) === 415)
        request = { ...request, anyType: true };
      else if (mayTryAgain && PASSING.has(code)) mayTryAgain = false;
      else throw error;
    }
  }
}

/**
 * The size of an e-mail's attachment comes from the sender's program and may be wrong. When Slack has sent another
 * size before, the size is not checked in the next attempt.
 */
function isMisjudged({ parentId, errorCode }: FileRow): boolean {
  return parentId !== null && errorCode === 'wrong_length';
}

async function copyTo(request: CopyRequest, attempt: number): Promise<StoredObject | null> {
  const { bucket, file, signal, listRows } = request;
  const metadata = encodeMetadata({ ...file, transcode: isTranscode(file), sha256: null });
  // An earlier attempt at a later version may have stored another length. Its object is still whole.
  const expected = request.unlike === undefined ? declaredSize(file) : null;
  // `attempts` includes this attempt. So the first attempt costs no extra request.
  if (file.attempts > 1) {
    for (const key of await earlierKeys(request, attempt)) {
      const earlier = await findObject(bucket, { key, metadata, length: expected, dropCutOff: true, signal });
      if (earlier) return earlier;
    }
  }
  // Slack needs time to make the rows. No slot is held during that time.
  const rows = kindOf(file) === 'list' && !request.openBytes ? await rowsOf(file, listRows, signal) : null;
  const work = () => transfer(request, attempt, metadata, rows);
  return needsParts(bucket, expected) ? inPartSlot(work, signal) : work();
}

/** When the export of a list has failed in this many attempts, its default view is stored, if Slack offers it. */
const EXPORT_TRIES = 4;

async function rowsOf(
  file: FileRow,
  listRows: OtherBodies['listRows'],
  signal: AbortSignal | undefined,
): Promise<{ url: string } | null> {
  try {
    return (await listRows?.(file, signal)) ?? null;
  } catch (error) {
    if (signal?.aborted || file.url === null || file.attempts < EXPORT_TRIES) throw error;
    return null;
  }
}

async function transfer(
  request: CopyRequest,
  attempt: number,
  metadata: Record<string, string>,
  rows: { url: string } | null,
): Promise<StoredObject | null> {
  const { bucket, file, signal, maxBytes, mailText } = request;
  const get = async () => {
    const source = await (request.openBytes?.() ??
      openSource(file, (url) => open(request, url), { mailText }, { rows, maxBytes }));
    body = source.body;
    return source;
  };
  let body: Readable | undefined;
  try {
    const opened = await get();
    const changed = request.unlike === undefined ? opened : await whatIsNew(opened, request);
    if (changed === null) return null;
    // The body was too large for memory, so it is fetched once more.
    const source = changed === 'large' ? await get() : changed;
    const type = await contentTypeOf(file, source);
    const key = keyOf(request, attempt, type);
    const stored = await putObject(bucket, {
      ...{ key, body: source.body, length: source.length, contentType: request.anyType ? ANY_TYPE : type },
      ...{ metadata, maxBytes, signal },
    });
    return { ...stored, type, filetype: filetypeOf(file, type), facts: source.facts };
  } catch (error) {
    body?.destroy();
    throw error instanceof BodyError ? fromBody(error) : error;
  }
}

function open(request: CopyRequest, url: string): Promise<Download> {
  const { file, token, allowedHosts, maxBytes, signal, dispatcher, stallMs = STALL_MS } = request;
  const wantsBeginning = needsBytes(file);
  return openDownload({
    ...{ url, token, allowedHosts, file: { ...file, url }, maxBytes, stallMs, signal, dispatcher },
    wantsBeginning,
  });
}

/** A body up to this size is fetched once. It stays in memory until it is known whether it is new. */
const HELD_BYTES = 4 * 1024 * 1024;

interface Held extends Omit<Source, 'body'> {
  body: Readable | Buffer;
}

/** Reads all that Slack sends. Null: these bytes are stored already. `large`: the body was too large to keep. */
async function whatIsNew(source: Source, request: CopyRequest): Promise<Held | 'large' | null> {
  const { maxBytes } = request;
  const { body, digest } = measure(source.body, { length: source.length, maxBytes, md5: false });
  const chunks: Buffer[] = [];
  let held = 0;
  for await (const chunk of body) {
    held += chunk.length;
    if (held <= HELD_BYTES) chunks.push(chunk);
    else chunks.length = 0;
  }
  const { sha256, bytes } = digest() as Digest;
  request.onHashed?.(sha256);
  if (sha256 === request.unlike) return null;
  if (held > HELD_BYTES) return 'large';
  return { ...source, body: Buffer.concat(chunks), length: bytes };
}

/** The types that can decide the name in a key, the usual one first. They are few: a retry looks at each key. */
function typesOf(file: FileRow): Array<string | null> {
  if (isRendered(file)) return ['text/html', 'text/plain'];
  if (kindOf(file) === 'list') return ['application/json', 'text/csv'];
  return isTranscode(file) ? ['video/mp4', 'audio/mp4', 'video/webm'] : [null];
}

type Place = Pick<FileRow, 'channelId' | 'sharedAt'>;

/** So many keys are looked at, whatever the file was shared in. */
const KEYS_LOOKED_AT = 10;

/** Keys under which an earlier attempt may have stored the file, the likeliest first. */
async function earlierKeys(request: CopyRequest, attempt: number): Promise<string[]> {
  const { file } = request;
  const others = (await request.places?.()) ?? [];
  const all = [file, ...others].flatMap(({ channelId, sharedAt }) =>
    typesOf(file).map((type) => keyOf({ ...request, file: { ...file, channelId, sharedAt } }, attempt, type)),
  );
  return [...new Set(all)].slice(0, KEYS_LOOKED_AT);
}

type Keyed = Pick<CopyRequest, 'bucket' | 'file' | 'keyName'>;

function keyOf({ bucket, file, keyName }: Keyed, attempt: number, type: string | null): string {
  const { teamId, channelId, sharedAt, fileId, version } = file;
  const types = typesOf(file);
  const storedType = types.find((one) => one === bareType(type)) ?? types[0] ?? null;
  const name = keyName ?? downloadName({ ...file, storedType });
  return objectKey({ prefix: bucket.prefix, teamId, channelId, sharedAt, fileId, name, version, attempt });
}

/** What to copy as the next version of a stored file. It keeps the name in the key, even if the file was renamed. */
export function asNextVersion(
  file: FileRow,
  attempts: number,
  number: number,
): Pick<CopyRequest, 'file' | 'keyName'> {
  const keyName = file.objectKey?.slice(file.objectKey.lastIndexOf('/') + 1);
  return { file: { ...file, version: number, attempts }, keyName };
}

/** Keys where the next version of a file may lie, if the vault died before it recorded that version. */
export function nextVersionKeys(bucket: Bucket, file: FileRow, number: number): string[] {
  return isEdited(file) ? [keyOf({ bucket, ...asNextVersion(file, 1, number) }, 1, null)] : [];
}

function fromBody(error: BodyError): DownloadError {
  switch (error.code) {
    case 'body_short':
      return new DownloadError('short_body', `Slack sent too little. ${error.message}`, { cause: error });
    case 'body_long':
      return new DownloadError('long_body', `Slack sent too much. ${error.message}`, { cause: error });
    case 'body_too_large':
      return new DownloadError('too_large', `The file is larger than allowed. ${error.message}`, {
        permanent: true,
        cause: error,
      });
    case 'body_failed':
      return downloadError(
        error.cause ?? Object.assign(new Error(error.message), { code: 'ERR_STREAM_PREMATURE_CLOSE' }),
      );
  }
}
