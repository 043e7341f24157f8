import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { GetObjectCommand, ListObjectsV2Command, type ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import type { Bucket } from '../storage/bucket.ts';
import { storageError } from '../storage/errors.ts';
import { ownFolder } from '../storage/own-objects.ts';
import { putObject } from '../storage/put.ts';
import { removeIfAllowed } from '../storage/remove.ts';

/** Where segments are kept. */
export interface SegmentStore {
  /** Writes a segment whose number must be free; throws an error with code `object_conflict` when it is not. */
  put(history: string, number: number, bytes: Buffer, signal?: AbortSignal): Promise<void>;
  /** A history's segments with numbers above `after`, in order. */
  list(history: string, after?: number): AsyncIterable<SegmentEntry>;
  get(history: string, number: number): Promise<Buffer>;
  /** What the bucket does not let go stays: later segments say that it does not count any more. */
  remove(history: string, number: number): Promise<void>;
}

export interface SegmentEntry {
  number: number;
  /** In ms. */
  writtenAt: number;
}

const DIGITS = 12;

/** The segments of a workspace, in the bucket: `<prefix>/.ria-vault/journal/<team>/<history>/<number>.ndjson.gz`. */
export function segmentStore(bucket: Bucket, teamId: string): SegmentStore {
  const folder = (history: string) => `${ownFolder(bucket, 'journal')}${teamId}/${history}/`;
  const keyOf = (history: string, number: number) =>
    `${folder(history)}${String(number).padStart(DIGITS, '0')}.ndjson.gz`;
  return {
    async put(history, number, bytes, signal) {
      await putObject(bucket, {
        key: keyOf(history, number),
        body: bytes,
        length: bytes.length,
        contentType: 'application/gzip',
        // Tells our own attempt, whose answer was lost, from a segment that somebody else wrote.
        metadata: { team: teamId, file: `segment-${randomUUID()}` },
        signal,
      });
    },
    async *list(history, after = 0) {
      const options = { StartAfter: keyOf(history, after) };
      for await (const page of pages(bucket, folder(history), options)) {
        for (const { Key = '', LastModified } of page.Contents ?? []) {
          const number = /\/(\d+)\.ndjson\.gz$/.exec(Key)?.[1];
          // Not every store begins where it was asked to.
          if (number && Number(number) > after)
            yield { number: Number(number), writtenAt: LastModified?.getTime() ?? 0 };
        }
      }
    },
    async get(history, number) {
      const command = new GetObjectCommand({ Bucket: bucket.name, Key: keyOf(history, number) });
      try {
        const { Body } = await bucket.client.send(command);
        return await buffer(Body as Readable);
      } catch (error) {
        throw storageError(error, bucket.place);
      }
    },
    remove: async (history, number) => void (await removeIfAllowed(bucket, keyOf(history, number))),
  };
}

/** The workspaces that have a journal in this bucket. Throws `StorageError`. */
export function journalTeams(bucket: Bucket): Promise<string[]> {
  return folders(bucket, ownFolder(bucket, 'journal'));
}

/** The histories of a workspace, in no useful order. Throws `StorageError`. */
export function journalHistories(bucket: Bucket, teamId: string): Promise<string[]> {
  return folders(bucket, `${ownFolder(bucket, 'journal')}${teamId}/`);
}

/** What is directly under `under`. Some stores (seen: s3rver 3.7.1) leave out a folder that holds folders alone. */
async function folders(bucket: Bucket, under: string): Promise<string[]> {
  const found = new Set<string>();
  for await (const page of pages(bucket, under, { Delimiter: '/' })) {
    for (const { Prefix = '' } of page.CommonPrefixes ?? []) found.add(Prefix.slice(under.length, -1));
  }
  if (found.size > 0) return [...found];
  for await (const page of pages(bucket, under)) {
    for (const { Key = '' } of page.Contents ?? []) found.add(Key.slice(under.length).split('/', 1)[0] ?? '');
  }
  return [...found];
}

async function* pages(
  bucket: Bucket,
  prefix: string,
  options: { Delimiter?: string; StartAfter?: string } = {},
): AsyncGenerator<ListObjectsV2CommandOutput> {
  let token: string | undefined;
  do {
    const command = new ListObjectsV2Command({
      Bucket: bucket.name,
      Prefix: prefix,
      ...options,
      ContinuationToken: token,
    });
    const page: ListObjectsV2CommandOutput = await bucket.client.send(command).catch((error) => {
      throw storageError(error, bucket.place);
    });
    yield page;
    token = page.IsTruncated ? page.NextContinuationToken : undefined;
  } while (token !== undefined);
}
