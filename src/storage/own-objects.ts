import { ListObjectsV2Command, type ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import type { Bucket } from './bucket.ts';
import { storageError } from './errors.ts';
import { keyPrefix } from './inventory.ts';

/** A folder for the vault's own objects, with a slash at the end. No listing of files shows it. */
export function ownFolder(bucket: Pick<Bucket, 'prefix'>, name: string): string {
  return `${keyPrefix(bucket)}.ria-vault/${name}/`;
}

export interface OwnObject {
  key: string;
  /** In ms. */
  writtenAt: number;
  bytes: number;
}

/** Everything in a folder, such as one of the vault's own, 1,000 a request. Throws `StorageError`. */
export async function* ownObjects(bucket: Bucket, folder: string): AsyncGenerator<OwnObject> {
  let token: string | undefined;
  do {
    const command = new ListObjectsV2Command({
      Bucket: bucket.name,
      Prefix: folder,
      ContinuationToken: token,
    });
    const page: ListObjectsV2CommandOutput = await bucket.client.send(command).catch((error) => {
      throw storageError(error, bucket.place);
    });
    for (const { Key, LastModified, Size = 0 } of page.Contents ?? []) {
      if (Key) yield { key: Key, writtenAt: LastModified?.getTime() ?? 0, bytes: Size };
    }
    token = page.IsTruncated ? page.NextContinuationToken : undefined;
  } while (token !== undefined);
}
