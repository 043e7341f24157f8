import {
  CopyObjectCommand,
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
} from '@aws-sdk/client-s3';
import { headObject } from './adopt.ts';
import type { Bucket } from './bucket.ts';
import { StorageError, storageError } from './errors.ts';
import { isUnlistable } from './leftovers.ts';
import { type ListedObject, pageAfter } from './listing.ts';
import { removeIfSame } from './remove-file.ts';

export type { ListedObject } from './listing.ts';

/** Folders under the prefix where the vault keeps its own objects, which are no files of Slack's. */
const OWN_FOLDERS = ['.ria-vault/', '.vault-probe/'];
/** Sorts after every key in a folder. */
const LAST = '\u{10ffff}';

export interface ObjectPage {
  /** Without the vault's own objects. */
  objects: ListedObject[];
  /** All keys of the prefix up to this one have been listed. Null: all keys. */
  until: string | null;
}

/** The beginning of all the vault's keys: empty, or with a slash at the end. */
export function keyPrefix({ prefix }: Pick<Bucket, 'prefix'>): string {
  return prefix === '' ? '' : `${prefix}/`;
}

/**
 * One page (1,000 keys, one request) of the objects under the prefix, in byte order of their keys, after the key
 * `after`. Throws `StorageError`: `bucket_unordered` for a store with another order, such as directory buckets.
 */
export async function listPage(bucket: Bucket, after: string, signal?: AbortSignal): Promise<ObjectPage> {
  try {
    const { objects, isLast } = await pageAfter(bucket, keyPrefix(bucket), after, signal);
    const last = objects.at(-1)?.key;
    return {
      objects: objects.filter(({ key }) => ownFolder(bucket, key) === null),
      until: isLast || last === undefined ? null : afterOwnFolder(bucket, last),
    };
  } catch (error) {
    throw storageError(error, bucket.place);
  }
}

function ownFolder(bucket: Bucket, key: string): string | null {
  const folder = OWN_FOLDERS.find((name) => key.startsWith(keyPrefix(bucket) + name));
  return folder === undefined ? null : keyPrefix(bucket) + folder;
}

/** If a page ends inside one of the vault's own folders, the rest of that folder is skipped: it may be long. */
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
 * Multipart uploads under the prefix that were not completed and not aborted. Empty when the store does not allow or
 * know this listing. Throws `StorageError`.
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
    if (!isUnlistable(error)) throw storageError(error, bucket.place);
  }
  return uploads;
}

/**
 * Moves a damaged object into the vault's own folder. So its key becomes free and nothing is lost. On a bucket with
 * versions, the version before it becomes visible again. Returns the new key. Throws `StorageError`.
 */
export async function setAside(bucket: Bucket, key: string, name: string): Promise<string> {
  const { client, name: Bucket } = bucket;
  const aside = `${keyPrefix(bucket)}${OWN_FOLDERS[0]}set-aside/${name}`;
  try {
    const head = await headObject(bucket, key);
    // Of an access point, a copy's source has a form of its own.
    const from = Bucket.startsWith('arn:') ? [`${Bucket}/object`] : [Bucket];
    const source = [...from, ...key.split('/')].map(encodeURIComponent).join('/');
    const version = head?.VersionId ? `?versionId=${encodeURIComponent(head.VersionId)}` : '';
    await client.send(new CopyObjectCommand({ Bucket, Key: aside, CopySource: source + version }));
    if (head?.VersionId)
      await client.send(new DeleteObjectCommand({ Bucket, Key: key, VersionId: head.VersionId }));
    else if (!(await removeIfSame(bucket, key, head?.ETag)))
      throw new StorageError(
        'bucket_race',
        'The object changes while it is set aside; it will be tried again.',
      );
    return aside;
  } catch (error) {
    throw storageError(error, bucket.place);
  }
}
