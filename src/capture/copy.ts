import type { Dispatcher } from 'undici';
import type { FileRow, StoredObject } from '../catalog/model.ts';
import { findObject } from '../storage/adopt.ts';
import type { Bucket } from '../storage/bucket.ts';
import { PASSING, StorageError } from '../storage/errors.ts';
import { objectKey } from '../storage/key.ts';
import { BodyError } from '../storage/measure.ts';
import { encodeMetadata } from '../storage/metadata.ts';
import { takePartSlot } from '../storage/part-slots.ts';
import { BUFFERED_BYTES, needsParts, putObject } from '../storage/put.ts';
import { type Download, openDownload } from './download.ts';
import { DownloadError, downloadError } from './download-errors.ts';
import { isRendered } from './login-page.ts';

/** A key is only ever taken by something else when someone else writes under the prefix: few are tried. */
const KEYS_TRIED = 3;
const STALL_MS = 60_000;
/** So little is quickly fetched once more. */
const SMALL_BYTES = 1024 * 1024;

export interface CopyRequest {
  bucket: Bucket;
  file: FileRow;
  token: string;
  allowedHosts: readonly string[];
  /** Larger files are refused with `too_large`, counted on the bytes that really come. */
  maxBytes?: number | undefined;
  signal?: AbortSignal | undefined;
  /** How long Slack may send nothing, in ms (60 s). The bucket's own limit is set where it is opened. */
  stallMs?: number | undefined;
  dispatcher?: Dispatcher | undefined;
}

/**
 * Copies one file from Slack into the bucket and proves it. Whatever breaks on either side, at whatever byte, ends in
 * a `DownloadError` or a `StorageError`, with no object and no parts left behind. After an earlier attempt the bucket
 * is asked first: what was stored then, and never recorded, is checked and taken over. A small file gets a second try
 * at once when the bucket failed in passing.
 */
export async function copyFile(request: CopyRequest): Promise<StoredObject> {
  const { size } = request.file;
  // What is smaller still was held in memory, and has been sent again already.
  let mayTryAgain = size !== null && size > BUFFERED_BYTES && size <= SMALL_BYTES;
  for (let attempt = 1; ; ) {
    try {
      return await copyTo(keyOf(request, attempt), request);
    } catch (error) {
      const code = error instanceof StorageError ? error.code : 'none';
      if (code === 'object_conflict' && attempt < KEYS_TRIED) attempt++;
      else if (mayTryAgain && PASSING.has(code)) mayTryAgain = false;
      else throw error;
    }
  }
}

async function copyTo(key: string, request: CopyRequest): Promise<StoredObject> {
  const { bucket, file, signal } = request;
  const metadata = encodeMetadata({ ...file, sha256: null });
  const expected = isRendered(file) ? null : file.size;
  // The attempt under way is counted already, so a first one costs no extra request.
  if (file.attempts > 1) {
    const earlier = await findObject(bucket, { key, metadata, length: expected, signal });
    if (earlier) return earlier;
  }
  const leave = needsParts(bucket, expected) ? await takePartSlot(signal) : null;
  try {
    return await transfer(key, metadata, request);
  } finally {
    leave?.();
  }
}

async function transfer(
  key: string,
  metadata: Record<string, string>,
  request: CopyRequest,
): Promise<StoredObject> {
  const { bucket, file, signal, maxBytes } = request;
  const { body, length, contentType } = await open(request);
  try {
    const type = file.mimetype || contentType || 'application/octet-stream';
    return await putObject(bucket, { key, body, length, contentType: type, metadata, maxBytes, signal });
  } catch (error) {
    throw error instanceof BodyError ? fromBody(error) : error;
  }
}

function open(request: CopyRequest): Promise<Download> {
  const { file, token, allowedHosts, maxBytes, signal, dispatcher, stallMs = STALL_MS } = request;
  if (!file.url)
    throw new DownloadError('no_url', 'Slack gave no address to download this file from.', {
      permanent: true,
    });
  return openDownload({ url: file.url, token, allowedHosts, file, maxBytes, stallMs, signal, dispatcher });
}

function keyOf({ bucket, file }: CopyRequest, attempt: number): string {
  const { teamId, channelId, sharedAt, fileId, name } = file;
  return objectKey({
    prefix: bucket.prefix,
    teamId,
    channelId,
    sharedAt,
    fileId,
    name: name ?? file.title,
    attempt,
  });
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
