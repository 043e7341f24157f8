import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { S3Error } from './errors.ts';
import { percentEncode, type Wire } from './wire.ts';

/**
 * AWS Signature Version 4, the checking side: header and presigned-URL authentication.
 * Rules from the Amazon S3 API reference, "Authenticating Requests (AWS Signature Version 4)".
 */
export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
}

/** What the rest of the server learns from a checked signature. */
export interface Signature {
  presigned: boolean;
  /** The declared payload hash or payload mode (`x-amz-content-sha256`). */
  payload: string;
  /** For chunk signatures, which continue the chain that this signature starts. */
  stamp: string;
  scope: string;
  signingKey: Buffer;
  value: string;
}

interface Claim {
  presigned: boolean;
  accessKeyId: string;
  scope: string;
  signedHeaders: string[];
  signature: string;
  stamp: string;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const CLOCK_SKEW_MS = 15 * 60_000;
const LONGEST_EXPIRY_S = 7 * 24 * 3600;

export function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function byBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function canonicalRequest(wire: Wire, claim: Claim, payload: string): string {
  const query = wire.query
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [percentEncode(name), percentEncode(value)] as const)
    .sort((a, b) => byBytes(a[0], b[0]) || byBytes(a[1], b[1]))
    .map(([name, value]) => `${name}=${value}`);
  const headers = claim.signedHeaders.map((name) => {
    const value = (wire.headers.get(name) ?? '').trim().replace(/\s+/g, ' ');
    return `${name}:${value}\n`;
  });
  return [
    wire.method,
    wire.path.split('/').map(percentEncode).join('/'),
    query.join('&'),
    headers.join(''),
    claim.signedHeaders.join(';'),
    payload,
  ].join('\n');
}

/** Milliseconds of `20260102T030405Z`, or NaN. */
function stampTime(stamp: string): number {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(stamp);
  return match ? Date.parse(`${match.slice(1, 4).join('-')}T${match.slice(4).join(':')}Z`) : Number.NaN;
}

function headerClaim(wire: Wire, authorization: string): Claim {
  if (!authorization.startsWith(`${ALGORITHM} `)) {
    throw new S3Error('InvalidRequest', 'Please use AWS4-HMAC-SHA256 to authorize requests.');
  }
  const field = (name: string): string => {
    const match = new RegExp(`(?:^|[\\s,])${name}=([^,\\s]+)`).exec(authorization.slice(ALGORITHM.length));
    if (match) return match[1] as string;
    throw new S3Error(
      'AuthorizationHeaderMalformed',
      `The authorization header is malformed; missing ${name}.`,
    );
  };
  const [accessKeyId = '', ...scope] = splitCredential(field('Credential'));
  const date = wire.headers.get('date');
  const stamp = wire.headers.get('x-amz-date') ?? (date ? basicIso(Date.parse(date)) : '');
  return {
    presigned: false,
    accessKeyId,
    scope: scope.join('/'),
    signedHeaders: field('SignedHeaders').split(';'),
    signature: field('Signature'),
    stamp,
  };
}

/** An access key may itself hold slashes; the scope is always the last four parts. */
function splitCredential(credential: string): string[] {
  const parts = credential.split('/');
  return [parts.slice(0, -4).join('/'), ...parts.slice(-4)];
}

function basicIso(time: number): string {
  return Number.isNaN(time) ? '' : new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

function presignedClaim(wire: Wire, now: number): Claim {
  const query = new Map(wire.query);
  const field = (name: string): string => {
    const value = query.get(`X-Amz-${name}`);
    if (value) return value;
    throw new S3Error(
      'AuthorizationQueryParametersError',
      'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
    );
  };
  if (field('Algorithm') !== ALGORITHM) {
    throw new S3Error(
      'AuthorizationQueryParametersError',
      'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"',
    );
  }
  const [accessKeyId = '', ...scope] = splitCredential(field('Credential'));
  const stamp = field('Date');
  const expires = Number(field('Expires'));
  if (!Number.isInteger(expires) || expires < 0 || expires > LONGEST_EXPIRY_S) {
    throw new S3Error(
      'AuthorizationQueryParametersError',
      'X-Amz-Expires must be a number of seconds, not negative, and less than a week.',
    );
  }
  const made = stampTime(stamp);
  if (Number.isNaN(made)) {
    throw new S3Error('AuthorizationQueryParametersError', 'X-Amz-Date must be in the ISO8601 Long Format');
  }
  if (made > now + CLOCK_SKEW_MS) throw new S3Error('AccessDenied', 'Request is not yet valid');
  if (made + expires * 1000 < now) {
    throw new S3Error('AccessDenied', 'Request has expired', {
      elements: {
        'X-Amz-Expires': String(expires),
        Expires: new Date(made + expires * 1000).toISOString(),
        ServerTime: new Date(now).toISOString(),
      },
    });
  }
  return {
    presigned: true,
    accessKeyId,
    scope: scope.join('/'),
    signedHeaders: field('SignedHeaders').split(';'),
    signature: field('Signature'),
    stamp,
  };
}

function checkScope(claim: Claim, region: string): void {
  const [date, scopeRegion, service, end] = claim.scope.split('/');
  const code = claim.presigned ? 'AuthorizationQueryParametersError' : 'AuthorizationHeaderMalformed';
  if (service !== 's3' || end !== 'aws4_request' || date !== claim.stamp.slice(0, 8)) {
    throw new S3Error(code, 'The credential scope is malformed; expected "<date>/<region>/s3/aws4_request".');
  }
  if (scopeRegion !== region) {
    throw new S3Error(code, `The region '${scopeRegion}' is wrong; expecting '${region}'`, {
      elements: { Region: region },
    });
  }
}

/** Anybody on the way could have added a header that is sent but not signed. */
function checkSignedHeaders(wire: Wire, claim: Claim): void {
  const present = [...wire.headers.keys()].filter((name) => name === 'host' || name.startsWith('x-amz-'));
  const missing = present.filter((name) => !claim.signedHeaders.includes(name));
  // The client's library may give a presigned link a payload hash; it is checked like any other.
  const unsigned = claim.presigned ? missing.filter((name) => name !== 'x-amz-content-sha256') : missing;
  if (unsigned.length > 0) {
    throw new S3Error('AccessDenied', 'There were headers present in the request which were not signed', {
      elements: { HeadersNotSigned: unsigned.join(', ') },
    });
  }
}

function payloadOf(wire: Wire, claim: Claim): string {
  const header = wire.headers.get('x-amz-content-sha256');
  if (header) return header;
  if (claim.presigned) return new Map(wire.query).get('X-Amz-Content-Sha256') ?? 'UNSIGNED-PAYLOAD';
  throw new S3Error('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
}

function claimOf(wire: Wire, now: number): Claim {
  const authorization = wire.headers.get('authorization');
  const inQuery = wire.query.some(([name]) => name === 'X-Amz-Algorithm' || name === 'X-Amz-Signature');
  if (authorization && inQuery) {
    throw new S3Error('InvalidArgument', 'Only one auth mechanism allowed');
  }
  if (inQuery) return presignedClaim(wire, now);
  if (authorization) return headerClaim(wire, authorization);
  throw new S3Error('AccessDenied', 'Access Denied');
}

/**
 * Checks who sent the request and that nothing in it was changed. The body is checked later, against
 * `payload`. @throws S3Error with the code that S3 gives: `AccessDenied`, `InvalidAccessKeyId`,
 * `RequestTimeTooSkewed`, `SignatureDoesNotMatch`, …
 */
export function verifySignature(
  wire: Wire,
  expected: { credentials: Credentials; region: string; now: number },
): Signature {
  const claim = claimOf(wire, expected.now);
  if (claim.accessKeyId !== expected.credentials.accessKeyId) {
    throw new S3Error(
      'InvalidAccessKeyId',
      'The AWS Access Key Id you provided does not exist in our records.',
    );
  }
  const made = stampTime(claim.stamp);
  if (Number.isNaN(made)) {
    throw new S3Error('AccessDenied', 'AWS authentication requires a valid Date or x-amz-date header');
  }
  if (!claim.presigned && Math.abs(made - expected.now) > CLOCK_SKEW_MS) {
    throw new S3Error(
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
      {
        elements: { RequestTime: claim.stamp, ServerTime: new Date(expected.now).toISOString() },
      },
    );
  }
  checkScope(claim, expected.region);
  checkSignedHeaders(wire, claim);
  if (
    wire.headers.has('x-amz-security-token') ||
    wire.query.some(([name]) => name === 'X-Amz-Security-Token')
  ) {
    throw new S3Error('InvalidToken', 'The provided token is malformed or otherwise invalid.');
  }
  const payload = payloadOf(wire, claim);
  const signingKey = claim.scope
    .split('/')
    .reduce<Buffer | string>(
      (key, part) => hmac(key, part),
      `AWS4${expected.credentials.secretAccessKey}`,
    ) as Buffer;
  const canonical = createHash('sha256')
    .update(canonicalRequest(wire, claim, payload))
    .digest('hex');
  const value = hmac(signingKey, `${ALGORITHM}\n${claim.stamp}\n${claim.scope}\n${canonical}`).toString(
    'hex',
  );
  if (!sameSignature(value, claim.signature)) {
    throw new S3Error(
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    );
  }
  return { presigned: claim.presigned, payload, stamp: claim.stamp, scope: claim.scope, signingKey, value };
}

export function sameSignature(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a, 'latin1'), Buffer.from(b, 'latin1'));
}
