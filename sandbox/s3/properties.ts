import { S3Error } from './errors.ts';
import { readTagHeader, type Tags } from './tags.ts';

/** The one account of this server: the number that AWS's documentation uses. */
export const ACCOUNT = '111122223333';

export interface Encryption {
  algorithm: string;
  /** The ARN of a KMS key. */
  keyId?: string;
  bucketKey?: boolean;
}

/** How an object is kept. Undefined: as by default, i.e. STANDARD, encrypted with S3's own keys, without tags. */
export interface Properties {
  storageClass?: string;
  encryption?: Encryption;
  tags?: Tags;
}

const SSE = 'x-amz-server-side-encryption';
const KEY_ID = `${SSE}-aws-kms-key-id`;
const BUCKET_KEY = `${SSE}-bucket-key-enabled`;
const STORAGE_CLASS = 'x-amz-storage-class';
/** Amazon S3 API reference, "PutObject", for general purpose buckets. */
const STORAGE_CLASSES = new Set([
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER',
  'DEEP_ARCHIVE',
  'GLACIER_IR',
]);
/** Amazon S3 user guide, "Storage classes for archiving": they must be restored before they can be read. */
const ARCHIVES = new Set(['GLACIER', 'DEEP_ARCHIVE']);

function invalid(message: string, name: string, value: string): S3Error {
  return new S3Error('InvalidArgument', message, { elements: { ArgumentName: name, ArgumentValue: value } });
}

/** What the headers of a new object ask for. @throws S3Error for a value that S3 does not know. */
export function readProperties(headers: Map<string, string>, region: string): Properties {
  const storageClass = headers.get(STORAGE_CLASS);
  if (storageClass !== undefined && !STORAGE_CLASSES.has(storageClass)) {
    throw new S3Error('InvalidStorageClass', 'The storage class you specified is not valid', {
      elements: { StorageClassRequested: storageClass },
    });
  }
  const encryption = readEncryption(headers, region);
  const tagging = headers.get('x-amz-tagging');
  return {
    ...(storageClass !== undefined && storageClass !== 'STANDARD' && { storageClass }),
    ...(encryption && { encryption }),
    ...(tagging !== undefined && { tags: readTagHeader(tagging) }),
  };
}

function readEncryption(headers: Map<string, string>, region: string): Encryption | null {
  const algorithm = headers.get(SSE);
  const keyId = headers.get(KEY_ID);
  const isKms = algorithm === 'aws:kms' || algorithm === 'aws:kms:dsse';
  if (keyId !== undefined && !isKms) {
    throw invalid(
      'Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms',
      SSE,
      algorithm ?? 'null',
    );
  }
  if (algorithm === undefined) return null;
  if (!isKms && algorithm !== 'AES256')
    throw invalid('The encryption method specified is not supported', SSE, algorithm);
  const bucketKey = headers.get(BUCKET_KEY)?.toLowerCase() === 'true';
  return {
    algorithm,
    ...(isKms && { keyId: keyArn(keyId ?? 'alias/aws/s3', region) }),
    ...(bucketKey && { bucketKey }),
  };
}

/** A key by its id, alias or ARN. @throws S3Error `KMS.NotFoundException` for what can be none of them. */
function keyArn(id: string, region: string): string {
  if (/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(key|alias)\/.+$/.test(id)) return id;
  if (/^(mrk-)?[0-9a-f-]{32,36}$/.test(id)) return `arn:aws:kms:${region}:${ACCOUNT}:key/${id}`;
  if (/^alias\/[\w/-]+$/.test(id)) return `arn:aws:kms:${region}:${ACCOUNT}:${id}`;
  throw new S3Error('KMS.NotFoundException', `Invalid keyId '${id}'`);
}

/** Is an ETag of bytes that are kept like this no MD5? Amazon S3 API reference, "Object": with SSE-KMS. */
export function hidesMd5({ encryption }: Properties): boolean {
  return encryption !== undefined && encryption.algorithm !== 'AES256';
}

/** @throws S3Error `InvalidObjectState` for an object that must be restored before it is read. */
export function checkReadable({ storageClass }: Properties): void {
  if (storageClass === undefined || !ARCHIVES.has(storageClass)) return;
  throw new S3Error('InvalidObjectState', "The operation is not valid for the object's storage class", {
    elements: { StorageClass: storageClass },
  });
}

/** The encryption as headers of an answer to a write or a read. */
export function encryptionHeaders({ encryption }: Properties): Record<string, string> {
  if (!encryption) return { [SSE]: 'AES256' };
  const { algorithm, keyId, bucketKey } = encryption;
  return {
    [SSE]: algorithm,
    ...(keyId !== undefined && { [KEY_ID]: keyId }),
    ...(bucketKey && { [BUCKET_KEY]: 'true' }),
  };
}

/** All properties as headers of an answer to a read. */
export function propertyHeaders(properties: Properties): Record<string, string> {
  const { storageClass, tags = {} } = properties;
  const count = Object.keys(tags).length;
  return {
    ...encryptionHeaders(properties),
    ...(storageClass !== undefined && { [STORAGE_CLASS]: storageClass }),
    ...(count > 0 && { 'x-amz-tagging-count': String(count) }),
  };
}
