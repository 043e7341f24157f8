import { readDocument } from '../body.ts';
import type { Answer, Call } from '../call.ts';
import { S3Error } from '../errors.ts';
import { document, parseDocument } from '../xml.ts';

export async function listBuckets(call: Call): Promise<Answer> {
  const Bucket = call.store.buckets().map((bucket) => ({
    Name: bucket.name,
    CreationDate: new Date(bucket.createdAt).toISOString(),
  }));
  return { status: 200, body: document('ListAllMyBucketsResult', { Owner: OWNER, Buckets: { Bucket } }) };
}

/** The one account of this server. */
export const OWNER = { ID: 'sandbox', DisplayName: 'sandbox' };

export async function createBucket(call: Call): Promise<Answer> {
  if (call.store.has(call.bucketName)) {
    throw new S3Error(
      'BucketAlreadyOwnedByYou',
      'Your previous request to create the named bucket succeeded and you already own it.',
      { elements: { BucketName: call.bucketName } },
    );
  }
  const bucket = await call.store.create(call.bucketName);
  if (call.headers.get('x-amz-bucket-object-lock-enabled')?.toLowerCase() === 'true')
    await bucket.enableObjectLock(null);
  return { status: 200, headers: { location: `/${call.bucketName}` } };
}

export async function headBucket(call: Call): Promise<Answer> {
  call.bucket();
  return { status: 200, headers: { 'x-amz-bucket-region': call.region } };
}

export async function deleteBucket(call: Call): Promise<Answer> {
  await call.store.remove(call.bucketName);
  return { status: 204 };
}

/** For us-east-1 S3 answers with an empty element, for historical reasons. */
export async function getBucketLocation(call: Call): Promise<Answer> {
  call.bucket();
  const region = call.region === 'us-east-1' ? '' : call.region;
  return {
    status: 200,
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${region}</LocationConstraint>`,
  };
}

export async function getBucketVersioning(call: Call): Promise<Answer> {
  return {
    status: 200,
    body: document('VersioningConfiguration', { Status: call.bucket().versioning() ?? undefined }),
  };
}

export async function putBucketVersioning(call: Call): Promise<Answer> {
  const bucket = call.bucket();
  const status = parseDocument(await readDocument(call.body()), 'VersioningConfiguration').text('Status');
  if (status !== 'Enabled' && status !== 'Suspended') {
    throw new S3Error('MalformedXML', 'The XML you provided did not validate against our published schema');
  }
  await bucket.setVersioning(status);
  return { status: 200 };
}
