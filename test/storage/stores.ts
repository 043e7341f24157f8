import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListObjectVersionsCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import type { DialectName } from '../../sandbox/s3/dialects/index.ts';
import { type S3Server, startS3 } from '../../sandbox/s3/server.ts';
import { type Bucket, type BucketConfig, openBucket } from '../../src/storage/bucket.ts';

/** The sandbox's S3 with a new bucket for each dialect that is asked for. */
export interface Stores {
  server: S3Server;
  /** The settings of a new bucket that speaks these dialects. */
  speaking(...dialects: DialectName[]): Promise<BucketConfig>;
  /** Opens the bucket, and closes it again with everything else. */
  open(config: BucketConfig): Promise<Bucket>;
  /** Keys of all versions and markers, read past the dialect. */
  versions(config: BucketConfig): Promise<string[]>;
  close(): Promise<void>;
}

export async function openStores(options: { versioning?: boolean } = {}): Promise<Stores> {
  const dir = await mkdtemp(join(tmpdir(), 'vault-dialects-'));
  const credentials = { accessKeyId: 'sandboxkey', secretAccessKey: 'sandboxsecret' };
  process.env.AWS_ACCESS_KEY_ID = credentials.accessKeyId;
  process.env.AWS_SECRET_ACCESS_KEY = credentials.secretAccessKey;
  process.env.AWS_REGION = 'us-east-1';
  const server = await startS3({ dir, credentials, buckets: ['plain'], ...options });
  const admin = new S3Client({ endpoint: server.endpoint, credentials, forcePathStyle: true });
  const opened: Bucket[] = [];
  let count = 0;
  const open = async (config: BucketConfig) => {
    const bucket = await openBucket(config);
    opened.push(bucket);
    return bucket;
  };
  return {
    server,
    open,
    async speaking(...dialects) {
      const bucket = `bucket-${++count}`;
      await server.speak(bucket, []);
      if (options.versioning) {
        const VersioningConfiguration = { Status: 'Enabled' as const };
        await admin.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }));
      }
      await server.speak(bucket, dialects);
      return { bucket, prefix: 'files', pathStyle: true, endpoint: server.endpoint };
    },
    async versions({ bucket }) {
      await server.speak(bucket, []);
      const page = await admin.send(new ListObjectVersionsCommand({ Bucket: bucket }));
      return [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(({ Key = '' }) => Key);
    },
    async close() {
      for (const bucket of opened) bucket.close();
      admin.destroy();
      await server.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
