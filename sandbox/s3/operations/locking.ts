import { readDocument } from '../body.ts';
import type { Bucket } from '../bucket.ts';
import type { Answer, Call } from '../call.ts';
import { S3Error } from '../errors.ts';
import { document, parseDocument } from '../xml.ts';
import { findVersion } from './reading.ts';

/** Object Lock: only legal holds are here; retention modes and periods are not. */
export async function getObjectLockConfiguration(call: Call): Promise<Answer> {
  if (!call.bucket().objectLock()) {
    throw noConfiguration(call.bucketName);
  }
  return { status: 200, body: document('ObjectLockConfiguration', { ObjectLockEnabled: 'Enabled' }) };
}

export async function putObjectLegalHold(call: Call): Promise<Answer> {
  const bucket = withLock(call);
  const version = findVersion(call);
  const status = parseDocument(await readDocument(call.body()), 'LegalHold').text('Status');
  if (status !== 'ON' && status !== 'OFF') {
    throw new S3Error('MalformedXML', 'The XML you provided did not validate against our published schema');
  }
  await bucket.setLegalHold(call.key, version.id, status);
  return { status: 200 };
}

export async function getObjectLegalHold(call: Call): Promise<Answer> {
  withLock(call);
  const { legalHold } = findVersion(call);
  if (legalHold === undefined) {
    if (call.compat.cephLockErrors) throw noConfiguration(call.bucketName);
    throw new S3Error(
      'NoSuchObjectLockConfiguration',
      'The specified object does not have a ObjectLock configuration',
    );
  }
  return { status: 200, body: document('LegalHold', { Status: legalHold }) };
}

function noConfiguration(BucketName: string): S3Error {
  return new S3Error(
    'ObjectLockConfigurationNotFoundError',
    'Object Lock configuration does not exist for this bucket',
    { elements: { BucketName } },
  );
}

function withLock(call: Call): Bucket {
  const bucket = call.bucket();
  if (bucket.objectLock()) return bucket;
  throw new S3Error('InvalidRequest', 'Bucket is missing Object Lock Configuration');
}
