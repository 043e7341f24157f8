import { describe, expect, it } from 'vitest';
import { createLog } from '../../src/log.ts';
import { isNotFound, isNoUpload, storageError } from '../../src/storage/errors.ts';

const AWS = { name: 'files', endpointHost: null };
const OWN = { name: 'files', endpointHost: 's3.example.com:9000' };

/** An answer of the store, as the SDK makes an error of it. */
const answer = (status: number, Code: string, message = Code, more: object = {}) =>
  Object.assign(new Error(message), { name: Code, Code, $metadata: { httpStatusCode: status } }, more);
const page = (status: number) =>
  answer(status, 'UnknownError', 'UnknownError', {
    $response: { headers: { 'content-type': 'text/html; charset=utf-8' } },
  });
const node = (code: string, message = code) => Object.assign(new Error(message), { code });
const told = (error: unknown, place: Parameters<typeof storageError>[1] = AWS) => {
  const { code, message } = storageError(error, place);
  return `${code}: ${message}`;
};

describe('sentences about the bucket’s failures', () => {
  it.each([
    // Rights: what is missing, and which kind of policy says so.
    [
      answer(
        403,
        'AccessDenied',
        'User: arn:aws:iam::1:user/v is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::files/a" because no identity-based policy allows the s3:PutObject action',
      ),
      /^bucket_forbidden: .*may not do s3:PutObject/,
    ],
    [
      answer(
        403,
        'AccessDenied',
        'User: x is not authorized to perform: s3:DeleteObject on resource: "y" with an explicit deny in a resource-based policy',
      ),
      /s3:DeleteObject.*explicit deny in a resource-based policy/,
    ],
    [
      answer(403, 'AccessDenied', 'Access Denied'),
      /^bucket_forbidden: .*VAULT_PREFIX.*It says: "Access Denied"/,
    ],
    // Keys of KMS.
    [
      answer(
        403,
        'AccessDenied',
        'User: x is not authorized to perform: kms:GenerateDataKey on resource: arn:aws:kms:r:1:key/k because no identity-based policy allows the kms:GenerateDataKey action',
      ),
      /^bucket_kms: .*kms:GenerateDataKey/,
    ],
    [
      answer(400, 'KMS.DisabledException', 'arn is disabled.'),
      /^bucket_kms: .*cannot be used \(KMS.DisabledException\)/,
    ],
    [answer(400, 'KMS.NotFoundException', 'Invalid keyId'), /^bucket_kms: /],
    [
      answer(501, 'NotImplemented', 'Server side encryption specified but KMS is not configured'),
      /^bucket_unable: /,
    ],
    // Retention, as three stores say it.
    [
      answer(
        403,
        'AccessDenied',
        'User: arn:aws:iam::1:role/KMS-worm is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::worm-quota/a" because no identity-based policy allows the s3:PutObject action',
      ),
      /^bucket_forbidden: .*s3:PutObject/,
    ],
    [
      answer(403, 'AccessDenied', 'Access Denied because object protected by object lock.'),
      /^object_retained: /,
    ],
    [
      answer(400, 'InvalidRequest', 'Object is WORM protected and cannot be overwritten'),
      /^object_retained: /,
    ],
    [answer(403, 'AccessDenied', 'forbidden by object lock'), /^object_retained: /],
    [
      answer(
        400,
        'InvalidRequest',
        'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters',
      ),
      /^bucket_refused: /,
    ],
    // Archives.
    [
      answer(403, 'InvalidObjectState', 'The operation is not valid', { StorageClass: 'DEEP_ARCHIVE' }),
      /^object_archived: .*DEEP_ARCHIVE.*restore it/,
    ],
    // The clock.
    [answer(403, 'RequestTimeTooSkewed'), /^bucket_clock: /],
    [answer(403, 'AccessDenied', 'Request has expired'), /^bucket_clock: /],
    // Regions.
    [
      answer(
        400,
        'AuthorizationHeaderMalformed',
        "the region 'us-east-1' is wrong; expecting 'eu-central-1'",
      ),
      /^bucket_region: .*AWS_REGION=eu-central-1/,
    ],
    [
      answer(307, 'TemporaryRedirect', 'x', {
        $response: { headers: { 'x-amz-bucket-region': 'sa-east-1' } },
      }),
      /AWS_REGION=sa-east-1/,
    ],
    [answer(301, 'PermanentRedirect'), /^bucket_region: /],
    // Credentials.
    [answer(400, 'ExpiredToken'), /^bucket_credentials: .*have expired/],
    [answer(403, 'SignatureDoesNotMatch'), /^bucket_credentials: .*AWS_SECRET_ACCESS_KEY/],
    // Quotas.
    [answer(403, 'QuotaExceeded'), /^bucket_full: /],
    [answer(403, 'AccessDenied', 'Cannot upload files, storage cap exceeded.'), /^bucket_full: /],
    [answer(507, 'XMinioStorageFull'), /^bucket_full: /],
    // What passes, and what does not.
    [answer(503, 'SlowDown'), /^bucket_busy: .*tried again/],
    [
      answer(500, 'InternalError', 'We encountered an internal error.'),
      /^bucket_failed: .*tried again.*internal error/,
    ],
    [answer(409, 'OperationAborted'), /^bucket_race: /],
    [answer(400, 'InvalidArgument', 'Unknown header'), /^bucket_refused: .*It says: "Unknown header"/],
  ])('%s', (error, sentence) => {
    expect(told(error)).toMatch(sentence);
  });

  it.each([501, 405])('a store that does not know a request (%s) is not said to be tried again', (status) => {
    expect(told(answer(status, status === 501 ? 'NotImplemented' : 'MethodNotAllowed'))).not.toContain(
      'tried again',
    );
  });

  it.each([
    ['SELF_SIGNED_CERT_IN_CHAIN', /^bucket_untrusted: .*NODE_EXTRA_CA_CERTS/],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', /^bucket_untrusted: .*NODE_USE_SYSTEM_CA/],
    ['CERT_HAS_EXPIRED', /^bucket_untrusted: .*expired/],
    ['CERT_NOT_YET_VALID', /^bucket_untrusted: .*clock/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /^bucket_untrusted: .*AWS_ENDPOINT_URL_S3/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', /^bucket_untrusted: .*AWS_ENDPOINT_URL_S3/],
    ['EPROTO', /^bucket_unreachable: /],
    ['ECONNREFUSED', /^bucket_unreachable: .*AWS_ENDPOINT_URL_S3/],
    ['ECONNRESET', /^bucket_unreachable: /],
    ['ETIMEDOUT', /^bucket_stalled: /],
  ])('%s is told as what it is, also where it is inside of another error', (code, sentence) => {
    expect(told(node(code), OWN)).toMatch(sentence);
    expect(told(Object.assign(new Error('x'), { cause: node(code) }), OWN)).toMatch(sentence);
    expect(told(new AggregateError([node(code), node(code)]), OWN)).toMatch(sentence);
  });

  it.each([
    [
      node('UND_ERR_ABORTED', 'Proxy response (407) !== 200 when HTTP Tunneling'),
      /^bucket_proxy: .*407.*user and a password/,
    ],
    [node('ERR_PROXY_TUNNEL', 'Failed to establish tunnel to s3: 403'), /^bucket_proxy: .*403/],
    [answer(407, 'UnknownError'), /^bucket_proxy: /],
    [page(403), /^bucket_proxy: .*web page/],
    [page(200), /^bucket_not_s3: .*console/],
    [
      answer(200, 'SyntaxError', "char 'x' is not expected. Deserialization error: to see the raw response"),
      /^bucket_not_s3: /,
    ],
  ])('what stands in between is told apart from the store: %s', (error, sentence) => {
    expect(told(error, OWN)).toMatch(sentence);
  });

  it('names a setting that alone can have caused it', () => {
    const asked = { storageClass: 'WARM', tags: { a: 'b' }, kmsKeyId: 'k', expectedOwner: '111122223333' };
    const place = { ...AWS, asked };
    expect(told(answer(400, 'InvalidStorageClass'), place)).toContain('VAULT_S3_STORAGE_CLASS');
    expect(told(answer(400, 'InvalidTag'), place)).toContain('VAULT_S3_TAGS');
    expect(told(answer(403, 'AccessDenied', 'Access Denied'), place)).toContain('VAULT_S3_EXPECTED_OWNER');
    expect(told(answer(400, 'InvalidStorageClass'))).not.toContain('VAULT_S3_STORAGE_CLASS');
  });
});

describe('the log', () => {
  it('has the store’s own message and its name for the request', () => {
    const lines: string[] = [];
    const log = createLog('info', { write: (line) => void lines.push(line) });
    const error = answer(403, 'AccessDenied', 'Access Denied', {
      $metadata: { httpStatusCode: 403, requestId: 'REQ1', extendedRequestId: 'HOST1' },
    });
    log.warn({ err: storageError(error, AWS) }, 'no');
    expect(JSON.parse(lines[0] as string).err.details).toEqual({
      name: 'AccessDenied',
      status: 403,
      message: 'Access Denied',
      requestId: 'REQ1 HOST1',
    });
  });

  it('keeps a long or odd message in one short line', () => {
    const { details } = storageError(answer(400, 'Odd', `a\n\u202eb ${'x'.repeat(9_999)}`), AWS);
    expect(details?.message).toMatch(/^a b x{290,}…$/);
    expect(details?.message.length).toBeLessThan(400);
  });
});

describe('what is gone', () => {
  it.each(['NoSuchKey', 'NoSuchVersion', 'NotFound'])('%s is an object that is not there', (name) => {
    expect(isNotFound(answer(404, name))).toBe(true);
  });

  it.each([
    'NoSuchBucket',
    'ObjectLockConfigurationNotFoundError',
    'NoSuchObjectLockConfiguration',
    'NoSuchUpload',
    'NoSuchTagSet',
  ])('%s is not', (name) => {
    expect(isNotFound(answer(404, name))).toBe(false);
  });

  it('an upload that is not there is none, but not in a bucket that is not there', () => {
    expect([isNoUpload(answer(404, 'NoSuchUpload')), isNoUpload(answer(404, 'NoSuchBucket'))]).toEqual([
      true,
      false,
    ]);
  });
});
