import { describe, expect, test } from 'vitest';
import { decodeChunks } from '../../../sandbox/s3/chunked.ts';
import { type Signature, verifySignature } from '../../../sandbox/s3/sigv4.ts';
import type { Wire } from '../../../sandbox/s3/wire.ts';

// The worked examples of the Amazon S3 API reference ("Authenticating Requests"): test values that nobody here
// made.
const expected = {
  credentials: {
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  },
  region: 'us-east-1',
  now: Date.parse('2013-05-24T00:00:00Z'),
};
const CREDENTIAL = 'AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request';
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

function wire(
  path: string,
  signedHeaders: string[],
  signature: string,
  headers: Record<string, string>,
): Wire {
  return {
    method: 'GET',
    path,
    query: [],
    headers: new Map([
      ['host', 'examplebucket.s3.amazonaws.com'],
      ['x-amz-date', '20130524T000000Z'],
      [
        'authorization',
        `AWS4-HMAC-SHA256 Credential=${CREDENTIAL}, SignedHeaders=${signedHeaders.join(';')}, Signature=${signature}`,
      ],
      ...Object.entries(headers),
    ]),
  };
}

function getObject(signature = 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41'): Wire {
  return wire('/test.txt', ['host', 'range', 'x-amz-content-sha256', 'x-amz-date'], signature, {
    range: 'bytes=0-9',
    'x-amz-content-sha256': EMPTY,
  });
}

function presigned(): Wire {
  return {
    method: 'GET',
    path: '/test.txt',
    query: [
      ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
      ['X-Amz-Credential', CREDENTIAL],
      ['X-Amz-Date', '20130524T000000Z'],
      ['X-Amz-Expires', '86400'],
      ['X-Amz-SignedHeaders', 'host'],
      ['X-Amz-Signature', 'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404'],
    ],
    headers: new Map([['host', 'examplebucket.s3.amazonaws.com']]),
  };
}

const code = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    return `${(error as { code: string }).code}: ${(error as Error).message}`;
  }
  throw new Error('expected to be refused');
};

describe('signatures of the S3 documentation', () => {
  test('GET Object by header', () => {
    expect(verifySignature(getObject(), expected)).toMatchObject({ presigned: false, payload: EMPTY });
  });

  test('GET by presigned URL', () => {
    expect(verifySignature(presigned(), expected)).toMatchObject({
      presigned: true,
      payload: 'UNSIGNED-PAYLOAD',
    });
  });

  test('anything changed is noticed', () => {
    const path = { ...getObject(), path: '/test.txt2' };
    expect(code(() => verifySignature(path, expected))).toMatch(/^SignatureDoesNotMatch/);
    const query = {
      ...presigned(),
      query: [...presigned().query, ['response-content-type', 'text/html'] as [string, string]],
    };
    expect(code(() => verifySignature(query, expected))).toMatch(/^SignatureDoesNotMatch/);
    expect(code(() => verifySignature(getObject('0'.repeat(64)), expected))).toMatch(
      /^SignatureDoesNotMatch/,
    );
    expect(code(() => verifySignature(getObject('short'), expected))).toMatch(/^SignatureDoesNotMatch/);
    const added = getObject();
    added.headers.set('x-amz-meta-a', 'b');
    expect(code(() => verifySignature(added, expected))).toMatch(/^AccessDenied: There were headers/);
  });

  test('clocks: skew, expiry, not yet valid', () => {
    const at = (minutes: number) => ({ ...expected, now: expected.now + minutes * 60_000 });
    expect(verifySignature(getObject(), at(14))).toBeTruthy();
    expect(code(() => verifySignature(getObject(), at(16)))).toMatch(/^RequestTimeTooSkewed/);
    expect(code(() => verifySignature(getObject(), at(-16)))).toMatch(/^RequestTimeTooSkewed/);
    expect(verifySignature(presigned(), at(24 * 60))).toBeTruthy();
    expect(code(() => verifySignature(presigned(), at(24 * 60 + 1)))).toBe(
      'AccessDenied: Request has expired',
    );
    expect(code(() => verifySignature(presigned(), at(-16)))).toBe('AccessDenied: Request is not yet valid');
  });

  test('who asks, and where', () => {
    const other = { ...expected, credentials: { ...expected.credentials, accessKeyId: 'OTHER' } };
    expect(code(() => verifySignature(getObject(), other))).toMatch(/^InvalidAccessKeyId/);
    expect(code(() => verifySignature(getObject(), { ...expected, region: 'eu-central-1' }))).toMatch(
      /^AuthorizationHeaderMalformed: The region 'us-east-1' is wrong; expecting 'eu-central-1'/,
    );
    const nobody = { ...getObject(), headers: new Map([['host', 'x']]) };
    expect(code(() => verifySignature(nobody, expected))).toMatch(/^AccessDenied/);
    const both = { ...presigned(), headers: getObject().headers };
    expect(code(() => verifySignature(both, expected))).toMatch(/^InvalidArgument/);
    const weeks = presigned();
    weeks.query = weeks.query.map(([name, value]) => [name, name === 'X-Amz-Expires' ? '604801' : value]);
    expect(code(() => verifySignature(weeks, expected))).toMatch(/^AuthorizationQueryParametersError/);
  });
});

describe('chunk signatures of the S3 documentation', () => {
  const first = 'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648';
  const second = '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497';
  const last = 'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9';

  function signature(): Signature {
    const put = wire(
      '/examplebucket/chunkObject.txt',
      [
        'content-encoding',
        'content-length',
        'host',
        'x-amz-content-sha256',
        'x-amz-date',
        'x-amz-decoded-content-length',
        'x-amz-storage-class',
      ],
      '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
      {
        host: 's3.amazonaws.com',
        'x-amz-storage-class': 'REDUCED_REDUNDANCY',
        'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
        'content-encoding': 'aws-chunked',
        'x-amz-decoded-content-length': '66560',
        'content-length': '66824',
      },
    );
    return verifySignature({ ...put, method: 'PUT' }, expected);
  }

  function body(signatures: string[], letter = 'a'): string {
    const [one, two, end] = signatures;
    const data = `10000;chunk-signature=${one}\r\n${'a'.repeat(65535)}${letter}\r\n400;chunk-signature=${two}\r\n${'a'.repeat(1024)}\r\n`;
    return `${data}0;chunk-signature=${end}\r\n\r\n`;
  }

  async function decode(text: string, step: number): Promise<string> {
    async function* source(): AsyncGenerator<Buffer> {
      const all = Buffer.from(text);
      for (let at = 0; at < all.length; at += step) yield all.subarray(at, at + step);
    }
    const framing = { signature: signature(), trailer: null, length: 66560, onTrailer: () => {} };
    let out = '';
    for await (const part of decodeChunks(source(), framing)) out += part.toString();
    return out;
  }

  test.each([1, 7, 1000, 65_536, 100_000])('verify however the bytes arrive (%i at a time)', async (step) => {
    expect(await decode(body([first, second, last]), step)).toBe('a'.repeat(66560));
  });

  test('a changed byte or a changed order is noticed', async () => {
    await expect(decode(body([first, second, last], 'b'), 9000)).rejects.toMatchObject({
      code: 'SignatureDoesNotMatch',
    });
    await expect(decode(body([second, first, last]), 9000)).rejects.toMatchObject({
      code: 'SignatureDoesNotMatch',
    });
    await expect(decode(body([first, second, first]), 9000)).rejects.toMatchObject({
      code: 'SignatureDoesNotMatch',
    });
  });
});
