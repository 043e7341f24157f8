import { type Env, flag, given, matching, oneOf } from './env.ts';
import { ConfigError } from './errors.ts';

/** Where the files go, and what every write asks for. */
export interface BucketSettings {
  /** A bucket's name, or an access point's ARN. */
  bucket: string;
  prefix: string;
  pathStyle: boolean;
  /** A KMS key's id, ARN or alias. */
  kmsKeyId?: string;
  storageClass?: string;
  tags?: Record<string, string>;
  /** The AWS account that must own the bucket. */
  expectedOwner?: string;
  /** The store's address for people's browsers. */
  linkEndpoint?: string;
  /** False: no checksum follows a stream. */
  trailers?: false;
}

/** The variable of each setting. */
export type BucketVariables = Record<keyof BucketSettings, string>;

/** Reads them. What is not set is left out. Throws `ConfigError`. */
export function bucketSettings(env: Env, names: BucketVariables): BucketSettings {
  const bucket = bucketName(env, names);
  const pathStyle = flag(env, names.pathStyle);
  if (bucket.startsWith('arn:') && pathStyle) {
    throw new ConfigError(
      names.pathStyle,
      `${names.pathStyle}=1 does not go with an access point: leave it out, or name the bucket itself in ${names.bucket}.`,
    );
  }
  const key = "a KMS key's id, ARN or alias, such as alias/vault";
  const kmsKeyId = matching(env, names.kmsKeyId, /^[\w:/.-]{1,2048}$/, key);
  const owner = 'the 12 digits of the AWS account that owns the bucket';
  const expectedOwner = matching(env, names.expectedOwner, /^\d{12}$/, owner);
  const storageClass = storageClassOf(env, names.storageClass);
  const tags = tagsOf(env, names.tags);
  const linkEndpoint = linkAddress(env, names.linkEndpoint);
  return {
    bucket,
    prefix: (given(env, names.prefix) ?? '').replace(/^\/+|\/+$/g, ''),
    pathStyle,
    ...(kmsKeyId && { kmsKeyId }),
    ...(storageClass && { storageClass }),
    ...(tags && { tags }),
    ...(expectedOwner && { expectedOwner }),
    ...(linkEndpoint && { linkEndpoint }),
    ...(mayTrail(env, names.trailers) ? {} : { trailers: false as const }),
  };
}

/** `arn:aws:s3:<region>:<account>:accesspoint/<name>`, as AWS's console shows it; some tools write a colon. */
const ACCESS_POINT = /^arn:[\w-]+:s3:[\w-]+:\d{12}:accesspoint[/:][\w-]+$/;

function bucketName(env: Env, names: BucketVariables): string {
  const name = given(env, names.bucket);
  if (name === undefined) {
    throw new ConfigError(
      names.bucket,
      `${names.bucket} is not set: name the S3 bucket that is to hold the files.`,
    );
  }
  if (ACCESS_POINT.test(name)) return name;
  if (name.startsWith('arn:')) {
    throw new ConfigError(
      names.bucket,
      `${names.bucket} is an ARN, but not that of an access point of one region: name the bucket itself, or an access point such as arn:aws:s3:eu-central-1:123456789012:accesspoint/vault (Multi-Region Access Points and Object Lambda want other requests than the vault makes).`,
    );
  }
  if (/[\s/]/.test(name)) {
    throw new ConfigError(
      names.bucket,
      `${names.bucket} must be a bare bucket name: put a folder in ${names.prefix} and another endpoint in AWS_ENDPOINT_URL_S3.`,
    );
  }
  return name;
}

/** Classes whose objects have to be restored before anybody can read them, the vault too. */
const ARCHIVES = new Set(['GLACIER', 'DEEP_ARCHIVE']);

function storageClassOf(env: Env, name: string): string | undefined {
  const what = 'the name of a storage class, such as STANDARD_IA';
  const storageClass = matching(env, name, /^[\w.-]{1,64}$/, what);
  if (storageClass !== undefined && ARCHIVES.has(storageClass.toUpperCase())) {
    throw new ConfigError(
      name,
      `${name} must be a class whose objects can be read at once, such as STANDARD_IA or GLACIER_IR: what is in ${storageClass} must be restored before anybody can download it.`,
    );
  }
  return storageClass;
}

/** S3's limits: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
const MOST_TAGS = 10;
const MOST_KEY = 128;
const MOST_VALUE = 256;
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

function tagsOf(env: Env, name: string): Record<string, string> | undefined {
  const text = given(env, name);
  if (text === undefined) return undefined;
  const wrong = (what: string) =>
    new ConfigError(name, `${name} must be up to ten tags such as team=legal,cost=4711, not "${what}".`);
  const tags = new Map<string, string>();
  for (const pair of text.split(',')) {
    const [, key = '', value = ''] = (/^([^=]+)=(.*)$/s.exec(pair) ?? []).map((part) => part.trim());
    const isTag = key !== '' && key.length <= MOST_KEY && value.length <= MOST_VALUE && !/^aws:/i.test(key);
    if (!isTag || !TAG_TEXT.test(key) || !TAG_TEXT.test(value) || tags.has(key)) throw wrong(pair.trim());
    tags.set(key, value);
  }
  if (tags.size > MOST_TAGS) throw wrong(`${tags.size} of them`);
  return Object.fromEntries(tags);
}

/** A link brings bucket, key and signature itself, so this is a bare address. A browser may reach it without TLS. */
function linkAddress(env: Env, name: string): string | undefined {
  const text = given(env, name);
  if (text === undefined) return undefined;
  const url = /^https?:\/\//i.test(text) && URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.username !== '' || url.search !== '' || url.hash !== '') {
    throw new ConfigError(
      name,
      `${name} must be the store's address as people's browsers reach it, such as https://files.example.com, without the bucket, a user or a query.`,
    );
  }
  return url.href.replace(/\/$/, '');
}

function mayTrail(env: Env, name: string): boolean {
  const choice = oneOf(env, name, ['auto', 'on', '1', 'true', 'off', '0', 'false'] as const, 'auto');
  return !['off', '0', 'false'].includes(choice);
}
