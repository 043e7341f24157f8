import {
  CopyObjectCommand,
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  ListObjectsV2Command,
} from '@aws-sdk/client-s3';
import { headObject } from './adopt.ts';
import type { Bucket } from './bucket.ts';
import { StorageError, statusOf, storageError } from './errors.ts';
import { unquote } from './probe.ts';

/** Where the vault keeps what is not a file of Slack's, under the prefix. */
const OWN_FOLDERS = ['.ria-vault/', '.vault-probe/'];
/** Comes after every key in its folder. */
const LAST = '\u{10ffff}';

/** An object as a listing shows it. */
export interface ListedObject {
  key: string;
  bytes: number;
  /** Without quotes. */
  etag: string | null;
}

export interface ObjectPage {
  /** Without the vault's own. */
  objects: ListedObject[];
  /** Every key of the prefix up to here was listed; null: all of them. */
  until: string | null;
}

/** What the vault's keys begin with: empty, or ending with a slash. */
export function keyPrefix({ prefix }: Pick<Bucket, 'prefix'>): string {
  return prefix === '' ? '' : `${prefix}/`;
}

/**
 * One page (1,000 keys, one request) of what lies under the prefix, in the order of the keys' bytes, after a key.
 * Throws `StorageError`; `bucket_unordered` for a store that lists in another order, as directory buckets do.
 */
export async function listPage(bucket: Bucket, after: string, signal?: AbortSignal): Promise<ObjectPage> {
  const command = new ListObjectsV2Command({
    Bucket: bucket.name,
    Prefix: keyPrefix(bucket),
    ...(after !== '' && { StartAfter: after }),
    // A key may hold characters that XML cannot.
    EncodingType: 'url',
  });
  try {
    const page = await bucket.client.send(command, { abortSignal: signal });
    const listed = (page.Contents ?? []).map(({ Key = '', Size = 0, ETag }) => ({
      key: page.EncodingType === 'url' ? decodeURIComponent(Key.replaceAll('+', ' ')) : Key,
      bytes: Size,
      etag: unquote(ETag),
    }));
    checkOrder(listed, after);
    const last = listed.at(-1)?.key;
    return {
      objects: listed.filter(({ key }) => ownFolder(bucket, key) === null),
      until: page.IsTruncated && last !== undefined ? afterOwnFolder(bucket, last) : null,
    };
  } catch (error) {
    throw storageError(error, bucket.place);
  }
}

function checkOrder(listed: ListedObject[], after: string): void {
  let before = Buffer.from(after);
  for (const { key } of listed) {
    const next = Buffer.from(key);
    if (Buffer.compare(before, next) > 0)
      throw new StorageError(
        'bucket_unordered',
        'The bucket does not list its objects in the order of their keys, so it cannot be compared with the catalog.',
      );
    before = next;
  }
}

function ownFolder(bucket: Bucket, key: string): string | null {
  const folder = OWN_FOLDERS.find((name) => key.startsWith(keyPrefix(bucket) + name));
  return folder === undefined ? null : keyPrefix(bucket) + folder;
}

/** The vault's own folders may be long: the rest of one is passed over. */
function afterOwnFolder(bucket: Bucket, key: string): string {
  const folder = ownFolder(bucket, key);
  return folder === null ? key : folder + LAST;
}

export interface UnfinishedUpload {
  key: string;
  uploadId: string;
  /** In ms. */
  startedAt: number;
}

/**
 * Multipart uploads under the prefix that were neither completed nor aborted. None where listing them is not
 * allowed or not known. Throws `StorageError`.
 */
export async function unfinishedUploads(bucket: Bucket, signal?: AbortSignal): Promise<UnfinishedUpload[]> {
  const uploads: UnfinishedUpload[] = [];
  let page: ListMultipartUploadsCommandOutput | undefined;
  try {
    do {
      const command = new ListMultipartUploadsCommand({
        Bucket: bucket.name,
        Prefix: keyPrefix(bucket),
        KeyMarker: page?.NextKeyMarker,
        UploadIdMarker: page?.NextUploadIdMarker,
      });
      page = await bucket.client.send(command, { abortSignal: signal });
      for (const { Key: key, UploadId: uploadId, Initiated } of page.Uploads ?? [])
        if (key && uploadId) uploads.push({ key, uploadId, startedAt: Initiated?.getTime() ?? 0 });
    } while (page.IsTruncated && page.NextKeyMarker);
  } catch (error) {
    if (statusOf(error) !== 403 && statusOf(error) !== 501) throw storageError(error, bucket.place);
  }
  return uploads;
}

/**
 * Moves a damaged object out of the way into the vault's own folder, so that its key is free and nothing is lost.
 * On a bucket with versions the one before it shows again. Returns the new key. Throws `StorageError`.
 */
export async function setAside(bucket: Bucket, key: string, name: string): Promise<string> {
  const { client, name: Bucket } = bucket;
  const aside = `${keyPrefix(bucket)}${OWN_FOLDERS[0]}set-aside/${name}`;
  try {
    const head = await headObject(bucket, key);
    const source = [Bucket, ...key.split('/')].map(encodeURIComponent).join('/');
    const version = head?.VersionId ? `?versionId=${encodeURIComponent(head.VersionId)}` : '';
    await client.send(new CopyObjectCommand({ Bucket, Key: aside, CopySource: source + version }));
    await client.send(new DeleteObjectCommand({ Bucket, Key: key, VersionId: head?.VersionId }));
    return aside;
  } catch (error) {
    throw storageError(error, bucket.place);
  }
}
