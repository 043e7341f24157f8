import { randomBytes } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectLockConfigurationCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { at, put, sumOf } from '../bucket/put.ts';
import type { Check } from '../check.ts';
import { CheckFailed } from '../endings.ts';
import { same } from '../slack/download.ts';
import type { Stage } from '../stage.ts';

const BYTES = randomBytes(3_000);
/** All parts but the last must have this much. */
const PART_BYTES = 5 * 1024 * 1024;

const write = (stage: Stage, name: string, more: Parameters<typeof put>[3] = {}) =>
  put(stage, name, BYTES, more);

/** The bucket: one look for each thing that the vault asks of it. */
export const bucket: Check[] = [
  {
    id: 'bucket.there',
    title: 'asks for the bucket and whether it keeps versions',
    async run({ ask, bucket: { name: Bucket } }, see) {
      see('head', (await ask(new HeadBucketCommand({ Bucket }))).sight);
      see('versioning', (await ask(new GetBucketVersioningCommand({ Bucket }))).sight);
    },
  },
  {
    id: 'bucket.lock',
    title: 'asks for Object Lock',
    async run({ ask, bucket: { name: Bucket } }, see) {
      see('answer', (await ask(new GetObjectLockConfigurationCommand({ Bucket }))).sight);
    },
  },
  {
    id: 'bucket.put',
    title: 'writes an object with a checksum, if the key is free',
    async run(stage, see) {
      const more = { IfNoneMatch: '*', ChecksumCRC32: sumOf(BYTES) };
      see('answer', (await write(stage, 'put', more)).sight);
    },
  },
  {
    id: 'bucket.put-taken',
    title: 'writes to a key that is taken, if it is free',
    async run(stage, see) {
      await write(stage, 'taken');
      see('answer', (await write(stage, 'taken', { IfNoneMatch: '*' })).sight);
    },
  },
  {
    id: 'bucket.put-damaged',
    title: 'writes an object with the checksum of another',
    async run(stage, see) {
      see('answer', (await write(stage, 'damaged', { ChecksumCRC32: sumOf(Buffer.from('other')) })).sight);
    },
  },
  {
    id: 'bucket.put-md5',
    title: 'writes an object with a wrong Content-MD5',
    async run(stage, see) {
      const ContentMD5 = Buffer.alloc(16).toString('base64');
      see('answer', (await write(stage, 'md5', { ContentMD5 })).sight);
    },
  },
  {
    id: 'bucket.head',
    title: 'asks about an object and its checksum',
    async run(stage, see) {
      await write(stage, 'head', { ChecksumCRC32: sumOf(BYTES) });
      see(
        'answer',
        (await stage.ask(new HeadObjectCommand({ ...at(stage, 'head'), ChecksumMode: 'ENABLED' }))).sight,
      );
    },
  },
  {
    id: 'bucket.get',
    title: 'reads an object back, whole and in part',
    async run(stage, see) {
      await write(stage, 'get');
      const whole = await read(stage, {});
      see('whole', { ...whole.sight, facts: { 'the same bytes': same(whole.bytes, BYTES) } });
      const part = await read(stage, { Range: 'bytes=10-19' });
      see('part', { ...part.sight, facts: { 'the same bytes': same(part.bytes, BYTES.subarray(10, 20)) } });
      see('past the end', (await read(stage, { Range: 'bytes=900000-900001' })).sight);
    },
  },
  {
    id: 'bucket.missing',
    title: 'asks for an object that is not there',
    async run(stage, see) {
      see('head', (await stage.ask(new HeadObjectCommand(at(stage, 'missing')))).sight);
      see('get', (await stage.ask(new GetObjectCommand(at(stage, 'missing')))).sight);
    },
  },
  {
    id: 'bucket.list',
    title: 'lists objects, two at a time',
    async run(stage, see) {
      for (const name of ['list/1', 'list/2', 'list/3']) await write(stage, name);
      const Prefix = `${stage.prefix}list/`;
      const asked = { Bucket: stage.bucket.name, Prefix, MaxKeys: 2, EncodingType: 'url' } as const;
      const first = await stage.ask(new ListObjectsV2Command(asked));
      see('first', first.sight);
      const ContinuationToken = first.output?.NextContinuationToken;
      see('last', (await stage.ask(new ListObjectsV2Command({ ...asked, ContinuationToken }))).sight);
    },
  },
  {
    id: 'bucket.versions',
    title: 'lists the versions of an object',
    async run(stage, see) {
      await write(stage, 'versions');
      await write(stage, 'versions');
      const deleted = await stage.ask(new DeleteObjectCommand(at(stage, 'versions')));
      see('deleted', deleted.sight);
      const { Bucket, Key: Prefix } = at(stage, 'versions');
      see('listed', (await stage.ask(new ListObjectVersionsCommand({ Bucket, Prefix }))).sight);
    },
  },
  {
    id: 'bucket.parts',
    title: 'writes an object in two parts',
    withinMs: 120_000,
    async run(stage, see) {
      const { ask } = stage;
      const about = {
        ...at(stage, 'parts'),
        ContentType: 'application/octet-stream',
        Metadata: { rehearsal: 'yes' },
      };
      const withSum = await ask(new CreateMultipartUploadCommand({ ...about, ChecksumAlgorithm: 'CRC32' }));
      see('created', withSum.sight);
      const takesSums = withSum.output !== null;
      const created = takesSums ? withSum : await ask(new CreateMultipartUploadCommand(about));
      if (!takesSums) see('created without a checksum', created.sight);
      const UploadId = created.output?.UploadId;
      if (UploadId === undefined) throw new CheckFailed('the upload in parts did not begin');
      const Parts = [];
      for (const [index, Body] of [randomBytes(PART_BYTES), BYTES].entries()) {
        const part = { PartNumber: index + 1, ...(takesSums && { ChecksumCRC32: sumOf(Body) }) };
        const more = { Body, ContentLength: Body.length };
        const sent = await ask(new UploadPartCommand({ ...at(stage, 'parts'), UploadId, ...part, ...more }));
        if (index === 0) see('part', sent.sight);
        Parts.push({ ...part, ETag: sent.output?.ETag });
      }
      const MultipartUpload = { Parts };
      see(
        'completed',
        (await ask(new CompleteMultipartUploadCommand({ ...at(stage, 'parts'), UploadId, MultipartUpload })))
          .sight,
      );
      const head = await ask(new HeadObjectCommand({ ...at(stage, 'parts'), ChecksumMode: 'ENABLED' }));
      const bytes = head.output?.ContentLength === PART_BYTES + BYTES.length ? 'all' : 'others';
      see('head', { ...head.sight, facts: { bytes } });
    },
  },
  {
    id: 'bucket.abort',
    title: 'begins an upload in parts, lists it and aborts it',
    async run(stage, see) {
      const { ask } = stage;
      const { Bucket, Key } = at(stage, 'abort');
      const UploadId = (await ask(new CreateMultipartUploadCommand({ Bucket, Key }))).output?.UploadId;
      if (UploadId === undefined) throw new CheckFailed('the upload in parts did not begin');
      see('listed', (await ask(new ListMultipartUploadsCommand({ Bucket, Prefix: Key }))).sight);
      see('aborted', (await ask(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }))).sight);
      see('again', (await ask(new ListMultipartUploadsCommand({ Bucket, Prefix: Key }))).sight);
    },
  },
  {
    id: 'bucket.copy',
    title: 'copies an object, with another description',
    async run(stage, see) {
      await write(stage, 'copy');
      const { Bucket, Key } = at(stage, 'copy');
      const CopySource = `${Bucket}/${Key.split('/').map(encodeURIComponent).join('/')}`;
      const more = { MetadataDirective: 'REPLACE', Metadata: { rehearsal: 'again' } } as const;
      see('answer', (await stage.ask(new CopyObjectCommand({ Bucket, Key, CopySource, ...more }))).sight);
    },
  },
  {
    id: 'bucket.delete',
    title: 'deletes an object, and one that is not there',
    async run(stage, see) {
      const written = await write(stage, 'delete');
      const VersionId = written.output?.VersionId;
      const which = VersionId === undefined ? {} : { VersionId };
      see('answer', (await stage.ask(new DeleteObjectCommand({ ...at(stage, 'delete'), ...which }))).sight);
      see('missing', (await stage.ask(new DeleteObjectCommand(at(stage, 'never')))).sight);
    },
  },
];

async function read(stage: Stage, more: { Range?: string }) {
  const { sight, output } = await stage.ask(new GetObjectCommand({ ...at(stage, 'get'), ...more }));
  const bytes: Uint8Array = (await output?.Body?.transformToByteArray()) ?? new Uint8Array();
  return { sight, bytes: Buffer.from(bytes) };
}
