import { readDocument } from '../body.ts';
import type { Bucket } from '../bucket.ts';
import type { Answer, Call } from '../call.ts';
import { S3Error } from '../errors.ts';
import { type DefaultRetention, noLock } from '../lock.ts';
import { document, parseDocument, type XmlNode } from '../xml.ts';
import { findVersion } from './reading.ts';

/** 100 years. */
const MOST_DAYS = 36_500;

export async function getObjectLockConfiguration(call: Call): Promise<Answer> {
  const bucket = call.bucket();
  if (!bucket.objectLock()) throw noConfiguration(call.bucketName);
  const rule = bucket.defaultRetention();
  return {
    status: 200,
    body: document('ObjectLockConfiguration', {
      ObjectLockEnabled: 'Enabled',
      Rule: rule ? { DefaultRetention: { Mode: rule.mode, Days: rule.days, Years: rule.years } } : undefined,
    }),
  };
}

export async function putObjectLockConfiguration(call: Call): Promise<Answer> {
  const bucket = call.bucket();
  if (bucket.versioning() !== 'Enabled') {
    throw new S3Error(
      'InvalidBucketState',
      "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
    );
  }
  const asked = parseDocument(await readDocument(call.body()), 'ObjectLockConfiguration');
  if (asked.text('ObjectLockEnabled') !== 'Enabled') throw malformed();
  const [rule] = asked.all('Rule');
  await bucket.enableObjectLock(rule ? defaultRetention(rule) : null);
  return { status: 200 };
}

function defaultRetention(rule: XmlNode): DefaultRetention {
  const [asked] = rule.all('DefaultRetention');
  const mode = asked?.text('Mode');
  const [days, years] = [asked?.text('Days'), asked?.text('Years')];
  if ((mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE') || (days === undefined) === (years === undefined))
    throw malformed();
  const period = Number(days ?? years);
  if (!Number.isInteger(period) || period <= 0)
    throw new S3Error('InvalidArgument', 'Default retention period must be a positive integer value.');
  if (period > (days === undefined ? MOST_DAYS / 365 : MOST_DAYS))
    throw new S3Error('InvalidArgument', 'Default retention period too large.');
  return { mode, ...(days === undefined ? { years: period } : { days: period }) };
}

export async function putObjectLegalHold(call: Call): Promise<Answer> {
  const bucket = withLock(call);
  const version = findVersion(call);
  const status = parseDocument(await readDocument(call.body()), 'LegalHold').text('Status');
  if (status !== 'ON' && status !== 'OFF') throw malformed();
  await bucket.amend(call.key, version.id, { legalHold: status });
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

function malformed(): S3Error {
  return new S3Error('MalformedXML', 'The XML you provided did not validate against our published schema');
}

function noConfiguration(BucketName: string): S3Error {
  return new S3Error(
    'ObjectLockConfigurationNotFoundError',
    'Object Lock configuration does not exist for this bucket',
    { elements: { BucketName } },
  );
}

/** The bucket of a call about locks. @throws S3Error `InvalidRequest` when it has no Object Lock. */
export function withLock(call: Call): Bucket {
  const bucket = call.bucket();
  if (bucket.objectLock()) return bucket;
  throw noLock();
}
